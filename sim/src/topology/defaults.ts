import { type Cidr, parseAddress, parseCidr } from '@margay/ip';
import type { Mode, PodPort } from './types.ts';

/** Addresses of the fabric itself: blocks for documentation and benchmarks (RFC 5737, RFC 2544), so that no real network is hidden. */
export const FABRIC = {
  racks: [parseCidr('192.0.2.0/25'), parseCidr('192.0.2.128/25')],
  outside: parseCidr('203.0.113.0/24'),
  outsideGateway: parseAddress('203.0.113.1'),
  outsideHost: parseAddress('203.0.113.10'),
  control: parseCidr('198.51.100.0/24'),
  controlGateway: parseAddress('198.51.100.1'),
  controlHost: parseAddress('198.51.100.10'),
  /** One /31 for each router's link to the spine. */
  routerLinks: parseCidr('198.18.0.0/16'),
} as const;

/** What no rack and no pool may overlap. */
export const RESERVED: readonly { readonly cidr: Cidr; readonly owner: string }[] = [
  { cidr: FABRIC.outside, owner: 'the outside host' },
  { cidr: FABRIC.control, owner: 'the control host' },
  { cidr: FABRIC.routerLinks, owner: 'the links between the routers' },
  { cidr: parseCidr('127.0.0.0/8'), owner: 'the loopback' },
  { cidr: parseCidr('169.254.0.0/16'), owner: 'link-local addresses' },
  { cidr: parseCidr('224.0.0.0/3'), owner: 'multicast and reserved addresses' },
];

export const DEFAULT_POOL_CIDR = parseCidr('10.244.0.0/16');
export const DEFAULT_MTU_BYTES = 1500;
export const DEFAULT_NODES = 3;
export const DEFAULT_PODS_PER_NODE = 2;
export const DEFAULT_MODE: Mode = 'encapsulated';
export const MAX_NODES = 250;
export const MAX_PODS_PER_NODE = 250;

export const DEFAULT_POD_PORTS: readonly PodPort[] = [
  { port: 80, protocol: 'tcp' },
  { port: 80, protocol: 'udp' },
];
