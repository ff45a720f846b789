import type { IPAMBlock, IPPool, Node } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { defaultTopology } from '../topology/default-topology.ts';
import { placeBlocks } from './pod-routes.ts';

const topology = defaultTopology({ nodes: 3, podsPerNode: 0, mode: 'direct' });
const node = (name: string, address: string): Node => ({
  metadata: { name },
  status: { addresses: [{ type: 'InternalIP', address }] },
});
const pool = (cidr: string, ipipMode: 'Always' | 'Never'): IPPool => ({
  metadata: { name: 'p' },
  spec: { cidr, ipipMode },
});
const block = (cidr: string, affinity?: string): IPAMBlock => ({
  metadata: { name: 'b' },
  spec: {
    cidr,
    ...(affinity && { affinity }),
    allocations: [],
    unallocated: [],
    attributes: [],
    sequenceNumber: 0,
    sequenceNumberForAllocation: {},
  },
});

describe('placeBlocks', () => {
  const nodes = [node('node-1', '192.0.2.2'), node('node-3', '192.0.2.130')];
  it.each([
    {
      name: 'places a block of a plain pool at its node',
      mode: 'Never' as const,
      affinity: 'host:node-3',
      rack: ['rack-2'],
    },
    { name: 'leaves blocks of an encapsulated pool out', mode: 'Always' as const, affinity: 'host:node-3', rack: [] },
    { name: 'leaves a block without a node out', mode: 'Never' as const, affinity: undefined, rack: [] },
    { name: 'leaves a block of an unknown node out', mode: 'Never' as const, affinity: 'host:node-9', rack: [] },
  ])('$name', ({ mode, affinity, rack }) => {
    const pools = [pool('10.244.0.0/16', mode)];
    const places = placeBlocks(topology, { blocks: [block('10.244.1.0/26', affinity)], pools, nodes });
    expect(places.map((place) => place.rack)).toEqual(rack);
  });
});
