import { describe, expect, it } from 'vitest';
import { networksBehindRouter, placeNodes } from './plan.ts';
import { planPodRoutes } from './pod-routes.ts';

const ADDRESS = 'networking.margay.dev/ipv4-address';

describe('placeNodes', () => {
  it('puts all but the first two behind the router', () => {
    expect(placeNodes(['a', 'b', 'c', 'd']).map(({ node, rack, address }) => [node, rack.name, address])).toEqual([
      ['a', 'rack-1', '198.18.1.11'],
      ['b', 'rack-1', '198.18.1.12'],
      ['c', 'rack-2', '198.18.2.11'],
      ['d', 'rack-2', '198.18.2.12'],
    ]);
  });

  it('sends by the router what is not in the rack', () => {
    const [first] = placeNodes(['a', 'b']);
    expect(first && networksBehindRouter(first)).toEqual(['198.18.2.0/24', '198.19.9.0/24', '10.244.0.0/16']);
  });
});

describe('planPodRoutes', () => {
  const block = (cidr: string, node?: string) => ({
    metadata: { name: cidr },
    spec: {
      cidr,
      ...(node !== undefined && { affinity: `host:${node}` }),
      allocations: [],
      unallocated: [],
      attributes: [],
      sequenceNumber: 0,
      sequenceNumberForAllocation: {},
    },
  });
  const pool = (ipipMode: 'Always' | 'Never') => ({
    metadata: { name: 'p' },
    spec: { cidr: '10.244.0.0/16', ipipMode },
  });
  const nodes = [
    { metadata: { name: 'a', annotations: { [ADDRESS]: '198.18.1.11/24' } } },
    { metadata: { name: 'b' } },
  ];

  it('leads to the node that has the block, by its address in the fabric', () => {
    const blocks = [block('10.244.1.0/26', 'a'), block('10.244.2.0/26', 'b'), block('10.244.3.0/26')];
    expect(planPodRoutes({ blocks, nodes, pools: [pool('Never')] })).toEqual([
      { destination: '10.244.1.0/26', gateway: '198.18.1.11' },
    ]);
  });

  it('keeps quiet of encapsulated pools', () => {
    expect(planPodRoutes({ blocks: [block('10.244.1.0/26', 'a')], nodes, pools: [pool('Always')] })).toEqual([]);
  });
});
