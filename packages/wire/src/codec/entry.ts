import type { FeedEntry, MemberEntry, NodeEntry, PoolEntry, RouteEntry, SetEntry } from '@margay/feed-core';
import type { AddressSet } from '../generated/margay/feed/v1/AddressSet.ts';
import type { Entry, EntryInput } from '../generated/margay/feed/v1/Entry.ts';
import type { Member } from '../generated/margay/feed/v1/Member.ts';
import type { Node } from '../generated/margay/feed/v1/Node.ts';
import type { Pool } from '../generated/margay/feed/v1/Pool.ts';
import type { Route } from '../generated/margay/feed/v1/Route.ts';
import { bad, readAddress, readCidr, readEnum, readMessage, readText } from './fields.ts';
import { decodeEndpoint, decodePolicy, encodeEndpoint, encodePolicy } from './policy.ts';

const MODE_TO_WIRE = {
  Always: 'ENCAPSULATION_MODE_ALWAYS',
  CrossSubnet: 'ENCAPSULATION_MODE_CROSS_SUBNET',
  Never: 'ENCAPSULATION_MODE_NEVER',
} as const;
const MODE_FROM_WIRE = {
  ENCAPSULATION_MODE_ALWAYS: 'Always',
  ENCAPSULATION_MODE_CROSS_SUBNET: 'CrossSubnet',
  ENCAPSULATION_MODE_NEVER: 'Never',
} as const;
const SET_TYPE_TO_WIRE = { addresses: 'SET_TYPE_ADDRESSES', cidrs: 'SET_TYPE_CIDRS' } as const;
const SET_TYPE_FROM_WIRE = { SET_TYPE_ADDRESSES: 'addresses', SET_TYPE_CIDRS: 'cidrs' } as const;

/** `margay.feed.v1.Entry` of a feed entry. */
export function encodeEntry(entry: FeedEntry): EntryInput {
  switch (entry.kind) {
    case 'node': {
      const { name, address, subnet, ipipTunnelAddress } = entry;
      return { node: { name, address, subnet, ...(ipipTunnelAddress && { ipipTunnelAddress }) } };
    }
    case 'pool':
      return {
        pool: {
          cidr: entry.cidr,
          ipipMode: MODE_TO_WIRE[entry.ipipMode],
          natOutgoing: entry.natOutgoing,
          disabled: entry.disabled,
        },
      };
    case 'route':
      return { route: { cidr: entry.cidr, node: entry.node } };
    case 'policy':
      return { policy: encodePolicy(entry) };
    case 'set':
      return { set: { id: entry.id, type: SET_TYPE_TO_WIRE[entry.type] } };
    case 'member':
      return { member: { set: entry.set, member: entry.member } };
    case 'endpoint':
      return { endpoint: encodeEndpoint(entry) };
  }
}

/** @throws {WireError} `BAD_MESSAGE`, with the field. */
export function decodeEntry(entry: Entry): FeedEntry {
  switch (entry.value) {
    case 'node':
      return decodeNode(readMessage(entry.node, 'node'));
    case 'pool':
      return decodePool(readMessage(entry.pool, 'pool'));
    case 'route':
      return decodeRoute(readMessage(entry.route, 'route'));
    case 'policy':
      return decodePolicy(readMessage(entry.policy, 'policy'));
    case 'set':
      return decodeSet(readMessage(entry.set, 'set'));
    case 'member':
      return decodeMember(readMessage(entry.member, 'member'));
    case 'endpoint':
      return decodeEndpoint(readMessage(entry.endpoint, 'endpoint'));
    default:
      throw bad('entry.value', 'carries nothing that this version knows');
  }
}

function decodeNode({ name, address, subnet, ipipTunnelAddress }: Node): NodeEntry {
  return {
    kind: 'node',
    name: readText(name, 'node.name'),
    address: readAddress(address, 'node.address'),
    subnet: readCidr(subnet, 'node.subnet'),
    ...(ipipTunnelAddress !== '' && {
      ipipTunnelAddress: readAddress(ipipTunnelAddress, 'node.ipip_tunnel_address'),
    }),
  };
}

function decodePool({ cidr, ipipMode, natOutgoing, disabled }: Pool): PoolEntry {
  return {
    kind: 'pool',
    cidr: readCidr(cidr, 'pool.cidr'),
    ipipMode: readEnum(ipipMode, MODE_FROM_WIRE, 'pool.ipip_mode'),
    natOutgoing,
    disabled,
  };
}

function decodeRoute({ cidr, node }: Route): RouteEntry {
  return { kind: 'route', cidr: readCidr(cidr, 'route.cidr'), node: readText(node, 'route.node') };
}

function decodeSet({ id, type }: AddressSet): SetEntry {
  return { kind: 'set', id: readText(id, 'set.id'), type: readEnum(type, SET_TYPE_FROM_WIRE, 'set.type') };
}

/** A CIDR is told from an address by its slash. */
function decodeMember({ set, member }: Member): MemberEntry {
  const read = member.includes('/') ? readCidr : readAddress;
  return { kind: 'member', set: readText(set, 'member.set'), member: read(member, 'member.member') };
}
