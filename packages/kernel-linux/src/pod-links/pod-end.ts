import { existsSync } from 'node:fs';
import { hostCidr, parseAddress, parseCidr } from '@margay/ip';
import type { PodLinkSpec } from '@margay/ports';
import type { NetlinkRequest } from '../netlink/index.ts';
import {
  addAddressRequest,
  addNeighbourRequest,
  changeLinkRequest,
  type KernelRoute,
  LOOPBACK_INDEX,
  RTN,
  replaceRouteRequest,
} from '../rtnetlink/index.ts';
import { readSysctl, writeSysctl } from '../sysctls/index.ts';

/** The pod's gateway: an address of no node, answered by the permanent neighbour entry. */
export const POD_GATEWAY = parseAddress('169.254.1.1');
/** MAC of every host end, so that it is known before the device is. */
export const HOST_MAC = 'ee:ee:ee:ee:ee:ee';

const DEFAULT_DESTINATION = parseCidr('0.0.0.0/0');
/** Protocol of routes written at boot time, as container runtimes do. Source: RTPROT_BOOT. */
const PROTOCOL_BOOT = 3;

/** Everything inside the pod, in one batch: addresses before the routes that need them. */
export function podEndRequests(linkIndex: number, spec: PodLinkSpec): NetlinkRequest[] {
  return [
    changeLinkRequest(LOOPBACK_INDEX, { up: true }, 'lo'),
    addressRequest(linkIndex, spec),
    changeLinkRequest(linkIndex, { up: true }, spec.podDevice),
    gatewayNeighbourRequest(linkIndex),
    ...podRoutes(linkIndex).map(replaceRouteRequest),
  ];
}

export function addressRequest(linkIndex: number, { address }: PodLinkSpec): NetlinkRequest {
  return addAddressRequest(linkIndex, { address, prefixLength: 32, network: hostCidr(address) });
}

export function gatewayNeighbourRequest(linkIndex: number): NetlinkRequest {
  return addNeighbourRequest({ linkIndex, address: POD_GATEWAY, mac: HOST_MAC });
}

/** The gateway's first: the default route needs it. */
export function podRoutes(linkIndex: number): [gateway: KernelRoute, standard: KernelRoute] {
  const route = { linkIndex, type: RTN.unicast, protocol: PROTOCOL_BOOT };
  return [
    { ...route, destination: hostCidr(POD_GATEWAY) },
    { ...route, destination: DEFAULT_DESTINATION, gateway: POD_GATEWAY },
  ];
}

/**
 * The pod does not forward, and has no IPv6 on the link until Margay hands out
 * IPv6 addresses: an address that the pod made itself would pass no policy.
 */
export function podSysctls(podDevice: string): [name: string, value: string][] {
  return [['net/ipv4/ip_forward', '0'], ...withoutIpv6(podDevice)];
}

/**
 * Host end: forwards, answers ARP for the gateway at once, and takes packets
 * only from the pod's own address. `route_localnet` stays off, unlike with
 * Calico: it would let pods reach services bound to the node's 127.0.0.1.
 */
export function hostSysctls(hostDevice: string): [name: string, value: string][] {
  const conf = `net/ipv4/conf/${hostDevice}`;
  return [
    [`${conf}/forwarding`, '1'],
    [`${conf}/proxy_arp`, '1'],
    [`${conf}/rp_filter`, '1'],
    [`net/ipv4/neigh/${hostDevice}/proxy_delay`, '0'],
    ...withoutIpv6(hostDevice),
  ];
}

/** Writes for the namespace that the calling thread is in. @throws {KernelError} */
export function writeSysctls(settings: readonly (readonly [string, string])[]): void {
  for (const [name, value] of settings) writeSysctl(name, value);
}

/** Sentences about settings that differ. */
export function differingSysctls(settings: readonly (readonly [string, string])[]): string[] {
  return settings.flatMap(([name, value]) => {
    const actual = readSysctl(name);
    return actual === value ? [] : [`The setting ${name} is ${actual} instead of ${value}.`];
  });
}

/** Kernels may be built or started without IPv6. */
function withoutIpv6(device: string): [string, string][] {
  if (!existsSync('/proc/sys/net/ipv6/conf')) return [];
  return [
    [`net/ipv6/conf/${device}/accept_ra`, '0'],
    [`net/ipv6/conf/${device}/disable_ipv6`, '1'],
  ];
}
