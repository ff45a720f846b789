import type { Node, Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { type ClusterState, waitingFor } from './waiting-for.ts';

const ready: Node = { metadata: { name: 'n1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
const running: Pod = {
  metadata: { namespace: 'default', name: 'a' },
  spec: { nodeName: 'n1' },
  status: { phase: 'Running', podIP: '10.244.0.1' },
};
const well: ClusterState = {
  apiAnswers: true,
  expectedNodes: ['n1'],
  missingPods: [],
  nodes: [ready],
  pods: [running],
  processes: [{ spec: { name: 'ipam', role: 'ipam', command: ['ipam'] }, pid: 7, restarts: 0, lastEnd: '' }],
};
const waiting = (message: string): Pod => ({
  ...running,
  status: { phase: 'Pending', containerStatuses: [{ state: { waiting: { message } } }] },
});

describe('waitingFor', () => {
  it.each<[string, Partial<ClusterState>, string[]]>([
    ['nothing when all is well', {}, []],
    ['the API server', { apiAnswers: false }, ['The API server does not answer yet.']],
    [
      'a process, with how it ended',
      {
        processes: [
          {
            spec: { name: 'ipam', role: 'ipam', command: [] },
            pid: 0,
            restarts: 1,
            lastEnd: 'it ended with exit code 3',
          },
        ],
      },
      ['Process ipam is down: it ended with exit code 3.'],
    ],
    ['a node that has not registered', { nodes: [] }, ['Node n1 is not registered yet.']],
    [
      'a node, with its reason',
      {
        nodes: [
          {
            metadata: { name: 'n1' },
            status: { conditions: [{ type: 'Ready', status: 'False', message: 'no network.' }] },
          },
        ],
      },
      ['Node n1 is not Ready: no network.'],
    ],
    ['a pod that is not created', { missingPods: ['default/b'] }, ['Pod default/b is not created yet.']],
    [
      'a pod without a node',
      { pods: [{ ...running, spec: {}, status: {} }] },
      ['Pod default/a has no node yet: no Ready node fits.'],
    ],
    [
      'a pod, with its reason',
      { pods: [waiting('the pool is full')] },
      ['Pod default/a is Pending: the pool is full.'],
    ],
    ['nothing for a pod that has ended', { pods: [{ ...running, status: { phase: 'Succeeded' } }] }, []],
    [
      'nothing for a pod that is being deleted',
      { pods: [{ ...running, metadata: { ...running.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }] },
      [],
    ],
  ])('tells of %s', (_, change, expected) => {
    expect(waitingFor({ ...well, ...change })).toEqual(expected);
  });
});
