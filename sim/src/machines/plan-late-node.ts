import { cidrContains, type IpAddress, tryParseAddress } from '@margay/ip';
import type { Node } from '@margay/model';
import { hostAddresses, isHostAddress } from '../topology/default-topology.ts';
import { isDnsLabel } from '../topology/names.ts';
import type { NodeSpec, Rack, Topology } from '../topology/types.ts';

/** Says in which rack, and at which address, a Node that is created through the API gets its machine. */
export const NODE_RACK_ANNOTATION = 'sim.margay.dev/rack';
export const NODE_ADDRESS_ANNOTATION = 'sim.margay.dev/address';

/**
 * The machine for a Node that was created while the simulation runs: in the
 * rack and at the address that it asks for, else in the rack with the fewest
 * nodes at the first free address. Pure.
 */
export function planLateNode(
  topology: Topology,
  node: Node,
): { readonly spec: NodeSpec } | { readonly refusal: string } {
  const { name, annotations, labels } = node.metadata;
  if (!isDnsLabel(name)) return { refusal: `node ${name} cannot have a machine: its name cannot be a host name` };
  const asked = annotations?.[NODE_ADDRESS_ANNOTATION] ?? internalAddress(node);
  const address = asked === undefined ? undefined : tryParseAddress(asked);
  if (asked !== undefined && address === undefined) return { refusal: `node ${name}: '${asked}' is not an IP address` };
  const rackName = annotations?.[NODE_RACK_ANNOTATION] ?? labels?.[NODE_RACK_ANNOTATION];
  const rack = chooseRack(topology, rackName, address);
  if (rack === undefined) {
    const wanted = rackName === undefined ? `${asked} is in no rack` : `there is no rack '${rackName}'`;
    return { refusal: `node ${name}: ${wanted}; the racks are ${topology.racks.map(describeRack).join(', ')}` };
  }
  const used = usedAddresses(topology);
  if (address !== undefined) {
    const owner = used.get(address);
    if (owner !== undefined) return { refusal: `node ${name}: ${address} is the address of ${owner} already` };
    if (!cidrContains(rack.cidr, address) || !isHostAddress(rack.cidr, address)) {
      return { refusal: `node ${name}: ${address} is no host address of rack ${describeRack(rack)}` };
    }
  }
  const chosen = address ?? hostAddresses(rack).find((candidate) => !used.has(candidate));
  if (chosen === undefined) return { refusal: `node ${name}: rack ${describeRack(rack)} has no free address left` };
  return { spec: { name, interfaces: [{ name: 'eth0', rack: rack.name, address: chosen }] } };
}

function chooseRack(topology: Topology, name: string | undefined, address: IpAddress | undefined): Rack | undefined {
  if (name !== undefined) return topology.racks.find((rack) => rack.name === name);
  if (address !== undefined) return topology.racks.find(({ cidr }) => cidrContains(cidr, address));
  const load = ({ name: rack }: Rack): number =>
    topology.nodes.filter(({ interfaces }) => interfaces[0].rack === rack).length;
  return topology.racks.toSorted((a, b) => load(a) - load(b))[0];
}

function usedAddresses(topology: Topology): Map<IpAddress, string> {
  return new Map([
    ...topology.racks.map(({ gateway, name }) => [gateway, `the gateway of rack ${name}`] as const),
    ...topology.nodes.flatMap(({ name, interfaces }) =>
      interfaces.map(({ address }) => [address, `node ${name}`] as const),
    ),
  ]);
}

function internalAddress(node: Node): string | undefined {
  return node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
}

function describeRack({ name, cidr }: Rack): string {
  return `${name} (${cidr})`;
}
