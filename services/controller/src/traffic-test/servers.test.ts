import type { IPPool, Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { hasNat, readyServers } from './servers.ts';

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

describe('readyServers', () => {
  it('leaves out those that are being deleted', () => {
    expect(readyServers([pod({ node: 'a' }), pod({ node: 'b', isReady: false, isGoing: true })], 'c')).toEqual([
      { node: 'a', address: '10.8.0.1' },
    ]);
  });

  it.each([
    { name: 'there is none', pods: [], says: 'there is no pod of c' },
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
    expect(() => readyServers(pods, 'c')).toThrow(says);
  });
});

describe('hasNat', () => {
  const pools = [
    { metadata: { name: 'one' }, spec: { cidr: '10.8.0.0/16', natOutgoing: true } },
    { metadata: { name: 'two' }, spec: { cidr: '10.9.0.0/16' } },
  ] as IPPool[];

  it.each([
    ['10.8.255.255', true],
    ['10.9.0.0', false],
  ])('of %s is %s', (address, is) => {
    expect(hasNat(pools, address)).toBe(is);
  });

  it('refuses an address of no pool', () => {
    expect(() => hasNat(pools, '10.10.0.1')).toThrow('10.10.0.1 is in no pool');
  });
});
