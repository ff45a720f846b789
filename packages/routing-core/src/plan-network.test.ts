import type { EncapsulationMode, NodeEntry, PoolEntry, RouteEntry } from '@margay/feed-core';
import { cidrContains, parseAddress, parseCidr } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type NetworkView, planNetwork } from './plan-network.ts';
import { describeRoute, isEmptyPlan, planRoutes } from './plan-routes.ts';

const AT_HOME = '192.0.2.2';
const ELSEWHERE = '198.51.100.3';

describe('planNetwork', () => {
  it.each<{ mode: EncapsulationMode; address: string; want: string[] }>([
    { mode: 'Always', address: AT_HOME, want: [`10.8.1.0/26 via ${AT_HOME} dev margay.ipip onlink`] },
    { mode: 'Always', address: ELSEWHERE, want: [`10.8.1.0/26 via ${ELSEWHERE} dev margay.ipip onlink`] },
    { mode: 'CrossSubnet', address: AT_HOME, want: [`10.8.1.0/26 via ${AT_HOME} dev eth0`] },
    { mode: 'CrossSubnet', address: ELSEWHERE, want: [`10.8.1.0/26 via ${ELSEWHERE} dev margay.ipip onlink`] },
    { mode: 'Never', address: AT_HOME, want: [`10.8.1.0/26 via ${AT_HOME} dev eth0`] },
    { mode: 'Never', address: ELSEWHERE, want: [] },
  ])('routes a remote block: $mode, node at $address', ({ mode, address, want }) => {
    expect(routesOf({ pools: [pool('10.8.0.0/16', mode)], nodes: [node('b', address)] })).toEqual(want);
  });

  it('drops at the own block, and reaches the own pods', () => {
    const routes = routesOf({
      routes: [block('10.8.0.0/26', 'a')],
      pods: [{ address: parseAddress('10.8.0.5'), device: 'mgy1' }],
    });
    expect(routes).toEqual(['blackhole 10.8.0.0/26', '10.8.0.5/32 dev mgy1']);
  });

  it.each([
    { name: 'has no blackhole for a borrowed address of its own', routes: [block('10.8.0.5/32', 'a')] },
    { name: 'skips a block of an unknown node', routes: [block('10.8.1.0/26', 'nobody')] },
    { name: 'skips a block outside every pool', routes: [block('10.99.0.0/26', 'b')] },
    { name: 'skips an own block outside every pool', routes: [block('10.99.0.0/26', 'a')] },
  ])('$name', ({ routes }) => {
    expect(routesOf({ routes })).toEqual([]);
  });

  it('keeps the pod when the same address is announced elsewhere', () => {
    const routes = routesOf({
      routes: [block('10.8.0.5/32', 'b')],
      pods: [{ address: parseAddress('10.8.0.5'), device: 'mgy1' }],
    });
    expect(routes).toEqual(['10.8.0.5/32 dev mgy1']);
  });

  it('routes nothing into a tunnel that it does not have yet, and asks for an address', () => {
    const { tunnelAddress: _, ...view } = viewOf({});
    const plan = planNetwork(view);
    expect({ routes: plan.routes, ipip: plan.ipip, needs: plan.needsTunnelAddress }).toEqual({
      routes: [],
      ipip: undefined,
      needs: true,
    });
  });

  it('accepts a node’s own address from that node, also before it has a block, and never its own', () => {
    const nodes = [node('a', '192.0.2.1'), node('b', AT_HOME), node('c', ELSEWHERE), node('twin', ELSEWHERE)];
    expect(planNetwork(viewOf({ nodes, routes: [] })).ipip?.remotes).toEqual([
      { network: `${AT_HOME}/32`, node: AT_HOME },
      { network: `${ELSEWHERE}/32`, node: ELSEWHERE },
    ]);
  });

  it('accepts the blocks of every pool while it holds a tunnel address, so that a mode can change under traffic', () => {
    const plan = planNetwork(
      viewOf({
        pools: [pool('10.8.0.0/16', 'Never'), pool('10.9.0.0/16', 'Always')],
        routes: [block('10.9.1.0/26', 'b'), block('10.8.1.0/26', 'b'), block('10.8.0.0/26', 'a')],
      }),
    );
    expect(plan.ipip).toEqual({
      device: 'margay.ipip',
      address: '10.8.0.1',
      mtuBytes: 1480,
      underlay: { device: 'eth0', address: '192.0.2.1' },
      remotes: [
        { network: '10.8.1.0/26', node: AT_HOME },
        { network: '10.9.1.0/26', node: AT_HOME },
        { network: `${AT_HOME}/32`, node: AT_HOME },
      ],
    });
  });

  it.each<{ modes: EncapsulationMode[]; mtuBytes: number; needs: boolean }>([
    { modes: ['Never'], mtuBytes: 1500, needs: false },
    { modes: ['Never', 'CrossSubnet'], mtuBytes: 1480, needs: true },
    { modes: [], mtuBytes: 1500, needs: false },
  ])('gives pods an MTU that fits $modes', ({ modes, mtuBytes, needs }) => {
    const pools = modes.map((mode, index) => pool(`10.${8 + index}.0.0/16`, mode));
    const plan = planNetwork(viewOf({ pools }));
    expect([plan.podMtuBytes, plan.needsTunnelAddress]).toEqual([mtuBytes, needs]);
  });

  it('masquerades the pools that ask for it, and never towards any pool', () => {
    const pools = [{ ...pool('10.9.0.0/16', 'Never'), natOutgoing: false }, pool('10.8.0.0/16', 'Never')];
    const plan = planNetwork(viewOf({ pools }));
    expect([plan.natPools, plan.clusterNetworks]).toEqual([['10.8.0.0/16'], ['10.8.0.0/16', '10.9.0.0/16']]);
  });

  it.each<{ mode: EncapsulationMode; natOutgoing: boolean; want: string[] }>([
    { mode: 'Always', natOutgoing: false, want: ['10.8.0.0/16'] },
    { mode: 'CrossSubnet', natOutgoing: false, want: ['10.8.0.0/16'] },
    { mode: 'Never', natOutgoing: false, want: [] },
    // What leaves is masqueraded already.
    { mode: 'Always', natOutgoing: true, want: [] },
  ])('masquerades on the way to nodes: $mode, natOutgoing $natOutgoing', ({ mode, natOutgoing, want }) => {
    const pools = [pool('10.9.0.0/16', 'Never'), { ...pool('10.8.0.0/16', mode), natOutgoing }];
    expect(planNetwork(viewOf({ pools })).natToNodes).toEqual(want);
  });

  it('does not depend on order, has one route a destination, and sends into the tunnel only what the tunnel knows', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const plan = planNetwork(view);
        const reversed = planNetwork({
          ...view,
          nodes: [...view.nodes].toReversed(),
          pools: [...view.pools].toReversed(),
          routes: [...view.routes].toReversed(),
          pods: [...view.pods].toReversed(),
        });
        expect(reversed).toEqual(plan);
        expect(isEmptyPlan(planRoutes(plan.routes, plan.routes))).toBe(true);
        for (const route of plan.routes.filter(({ device }) => device === 'margay.ipip')) {
          expect(plan.ipip?.remotes).toContainEqual({ network: route.destination, node: route.gateway });
        }
        for (const route of plan.routes) {
          expect(plan.clusterNetworks.some((network) => cidrContains(network, route.destination))).toBe(true);
        }
      }),
    );
  });
});

const anyMode = fc.constantFrom<EncapsulationMode>('Always', 'CrossSubnet', 'Never');
const anyView = fc
  .record({
    modes: fc.array(anyMode, { minLength: 1, maxLength: 3 }),
    blocks: fc.uniqueArray(
      fc.record({ third: fc.nat(3), second: fc.nat(3), node: fc.constantFrom('a', 'b', 'c', 'd') }),
      {
        selector: ({ second, third }) => `${second}.${third}`,
      },
    ),
    pods: fc.uniqueArray(fc.integer({ min: 2, max: 60 }), { maxLength: 5 }),
  })
  .map(({ modes, blocks, pods }) =>
    viewOf({
      nodes: [node('a', '192.0.2.1'), node('b', AT_HOME), node('c', ELSEWHERE)],
      pools: modes.map((mode, index) => pool(`10.${8 + index}.0.0/16`, mode)),
      routes: blocks.map(({ second, third, node: owner }) => block(`10.${8 + second}.${third}.0/26`, owner)),
      pods: pods.map((last) => ({ address: parseAddress(`10.8.0.${last}`), device: `mgy${last}` })),
    }),
  );

function viewOf(parts: Partial<NetworkView>): NetworkView {
  return {
    thisNode: 'a',
    underlay: { device: 'eth0', address: parseAddress('192.0.2.1'), subnet: parseCidr('192.0.2.0/24'), mtuBytes: 1500 },
    tunnelAddress: parseAddress('10.8.0.1'),
    nodes: [node('b', AT_HOME)],
    pools: [pool('10.8.0.0/16', 'Always')],
    routes: [block('10.8.1.0/26', 'b')],
    pods: [],
    ...parts,
  };
}

function routesOf(parts: Partial<NetworkView>): string[] {
  return planNetwork(viewOf(parts)).routes.map(describeRoute);
}

function node(name: string, address: string): NodeEntry {
  return { kind: 'node', name, address: parseAddress(address), subnet: parseCidr('192.0.2.0/24') };
}

function pool(cidr: string, ipipMode: EncapsulationMode): PoolEntry {
  return { kind: 'pool', cidr: parseCidr(cidr), ipipMode, natOutgoing: true, disabled: false };
}

function block(cidr: string, owner: string): RouteEntry {
  return { kind: 'route', cidr: parseCidr(cidr), node: owner };
}
