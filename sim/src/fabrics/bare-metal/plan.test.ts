import { parseAddress, parseCidr } from '@margay/ip';
import { describe, expect, it } from 'vitest';
import { defaultTopology } from '../../topology/default-topology.ts';
import { parseTopology } from '../../topology/parse-topology.ts';
import type { FabricPart } from '../part.ts';
import { planFabric, planNode } from './plan.ts';
import { planPodRoutes } from './plan-pod-routes.ts';

const topology = defaultTopology({ nodes: 3, podsPerNode: 0, mode: 'direct' });

function show(part: FabricPart): Record<string, string[]> {
  return {
    namespaces: [...part.namespaces],
    links: part.links.map(({ a, b }) => `${a.namespace}:${a.device} - ${b.namespace}:${b.device}`),
    addresses: part.addresses.map(
      ({ namespace, device, address }) => `${namespace}:${device} ${address.address}/${address.prefixLength}`,
    ),
    routes: part.routes.map(({ namespace, destination, gateway }) => `${namespace}: ${destination} via ${gateway}`),
  };
}

describe('planFabric', () => {
  it('joins the racks, the outside host and the control host by a spine', () => {
    expect(show(planFabric(topology))).toEqual({
      namespaces: ['spine', 'outside', 'router.tor-rack-1', 'switch.rack-1', 'router.tor-rack-2', 'switch.rack-2'],
      links: [
        'spine:outside - outside:eth0',
        'spine:control - control:eth0',
        'spine:router0 - router.tor-rack-1:spine',
        'router.tor-rack-1:rack0 - switch.rack-1:router',
        'spine:router1 - router.tor-rack-2:spine',
        'router.tor-rack-2:rack0 - switch.rack-2:router',
      ],
      addresses: [
        'spine:outside 203.0.113.1/24',
        'outside:eth0 203.0.113.10/24',
        'spine:control 198.51.100.1/24',
        'control:eth0 198.51.100.10/24',
        'spine:router0 198.18.0.0/31',
        'router.tor-rack-1:spine 198.18.0.1/31',
        'router.tor-rack-1:rack0 192.0.2.1/25',
        'spine:router1 198.18.0.2/31',
        'router.tor-rack-2:spine 198.18.0.3/31',
        'router.tor-rack-2:rack0 192.0.2.129/25',
      ],
      routes: [
        'outside: 0.0.0.0/0 via 203.0.113.1',
        'control: 0.0.0.0/0 via 198.51.100.1',
        'router.tor-rack-1: 0.0.0.0/0 via 198.18.0.0',
        'spine: 192.0.2.0/25 via 198.18.0.1',
        'router.tor-rack-2: 0.0.0.0/0 via 198.18.0.2',
        'spine: 192.0.2.128/25 via 198.18.0.3',
      ],
    });
  });

  it('knows nothing of pods and has no default route on the spine', () => {
    const { routes } = planFabric(topology);
    expect(routes.filter(({ namespace }) => namespace === 'spine').map(({ destination }) => destination)).toEqual(
      topology.racks.map(({ cidr }) => cidr),
    );
  });

  it('puts several racks behind one router when it is told to', () => {
    const shared = parseTopology(
      'nodes: [{name: a}, {name: b}, {name: c}]\nrouters: [{name: r, racks: [rack-1, rack-2]}]',
      't',
    );
    const { links, namespaces } = planFabric(shared);
    expect(namespaces).toEqual(['spine', 'outside', 'router.r', 'switch.rack-1', 'switch.rack-2']);
    expect(links.map(({ a, b }) => [a.device, b.namespace]).slice(3)).toEqual([
      ['rack0', 'switch.rack-1'],
      ['rack1', 'switch.rack-2'],
    ]);
  });
});

describe('planNode', () => {
  it('links a node to its rack and gives it the default route of its first interface', () => {
    const [node] = topology.nodes;
    expect(node && show(planNode(topology, node))).toEqual({
      namespaces: ['node.node-1'],
      links: [expect.stringMatching(/^node\.node-1:eth0 - switch\.rack-1:p[0-9a-f]{8}$/)],
      addresses: ['node.node-1:eth0 192.0.2.2/25'],
      routes: ['node.node-1: 0.0.0.0/0 via 192.0.2.1'],
    });
  });

  it('names no two devices of a namespace alike, and none longer than 15 bytes, with 250 nodes', () => {
    const large = defaultTopology({ nodes: 250, podsPerNode: 0, mode: 'direct' });
    const parts = [planFabric(large), ...large.nodes.map((node) => planNode(large, node))];
    const ends = parts.flatMap(({ links }) => links.flatMap(({ a, b }) => [a, b]));
    expect(new Set(ends.map(({ namespace, device }) => `${namespace}:${device}`)).size).toBe(ends.length);
    for (const { device } of ends) expect(device.length).toBeLessThanOrEqual(15);
  });
});

describe('planPodRoutes', () => {
  it('routes a block by the spine to its rack, and there to its node', () => {
    const block = { cidr: parseCidr('10.244.1.0/26'), rack: 'rack-2', nodeAddress: parseAddress('192.0.2.130') };
    expect(
      planPodRoutes(topology, [block]).map(({ namespace, destination, gateway }) => [namespace, destination, gateway]),
    ).toEqual([
      ['router.tor-rack-2', '10.244.1.0/26', '192.0.2.130'],
      ['spine', '10.244.1.0/26', '198.18.0.3'],
    ]);
  });
});
