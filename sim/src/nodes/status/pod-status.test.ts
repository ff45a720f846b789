import type { Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import type { ContainerState } from './container-state.ts';
import { type PodObservation, podStatus } from './pod-status.ts';

const now = '2026-01-01T00:00:10Z';
const earlier = '2026-01-01T00:00:00Z';
const running: ContainerState = { kind: 'running', startedAt: earlier };
const ended = (exitCode: number): ContainerState => ({
  kind: 'terminated',
  exitCode,
  startedAt: earlier,
  finishedAt: now,
});
const pod = (restartPolicy?: string): Pod => ({
  metadata: { name: 'a', namespace: 'default' },
  spec: { containers: [{ name: 'x' }, { name: 'y' }], ...(restartPolicy !== undefined && { restartPolicy }) },
});
const observe = (states: ContainerState[], change: Partial<PodObservation> = {}): PodObservation => ({
  nodeAddress: '192.0.2.10',
  sandbox: { containerId: 'c1', addresses: ['10.8.1.5'] },
  containers: states.map((state, index) => ({ name: index === 0 ? 'x' : 'y', restartCount: 0, state })),
  unservedPorts: [],
  now,
  ...change,
});
const condition = (status: ReturnType<typeof podStatus>, type: string) =>
  status.conditions?.find((each) => each.type === type);

describe('podStatus', () => {
  it.each([
    { policy: undefined, states: [running, running], phase: 'Running', ready: 'True' },
    { policy: undefined, states: [running, ended(1)], phase: 'Running', ready: 'False' },
    { policy: 'Never', states: [ended(0), running], phase: 'Running', ready: 'False' },
    { policy: 'Never', states: [ended(0), ended(0)], phase: 'Succeeded', ready: 'False' },
    { policy: 'Never', states: [ended(0), ended(1)], phase: 'Failed', ready: 'False' },
    { policy: 'OnFailure', states: [ended(0), ended(0)], phase: 'Succeeded', ready: 'False' },
  ])('$phase, Ready $ready with policy $policy', ({ policy, states, phase, ready }) => {
    const status = podStatus(pod(policy), observe(states));
    expect(status.phase).toBe(phase);
    expect(condition(status, 'Ready')?.status).toBe(ready);
    expect(status).toMatchObject({ podIP: '10.8.1.5', podIPs: [{ ip: '10.8.1.5' }], hostIP: '192.0.2.10' });
  });

  it('is Pending without a sandbox, and says why its containers wait', () => {
    const waiting: ContainerState = { kind: 'waiting', reason: 'ContainerCreating', message: 'no address is free' };
    const status = podStatus(pod(), observe([waiting], { sandbox: undefined }));
    expect(status.phase).toBe('Pending');
    expect(status).not.toHaveProperty('podIP');
    expect(JSON.stringify(status.containerStatuses)).toContain('no address is free');
  });

  it('keeps the time of a condition that has not changed, and the conditions of others', () => {
    const before = podStatus(pod(), observe([running, running], { now: earlier }));
    const foreign = { type: 'example.org/gate', status: 'True' as const };
    const known: Pod = { ...pod(), status: { ...before, conditions: [...(before.conditions ?? []), foreign] } };
    const after = podStatus(known, observe([running, ended(1)]));
    expect(condition(after, 'PodScheduled')?.lastTransitionTime).toBe(earlier);
    expect(condition(after, 'Ready')?.lastTransitionTime).toBe(now);
    expect(after.conditions).toContainEqual(foreign);
    expect(after.startTime).toBe(earlier);
  });

  it('marks ports that are not served', () => {
    const status = podStatus(pod(), observe([running, running], { unservedPorts: ['this kernel has no sctp'] }));
    expect(condition(status, 'PortsServed')).toMatchObject({ status: 'False', reason: 'PortProtocolUnsupported' });
    expect(condition(status, 'Ready')?.status).toBe('True');
  });
});
