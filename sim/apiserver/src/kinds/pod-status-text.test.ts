import { describe, expect, it } from 'vitest';
import { podStatusText, type ShownPod } from './pod-status-text.ts';

type Status = NonNullable<ShownPod['status']>;

function shown(status: Status, more: Partial<ShownPod> = {}): string {
  return podStatusText({ metadata: {}, spec: { containers: [{ name: 'c' }] }, ...more, status });
}

const ended = { state: { terminated: { exitCode: 0, reason: 'Completed' } } };
const runs = { name: 'c', ready: true, state: { running: {} } };
const INIT = { spec: { containers: [{ name: 'c' }], initContainers: [{ name: 'a' }, { name: 'b' }] } };
const SIDECAR = { spec: { containers: [{ name: 'c' }], initContainers: [{ name: 'a', restartPolicy: 'Always' }] } };
const READY = [{ type: 'Ready', status: 'True' }];

const CASES: readonly (readonly [expected: string, status: Status, more?: Partial<ShownPod>])[] = [
  ['Unknown', {}],
  ['Pending', { phase: 'Pending' }],
  ['Evicted', { phase: 'Failed', reason: 'Evicted' }],
  [
    'CrashLoopBackOff',
    { phase: 'Running', containerStatuses: [{ state: { waiting: { reason: 'CrashLoopBackOff' } } }] },
  ],
  ['ExitCode:3', { phase: 'Running', containerStatuses: [{ state: { terminated: { exitCode: 3 } } }] }],
  ['Signal:9', { phase: 'Running', containerStatuses: [{ state: { terminated: { exitCode: 0, signal: 9 } } }] }],
  ['Completed', { phase: 'Succeeded', containerStatuses: [ended] }],
  ['Running', { phase: 'Running', conditions: READY, containerStatuses: [ended, runs] }],
  ['NotReady', { phase: 'Running', containerStatuses: [ended, runs] }],
  ['Init:0/2', { phase: 'Pending', initContainerStatuses: [{ name: 'a', state: { running: {} } }] }, INIT],
  ['Init:1/2', { phase: 'Pending', initContainerStatuses: [{ name: 'a', ...ended }, { name: 'b' }] }, INIT],
  [
    'Init:ErrImagePull',
    { phase: 'Pending', initContainerStatuses: [{ name: 'a', state: { waiting: { reason: 'ErrImagePull' } } }] },
    INIT,
  ],
  [
    'Init:ExitCode:4',
    { phase: 'Pending', initContainerStatuses: [{ name: 'a', state: { terminated: { exitCode: 4 } } }] },
    INIT,
  ],
  [
    'Running',
    {
      phase: 'Running',
      initContainerStatuses: [{ name: 'a', started: true, state: { running: {} } }],
      containerStatuses: [runs],
    },
    SIDECAR,
  ],
  [
    'SchedulingGated',
    { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated' }] },
  ],
  ['Terminating', { phase: 'Running' }, { metadata: { deletionTimestamp: 't' } }],
  ['Unknown', { phase: 'Running', reason: 'NodeLost' }, { metadata: { deletionTimestamp: 't' } }],
  ['Succeeded', { phase: 'Succeeded' }, { metadata: { deletionTimestamp: 't' } }],
];

describe('podStatusText', () => {
  it.each(CASES.map(([expected, status, more = {}]) => [expected, status, more] as const))(
    '%s',
    (expected, status, more) => {
      expect(shown(status, more)).toBe(expected);
    },
  );
});
