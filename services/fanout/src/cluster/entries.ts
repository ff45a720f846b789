import type { NodeEntry, PoolEntry, RouteEntry } from '@margay/feed-core';
import { addressAt, hostCidr, parseAddress, parseCidr, parseInterfaceAddress } from '@margay/ip';
import { ANNOTATION, type IPAMBlock, type IPPool, type Node } from '@margay/model';

// What the objects of the API say to every node. A malformed field throws
// (IpError): the caller keeps what it knew and logs, it never reads a fault
// as "nothing there".

/** A node without the address that its agent reports is not reachable yet: no entry. */
export function nodeEntry(node: Node): NodeEntry | undefined {
  const reported = node.metadata.annotations?.[ANNOTATION.nodeAddress];
  if (reported === undefined || reported === '') return undefined;
  const { address, network } = parseInterfaceAddress(reported);
  const tunnel = node.metadata.annotations?.[ANNOTATION.nodeIpipTunnelAddress];
  return {
    kind: 'node',
    name: node.metadata.name,
    address,
    subnet: network,
    ...(tunnel ? { ipipTunnelAddress: parseAddress(tunnel) } : {}),
  };
}

/** A disabled pool still decides encapsulation and NAT of the addresses it gave out (as Calico does). */
export function poolEntry(pool: IPPool): PoolEntry {
  const { cidr, ipipMode = 'Never', natOutgoing = false, disabled = false } = pool.spec;
  return { kind: 'pool', cidr: parseCidr(cidr), ipipMode, natOutgoing, disabled };
}

/** The block itself, and every address in it that lives on another node than the block's. */
export function routeEntries(block: IPAMBlock): RouteEntry[] {
  const { affinity, allocations, attributes } = block.spec;
  const cidr = parseCidr(block.spec.cidr);
  const owner = affinity?.startsWith('host:') ? affinity.slice('host:'.length) : undefined;
  const routes: RouteEntry[] = owner === undefined ? [] : [{ kind: 'route', cidr, node: owner }];
  for (const [ordinal, attribute] of allocations.entries()) {
    if (attribute === null) continue;
    const node = attributes[attribute]?.secondary?.node;
    if (node !== undefined && node !== owner) {
      routes.push({ kind: 'route', cidr: hostCidr(addressAt(cidr, ordinal)), node });
    }
  }
  return routes;
}
