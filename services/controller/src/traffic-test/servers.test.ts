import type { DaemonSet, IPPool, Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { goesAsNode, readyServers } from './servers.ts';

function pod({
  node,
  isReady = true,
  status = {},
  isGoing = false,
}: {
  node?: string;
  isReady?: boolean;
  status?: object;
  isGoing?: boolean;
}): Pod {
  return {
    metadata: { name: 'p', ...(isGoing && { deletionTimestamp: '2030-01-01T00:00:00Z' }) },
    ...(node !== undefined && { spec: { nodeName: node } }),
    status: { podIP: '10.8.0.1', conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }], ...status },
  };
}

function daemonSet(status: DaemonSet['status'] = { observedGeneration: 1, desiredNumberScheduled: 1 }): DaemonSet {
  return { metadata: { name: 'c', generation: 1 }, ...(status && { status }) };
}

describe('readyServers', () => {
  it('leaves out those that are being deleted', () => {
    const pods = [pod({ node: 'a' }), pod({ node: 'b', isReady: false, isGoing: true })];
    expect(readyServers(daemonSet(), pods)).toEqual([{ node: 'a', address: '10.8.0.1' }]);
  });

  it.each([
    { name: 'a pod was not made', desired: 2, says: 'c: 1 of 2 pods are there' },
    { name: 'no node is chosen', desired: 0, says: 'no node is to have a pod of c' },
    { name: 'nothing is counted yet', says: 'has not placed the DaemonSet c yet' },
    { name: 'the count is of an older one', desired: 1, generation: 0, says: 'has not placed the DaemonSet c yet' },
  ])('does not take the pods that are there for all when $name', ({ desired, generation = 1, says }) => {
    const status = {
      observedGeneration: generation,
      ...(desired !== undefined && { desiredNumberScheduled: desired }),
    };
    expect(() => readyServers(daemonSet(status), [pod({ node: 'a' })])).toThrow(says);
  });

  it.each([
    { name: 'there is none', pods: [], says: 'c: 0 of 1 pods are there' },
    { name: 'one has no node', pods: [pod({ isReady: false })], says: 'not ready: on no node (no reason is known)' },
    {
      name: 'the kubelet says why',
      pods: [
        pod({
          node: 'a',
          isReady: false,
          status: { containerStatuses: [{ state: { waiting: { reason: 'R', message: 'M' } } }] },
        }),
      ],
      says: 'not ready: a (R: M)',
    },
    {
      name: 'a condition says why',
      pods: [
        pod({ node: 'a', status: { conditions: [{ type: 'PodScheduled', status: 'False', message: 'no room' }] } }),
      ],
      says: 'not ready: a (no room)',
    },
  ])('says why when $name', ({ pods, says }) => {
    expect(() => readyServers(daemonSet(), pods)).toThrow(says);
  });
});

describe('goesAsNode', () => {
  const pools = [
    { metadata: { name: 'one' }, spec: { cidr: '10.8.0.0/16', natOutgoing: true } },
    { metadata: { name: 'two' }, spec: { cidr: '10.9.0.0/16' } },
    { metadata: { name: 'three' }, spec: { cidr: '10.11.0.0/16', natOutgoing: false, ipipMode: 'Always' } },
  ] as IPPool[];

  it.each([
    ['10.8.255.255', true],
    ['10.9.0.0', false],
    ['10.11.0.1', true],
  ])('of %s is %s', (address, is) => {
    expect(goesAsNode(pools, address)).toBe(is);
  });

  it('refuses an address of no pool', () => {
    expect(() => goesAsNode(pools, '10.10.0.1')).toThrow('10.10.0.1 is in no pool');
  });
});
