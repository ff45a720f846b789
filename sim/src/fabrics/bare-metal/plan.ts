import {
  addressAt,
  type Cidr,
  type InterfaceAddress,
  type IpAddress,
  networkOf,
  parseCidr,
  prefixLengthOf,
  subnetAt,
} from '@margay/ip';
import { FABRIC } from '../../topology/defaults.ts';
import type { NodeSpec, Rack, Router, Topology } from '../../topology/types.ts';
import type { DeviceEnd, FabricPart } from '../part.ts';
import { CONTROL, nodeNamespace, OUTSIDE, routerNamespace, SPINE, switchNamespace } from '../places.ts';

const DEFAULT_ROUTE = parseCidr('0.0.0.0/0');
const ROUTER_UPLINK = 'spine';
const SWITCH_UPLINK = 'router';
const SWITCH = 'switch';

/**
 * Everything but the nodes: a switch for each rack, a top-of-rack router for
 * each group of racks, a spine that joins them, the outside host and the
 * control host. The spine knows the racks and nothing of pods; whatever it
 * does not know it refuses.
 */
export function planFabric(topology: Topology): FabricPart {
  return join([
    planEnds(topology.mtuBytes),
    ...topology.routers.map((router, index) => planRouter(topology, router, index)),
  ]);
}

/** A node's links into its racks. Adding the part of a later node changes nothing else. */
export function planNode(topology: Topology, node: NodeSpec): FabricPart {
  const namespace = nodeNamespace(node.name);
  return join([
    { ...EMPTY, namespaces: [namespace] },
    ...node.interfaces.map((link, index): FabricPart => {
      const { rack } = placeOf(topology, link.rack);
      const port = { namespace: switchNamespace(rack.name), device: portName(node.name, link.name) };
      const own = { namespace, device: link.name };
      const route = { namespace, destination: DEFAULT_ROUTE, gateway: rack.gateway };
      return {
        ...EMPTY,
        links: [{ a: own, b: port, mtuBytes: rack.mtuBytes }],
        members: [{ ...port, bridge: SWITCH }],
        addresses: [{ ...own, address: inNetwork(link.address, rack.cidr) }],
        routes: index === 0 ? [route] : [],
      };
    }),
  ]);
}

/** Where a rack's packets to the rest of the fabric go through. */
export function placeOf(
  topology: Topology,
  rackName: string,
): { readonly rack: Rack; readonly router: Router; readonly routerIndex: number } {
  const rack = topology.racks.find(({ name }) => name === rackName);
  const routerIndex = topology.routers.findIndex(({ racks }) => racks.includes(rackName));
  const router = topology.routers[routerIndex];
  if (rack === undefined || router === undefined) throw new Error(`a checked topology has no rack ${rackName}`);
  return { rack, router, routerIndex };
}

/** The two ends of a router's link to the spine (RFC 3021: a /31 has two hosts). */
export function routerLink(index: number): { readonly spine: IpAddress; readonly router: IpAddress } {
  const cidr = subnetAt(FABRIC.routerLinks, 31, index);
  return { spine: addressAt(cidr, 0), router: addressAt(cidr, 1) };
}

/** The switch's device towards a node: names of nodes may be longer than the 15 bytes of a device name. */
export function portName(node: string, device: string): string {
  return `p${fnv1a(`${node}/${device}`).toString(16).padStart(8, '0')}`;
}

function planRouter(topology: Topology, router: Router, index: number): FabricPart {
  const namespace = routerNamespace(router.name);
  const { spine, router: own } = routerLink(index);
  const toRouter: DeviceEnd = { namespace: SPINE, device: `router${index}` };
  const toSpine: DeviceEnd = { namespace, device: ROUTER_UPLINK };
  return join([
    {
      ...EMPTY,
      namespaces: [namespace],
      routers: [namespace],
      links: [{ a: toRouter, b: toSpine, mtuBytes: router.mtuBytes }],
      addresses: [
        { ...toRouter, address: { address: spine, prefixLength: 31, network: networkOf(spine, 31) } },
        { ...toSpine, address: { address: own, prefixLength: 31, network: networkOf(own, 31) } },
      ],
      routes: [{ namespace, destination: DEFAULT_ROUTE, gateway: spine }],
    },
    ...router.racks.map((name, rackIndex) => {
      const { rack } = placeOf(topology, name);
      return join([
        planSwitch(rack, { namespace, device: `rack${rackIndex}` }),
        { ...EMPTY, routes: [{ namespace: SPINE, destination: rack.cidr, gateway: own }] },
      ]);
    }),
  ]);
}

/**
 * A rack's switch and the router's leg into it. The gateway's address is on
 * that leg and not on the bridge: a packet that leaves by a bridge device
 * itself loses the offload of encapsulated segments, and a tunnel between
 * racks then carries about a quarter of the bytes.
 */
function planSwitch(rack: Rack, leg: DeviceEnd): FabricPart {
  const namespace = switchNamespace(rack.name);
  const uplink: DeviceEnd = { namespace, device: SWITCH_UPLINK };
  return {
    ...EMPTY,
    namespaces: [namespace],
    bridges: [{ namespace, device: SWITCH, mtuBytes: rack.mtuBytes }],
    links: [{ a: leg, b: uplink, mtuBytes: rack.mtuBytes }],
    members: [{ ...uplink, bridge: SWITCH }],
    addresses: [{ ...leg, address: inNetwork(rack.gateway, rack.cidr) }],
  };
}

function planEnds(mtuBytes: number): FabricPart {
  const ends = [
    { namespace: OUTSIDE, address: FABRIC.outsideHost, gateway: FABRIC.outsideGateway, cidr: FABRIC.outside },
    { namespace: CONTROL, address: FABRIC.controlHost, gateway: FABRIC.controlGateway, cidr: FABRIC.control },
  ];
  return {
    ...EMPTY,
    namespaces: [SPINE, OUTSIDE],
    routers: [SPINE],
    links: ends.map(({ namespace }) => ({
      a: { namespace: SPINE, device: namespace },
      b: { namespace, device: 'eth0' },
      mtuBytes,
    })),
    addresses: ends.flatMap(({ namespace, address, gateway, cidr }) => [
      { namespace: SPINE, device: namespace, address: inNetwork(gateway, cidr) },
      { namespace, device: 'eth0', address: inNetwork(address, cidr) },
    ]),
    routes: ends.map(({ namespace, gateway }) => ({ namespace, destination: DEFAULT_ROUTE, gateway })),
  };
}

const EMPTY: FabricPart = {
  namespaces: [],
  routers: [],
  bridges: [],
  links: [],
  members: [],
  addresses: [],
  routes: [],
};

function join(parts: readonly FabricPart[]): FabricPart {
  return {
    namespaces: parts.flatMap((part) => part.namespaces),
    routers: parts.flatMap((part) => part.routers),
    bridges: parts.flatMap((part) => part.bridges),
    links: parts.flatMap((part) => part.links),
    members: parts.flatMap((part) => part.members),
    addresses: parts.flatMap((part) => part.addresses),
    routes: parts.flatMap((part) => part.routes),
  };
}

function inNetwork(address: IpAddress, cidr: Cidr): InterfaceAddress {
  return { address, prefixLength: prefixLengthOf(cidr), network: cidr };
}

/** 32-bit FNV-1a. Source: draft-eastlake-fnv. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
