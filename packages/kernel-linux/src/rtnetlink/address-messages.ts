import {
  addressBytes,
  addressFromBytes,
  type InterfaceAddress,
  type IpAddress,
  networkOf,
  versionOf,
} from '@margay/ip';
import { BodyWriter, decodeAttributes, type NetlinkMessage, type NetlinkRequest, NLM_F } from '../netlink/index.ts';
import { AF_INET, AF_INET6, AF_UNSPEC, IFA, IFA_F_NODAD, NDA, NUD_PERMANENT, RT_SCOPE, RTM } from './constants.ts';
import { macBytes, macText } from './link-messages.ts';

export interface LinkAddress extends InterfaceAddress {
  readonly linkIndex: number;
}

export interface Neighbour {
  readonly linkIndex: number;
  readonly address: IpAddress;
  readonly mac: string;
}

/** An IPv6 address skips duplicate address detection, so that it works at once. */
export function addAddressRequest(linkIndex: number, address: InterfaceAddress): NetlinkRequest {
  return addressRequest(RTM.newAddress, NLM_F.create | NLM_F.replace, linkIndex, address);
}

export function deleteAddressRequest(linkIndex: number, address: InterfaceAddress): NetlinkRequest {
  return addressRequest(RTM.delAddress, 0, linkIndex, address);
}

export function listAddressesRequest(): NetlinkRequest {
  const body = new BodyWriter().u8(AF_UNSPEC).u8(0).u8(0).u8(0).u32(0);
  return { type: RTM.getAddress, flags: 0, body: body.finish(), operation: () => 'list the addresses' };
}

/** Undefined for families other than IP. */
export function decodeAddress({ body }: NetlinkMessage): LinkAddress | undefined {
  const family = body.readUInt8(0);
  if (family !== AF_INET && family !== AF_INET6) return undefined;
  const attributes = decodeAttributes(body, 8);
  // On a point-to-point link IFA_ADDRESS is the other side.
  const bytes = attributes.get(IFA.local) ?? attributes.get(IFA.address);
  if (!bytes) return undefined;
  const address = addressFromBytes(bytes);
  const prefixLength = body.readUInt8(1);
  return { linkIndex: body.readUInt32LE(4), address, prefixLength, network: networkOf(address, prefixLength) };
}

/** Writes a permanent neighbour entry, in place of any other for the address. */
export function addNeighbourRequest({ linkIndex, address, mac }: Neighbour): NetlinkRequest {
  const body = new BodyWriter().u8(familyOf(address)).u8(0).u16(0).i32(linkIndex).u16(NUD_PERMANENT).u8(0).u8(0);
  body.attribute(NDA.destination, wireBytes(address)).attribute(NDA.mac, macBytes(mac));
  return {
    type: RTM.newNeighbour,
    flags: NLM_F.create | NLM_F.replace,
    body: body.finish(),
    operation: () => `add the neighbour ${address} at ${mac}`,
  };
}

export function getNeighbourRequest({ linkIndex, address }: Omit<Neighbour, 'mac'>): NetlinkRequest {
  const body = new BodyWriter().u8(familyOf(address)).u8(0).u16(0).i32(linkIndex).u16(0).u8(0).u8(0);
  body.attribute(NDA.destination, wireBytes(address));
  return { type: RTM.getNeighbour, flags: 0, body: body.finish(), operation: () => `look up the neighbour ${address}` };
}

/** The hardware address of a neighbour entry; undefined for one that is not permanent. */
export function permanentMacOf({ body }: NetlinkMessage): string | undefined {
  const mac = decodeAttributes(body, 12).get(NDA.mac);
  return mac && (body.readUInt16LE(8) & NUD_PERMANENT) !== 0 ? macText(mac) : undefined;
}

export function familyOf(address: string): number {
  return versionOf(address) === 4 ? AF_INET : AF_INET6;
}

/** Like `addressBytes`, but without big numbers for IPv4: route tables have thousands. */
export function wireBytes(address: IpAddress): Uint8Array {
  if (versionOf(address) === 6) return addressBytes(address);
  const bytes = new Uint8Array(4);
  for (const [index, part] of address.split('.').entries()) bytes[index] = Number(part);
  return bytes;
}

function addressRequest(type: number, flags: number, linkIndex: number, address: InterfaceAddress): NetlinkRequest {
  const family = familyOf(address.address);
  const bytes = wireBytes(address.address);
  const body = new BodyWriter().u8(family).u8(address.prefixLength);
  body
    .u8(family === AF_INET6 ? IFA_F_NODAD : 0)
    .u8(RT_SCOPE.universe)
    .u32(linkIndex);
  body.attribute(IFA.local, bytes).attribute(IFA.address, bytes);
  const verb = type === RTM.newAddress ? 'add' : 'delete';
  return {
    type,
    flags,
    body: body.finish(),
    operation: () => `${verb} the address ${address.address}/${address.prefixLength}`,
  };
}
