import type { Node } from '@margay/model';
import { createFakeClock, MemoryStore } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NODE_LEASE_NAMESPACE, renewLease } from '../nodes/node/node-lease.ts';
import { planBindings } from '../scheduler/plan-bindings.ts';
import { SILENT } from '../test-support/silent-logger.ts';
import { NODE_GRACE_MS, STARTUP_GRACE_MS } from './heartbeats.ts';
import { runNodeHealth, UNREACHABLE_TAINT } from './node-health.ts';

const READY = { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: 'then' }] };

describe('runNodeHealth', () => {
  let store: MemoryStore;
  let clock: ReturnType<typeof createFakeClock>;
  let nodes: Node[];
  let stop: AbortController;
  let running: Promise<void>;

  beforeEach(async () => {
    store = new MemoryStore();
    clock = createFakeClock();
    stop = new AbortController();
    for (const name of ['a', 'b']) {
      await store.create('Node', {
        metadata: { name },
        spec: { taints: [{ key: 'mine', effect: 'NoSchedule' }] },
        status: READY,
      } as Node);
      await renewLease({ store, clock, node: name });
    }
    nodes = (await store.list('Node')).items;
    running = runNodeHealth({ nodes: () => nodes, store, clock, logger: SILENT, signal: stop.signal });
    await clock.waitForSleepers(1);
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  /** Seconds pass, in each of which these nodes are heard, and the daemon's view follows. */
  const pass = async (seconds: number, ...heard: string[]): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      for (const node of heard) await renewLease({ store, clock, node });
      await clock.advance(1_000);
      nodes = (await store.list('Node')).items;
    }
  };
  const ready = (name: string): object | undefined =>
    nodes.find(({ metadata }) => metadata.name === name)?.status?.conditions?.find(({ type }) => type === 'Ready');
  const taints = (name: string): string[] =>
    nodes.find(({ metadata }) => metadata.name === name)?.spec?.taints?.map(({ key }) => key) ?? [];

  it('gives up a silent node, and keeps pods off it, while the others stay', async () => {
    await pass(NODE_GRACE_MS / 1000 - 2, 'a');
    expect(ready('b')).toMatchObject({ status: 'True' });
    await pass(6, 'a');
    expect(ready('b')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown', lastHeartbeatTime: 'then' });
    expect(taints('b')).toEqual(['mine', UNREACHABLE_TAINT.key]);
    expect(ready('a')).toMatchObject({ status: 'True' });
    expect(taints('a')).toEqual(['mine']);
    const pods = ['1', '2'].map((name) => ({ metadata: { name, namespace: 'default' } }));
    expect(planBindings(pods, nodes).map(({ node }) => node)).toEqual(['a', 'a']);
  });

  it('leaves a node alone that speaks again, and takes the taint off once its kubelet says Ready', async () => {
    await pass(16, 'a');
    await pass(4, 'a', 'b');
    expect(ready('b')).toMatchObject({ status: 'Unknown' });
    await store.patch('Node', { name: 'b' }, { status: READY }, { subresource: 'status' });
    await pass(20, 'a', 'b');
    expect(ready('b')).toMatchObject({ status: 'True' });
    expect(taints('b')).toEqual(['mine']);
  });

  it('blames no node for an API that was away', async () => {
    store.setOutage(true);
    await clock.advance(60_000);
    store.setOutage(false);
    await pass(NODE_GRACE_MS / 1000 - 2);
    expect([ready('a'), ready('b')]).toMatchObject([{ status: 'True' }, { status: 'True' }]);
    await pass(6);
    expect([ready('a'), ready('b')]).toMatchObject([{ status: 'Unknown' }, { status: 'Unknown' }]);
  });

  it('gives a node that was never heard more time', async () => {
    await store.create('Node', { metadata: { name: 'new' } });
    await pass(STARTUP_GRACE_MS / 1000 - 2, 'a', 'b');
    expect(ready('new')).toBeUndefined();
    await pass(6, 'a', 'b');
    expect(ready('new')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusNeverUpdated' });
  });
});

describe('renewLease', () => {
  it('makes no lease for a node that is gone', async () => {
    const store = new MemoryStore();
    await renewLease({ store, clock: createFakeClock(), node: 'gone' });
    expect((await store.list('Lease', { namespace: NODE_LEASE_NAMESPACE })).items).toEqual([]);
  });
});
