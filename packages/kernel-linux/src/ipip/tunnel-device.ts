import { hostCidr, type InterfaceAddress, type IpAddress, versionOf } from '@margay/ip';
import { ERRNO, errnoOf } from '../libc/index.ts';
import { BodyWriter } from '../netlink/index.ts';
import {
  AF_UNSPEC,
  addAddressRequest,
  changeLinkRequest,
  decodeLink,
  deleteAddressRequest,
  getLinkRequest,
  IFF_UP,
  IFLA,
  type Link,
  type NetlinkRoute,
  RTM,
  reversePathFilterOf,
} from '../rtnetlink/index.ts';

export interface TunnelDeviceSpec {
  readonly device: string;
  readonly address: IpAddress;
  readonly mtuBytes: number;
}

/** The kernel needs neither ARP nor an answer to it: nothing is ever at the other end. */
const IFF_NOARP = 0x80;

/**
 * `rp_filter` of the tunnel device: a source must have a route, of any device.
 * The program that feeds the device knows better than the routes who may send
 * what: a node's own address comes through the tunnel, and the way back to it
 * is the underlay. The stricter of a device's own and the node's setting would
 * be 1; loose wins over both. Source: Documentation/networking/ip-sysctl.rst.
 */
const LOOSE = 2;

/** The other end of the pair, which only gives the tunnel device a carrier. */
export function peerDevice(device: string): string {
  return `${device}.p`;
}

/** Makes the veth pair, or mends the one that is there. A device of that name that is no such pair is replaced. */
export function ensureTunnelDevice(rt: NetlinkRoute, spec: TunnelDeviceSpec): { link: Link; changed: boolean } {
  const { device, mtuBytes } = spec;
  const peer = peerDevice(device);
  let changed = false;
  const existing = rt.findLink(device);
  if (existing?.kind !== 'veth' || rt.findLink(peer)?.index !== existing.peerIndex) {
    rt.deleteLink(device);
    rt.deleteLink(peer);
    rt.createVeth({ name: device, mtuBytes, peer: { name: peer } });
    changed = true;
  }
  changed = ensureFlags(rt, peer, undefined) || changed;
  changed = ensureFlags(rt, device, mtuBytes) || changed;
  const link = rt.getLink(device);
  changed = ensureLooseSources(rt, link) || changed;
  changed = ensureAddress(rt, link, spec.address) || changed;
  return { link, changed };
}

/** True when there was one. */
export function removeTunnelDevice(rt: NetlinkRoute, device: string): boolean {
  const removed = rt.deleteLink(device);
  return rt.deleteLink(peerDevice(device)) || removed;
}

function ensureFlags(rt: NetlinkRoute, name: string, mtuBytes: number | undefined): boolean {
  const [message] = rt.socket.get(getLinkRequest(name));
  if (!message) return false;
  const wanted = IFF_UP | IFF_NOARP;
  const link = decodeLink(message);
  const mtuDiffers = mtuBytes !== undefined && link.mtuBytes !== mtuBytes;
  if ((message.body.readUInt32LE(8) & wanted) === wanted && !mtuDiffers) return false;
  const body = new BodyWriter().u8(AF_UNSPEC).u8(0).u16(0).i32(link.index).u32(wanted).u32(wanted);
  if (mtuDiffers) body.attributeU32(IFLA.mtu, mtuBytes);
  rt.socket.request({ type: RTM.setLink, flags: 0, body: body.finish(), operation: () => `set up the device ${name}` });
  return true;
}

function ensureLooseSources(rt: NetlinkRoute, { index, name }: Link): boolean {
  if (reversePathFilterOf(rt.socket, index) === LOOSE) return false;
  rt.socket.request(changeLinkRequest(index, { reversePathFilter: LOOSE }, name));
  return true;
}

/** Leaves the device with this one IPv4 address. The new one comes first, so that there is always one. */
function ensureAddress(rt: NetlinkRoute, link: Link, address: IpAddress): boolean {
  const wanted: InterfaceAddress = { address, prefixLength: 32, network: hostCidr(address) };
  const present = rt.listAddresses().filter((each) => each.linkIndex === link.index && versionOf(each.address) === 4);
  const isWanted = (each: InterfaceAddress): boolean => each.address === address && each.prefixLength === 32;
  const foreign = present.filter((each) => !isWanted(each));
  const missing = !present.some(isWanted);
  if (missing) rt.socket.request(addAddressRequest(link.index, wanted));
  for (const each of foreign) {
    try {
      rt.socket.request(deleteAddressRequest(link.index, each));
    } catch (error) {
      // Secondary addresses go with their primary one.
      if (errnoOf(error) !== ERRNO.EADDRNOTAVAIL) throw error;
    }
  }
  return missing || foreign.length > 0;
}
