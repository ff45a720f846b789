import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SandboxRecord } from '../sandbox/record.ts';
import { type PodView, planPod } from './plan.ts';

const sandbox = (containerId: string, state: SandboxRecord['state']): SandboxRecord => ({
  version: 1,
  namespace: 'default',
  pod: 'a',
  uid: 'u1',
  containerId,
  netnsPath: `/var/run/netns/cni-${containerId}`,
  state,
  addresses: [],
  processes: [],
});
const pod = (change: Partial<PodView> = {}): PodView => ({ uid: 'u1', deleting: false, finished: false, ...change });

describe('planPod', () => {
  it.each([
    { name: 'starts a new pod', pod: pod(), records: [], running: [], action: { kind: 'start' } },
    { name: 'leaves a running pod', pod: pod(), records: [sandbox('c', 'ready')], running: ['c'], action: undefined },
    {
      name: 'resumes a sandbox of an earlier process',
      pod: pod(),
      records: [sandbox('c', 'ready')],
      running: [],
      action: { kind: 'resume', containerId: 'c' },
    },
    {
      name: 'undoes an ADD that a crash cut off',
      pod: pod(),
      records: [sandbox('c', 'adding')],
      running: [],
      action: { kind: 'remove', containerId: 'c' },
    },
    {
      name: 'removes what remains of a pod that is gone',
      pod: undefined,
      records: [sandbox('c', 'ready')],
      running: ['c'],
      action: { kind: 'remove', containerId: 'c' },
    },
    {
      name: 'removes the sandbox of a deleted pod before the pod',
      pod: pod({ deleting: true }),
      records: [sandbox('c', 'removing')],
      running: [],
      action: { kind: 'remove', containerId: 'c' },
    },
    { name: 'ends a deleted pod', pod: pod({ deleting: true }), records: [], running: [], action: { kind: 'finish' } },
    {
      name: 'frees the address of a finished pod',
      pod: pod({ finished: true }),
      records: [sandbox('c', 'ready')],
      running: ['c'],
      action: { kind: 'remove', containerId: 'c' },
    },
    {
      name: 'does not start a finished pod',
      pod: pod({ finished: true }),
      records: [],
      running: [],
      action: undefined,
    },
    {
      name: 'ends a deleted pod that never ran',
      pod: pod({ deleting: true, finished: true }),
      records: [],
      running: [],
      action: { kind: 'finish' },
    },
  ])('$name', ({ pod: view, records, running, action }) => {
    expect(planPod(view, records, new Set(running))).toEqual(action);
  });

  it('reaches the wanted state through any failures, crashes and changes of mind', () => {
    const event = fc.constantFrom('step', 'fail', 'crash', 'delete', 'force', 'finish-phase');
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const world = new World();
        for (const each of events) world.apply(each);
        world.settle();
        if (world.pod === undefined || world.pod.finished) expect(world.records).toEqual([]);
        else expect(world.records.map(({ state }) => state)).toEqual(['ready']);
        expect([...world.running]).toEqual(world.records.map(({ containerId }) => containerId));
        expect(world.mostReady).toBeLessThanOrEqual(1);
        expect(new Set(world.used).size).toBe(world.used.length);
        expect(world.finishedWithSandbox).toBe(false);
      }),
    );
  });
});

/** A pod and its sandboxes, without a kernel: each step may fail or be cut off half way. */
class World {
  pod: PodView | undefined = pod();
  records: SandboxRecord[] = [];
  running = new Set<string>();
  used: string[] = [];
  mostReady = 0;
  finishedWithSandbox = false;

  apply(event: string): void {
    if (event === 'step') this.#step(true);
    else if (event === 'fail') this.#step(false);
    else if (event === 'crash') this.running.clear();
    else if (event === 'force') this.pod = undefined;
    else if (event === 'delete') this.pod &&= { ...this.pod, deleting: true };
    else this.pod &&= { ...this.pod, finished: true };
  }

  settle(): void {
    for (let round = 0; planPod(this.pod, this.records, this.running); round += 1) {
      if (round > 100) throw new Error('the plan does not come to rest');
      this.#step(true);
    }
  }

  #step(succeeds: boolean): void {
    const action = planPod(this.pod, this.records, this.running);
    switch (action?.kind) {
      case 'start': {
        const id = `c${this.used.length}`;
        this.used.push(id);
        this.records.push(sandbox(id, succeeds ? 'ready' : 'adding'));
        if (succeeds) this.running.add(id);
        break;
      }
      case 'resume':
        if (succeeds) this.running.add(action.containerId);
        break;
      case 'remove':
        this.running.delete(action.containerId);
        this.records = this.records.flatMap((record) => {
          if (record.containerId !== action.containerId) return [record];
          return succeeds ? [] : [{ ...record, state: 'removing' as const }];
        });
        break;
      case 'finish':
        this.finishedWithSandbox ||= this.records.length > 0;
        if (succeeds) this.pod = undefined;
    }
    this.mostReady = Math.max(this.mostReady, this.records.filter(({ state }) => state === 'ready').length);
  }
}
