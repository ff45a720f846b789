import { existsSync } from 'node:fs';
import { hostCidr, parseAddress, parseCidr } from '@margay/ip';
import type { PodLinkSpec } from '@margay/ports';
import type { NetlinkRequest } from '../netlink/index.ts';
import {
  addAddressRequest,
  addNeighbourRequest,
  changeLinkRequest,
  LOOPBACK_INDEX,
  type NetlinkRoute,
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
export function podEndRequests(linkIndex: number, { address, podDevice }: PodLinkSpec): NetlinkRequest[] {
  const route = { linkIndex, type: RTN.unicast, protocol: PROTOCOL_BOOT };
  return [
    changeLinkRequest(LOOPBACK_INDEX, { up: true }, 'lo'),
    addAddressRequest(linkIndex, { address, prefixLength: 32, network: hostCidr(address) }),
    changeLinkRequest(linkIndex, { up: true }, podDevice),
    addNeighbourRequest({ linkIndex, address: POD_GATEWAY, mac: HOST_MAC }),
    replaceRouteRequest({ ...route, destination: hostCidr(POD_GATEWAY) }),
    replaceRouteRequest({ ...route, destination: DEFAULT_DESTINATION, gateway: POD_GATEWAY }),
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

/** Sentences about what the pod end lacks. */
export function missingInPod(client: NetlinkRoute, spec: PodLinkSpec): string[] {
  const { podDevice, address, mtuBytes } = spec;
  const link = client.findLink(podDevice);
  if (!link) return [`The device ${podDevice} is missing in the pod.`];
  const routes = client.listRoutes(4).filter((route) => route.linkIndex === link.index);
  const found = client.listAddresses().some((own) => own.linkIndex === link.index && own.address === address);
  const gateway = routes.some(({ destination }) => destination === hostCidr(POD_GATEWAY));
  const standard = routes.some((route) => route.destination === DEFAULT_DESTINATION && route.gateway === POD_GATEWAY);
  return [
    ...(link.up ? [] : [`The device ${podDevice} is down in the pod.`]),
    ...(link.mtuBytes === mtuBytes ? [] : [`The MTU of ${podDevice} is ${link.mtuBytes} instead of ${mtuBytes}.`]),
    ...(found ? [] : [`The address ${address} is missing on ${podDevice} in the pod.`]),
    ...(gateway ? [] : [`The route to ${POD_GATEWAY} is missing in the pod.`]),
    ...(standard ? [] : [`The default route through ${POD_GATEWAY} is missing in the pod.`]),
  ];
}

/** Kernels may be built or started without IPv6. */
function withoutIpv6(device: string): [string, string][] {
  if (!existsSync('/proc/sys/net/ipv6/conf')) return [];
  return [
    [`net/ipv6/conf/${device}/accept_ra`, '0'],
    [`net/ipv6/conf/${device}/disable_ipv6`, '1'],
  ];
}
