import { addressAt, type Cidr, cidrSize, type IpAddress } from '@margay/ip';
import { DEFAULT_BLOCK_SIZE } from '@margay/model';
import { DEFAULT_MTU_BYTES, DEFAULT_POD_PORTS, DEFAULT_POOL_CIDR, FABRIC } from './defaults.ts';
import type { Mode, NodeSpec, PodSpec, PoolSpec, Rack, Router, Topology } from './types.ts';

export interface DefaultTopologyOptions {
  /** 1 to MAX_NODES. */
  readonly nodes: number;
  readonly podsPerNode: number;
  readonly mode: Mode;
}

/** Bare metal: one rack for up to two nodes, else two racks with half of the nodes each. */
export function defaultTopology({ nodes, podsPerNode, mode }: DefaultTopologyOptions): Topology {
  const racks = defaultRacks(nodes);
  const perRack = Math.ceil(nodes / racks.length);
  const specs = Array.from({ length: nodes }, (_, index): NodeSpec => {
    const rack = racks[Math.floor(index / perRack)] as Rack;
    const address = nthHost(rack, index % perRack);
    return { name: `node-${index + 1}`, interfaces: [{ name: 'eth0', rack: rack.name, address }] };
  });
  return {
    profile: 'bare-metal',
    mode,
    racks,
    routers: defaultRouters(racks),
    nodes: specs,
    pools: [defaultPool(mode)],
    pods: defaultPods(specs, podsPerNode),
    mtuBytes: DEFAULT_MTU_BYTES,
  };
}

export function defaultRacks(nodes: number): Rack[] {
  const cidrs = nodes < 3 ? FABRIC.racks.slice(0, 1) : FABRIC.racks;
  return cidrs.map((cidr, index) => ({
    name: `rack-${index + 1}`,
    cidr,
    gateway: addressAt(cidr, 1),
    mtuBytes: DEFAULT_MTU_BYTES,
  }));
}

export function defaultRouters(racks: readonly Rack[]): Router[] {
  return racks.map(({ name }) => ({ name: `tor-${name}`, racks: [name], mtuBytes: DEFAULT_MTU_BYTES }));
}

export function defaultPool(mode: Mode): PoolSpec {
  return {
    name: 'default',
    cidr: DEFAULT_POOL_CIDR,
    blockSize: DEFAULT_BLOCK_SIZE[4],
    ipipMode: mode === 'encapsulated' ? 'Always' : 'Never',
    natOutgoing: mode === 'encapsulated',
  };
}

/** `pod-<node>-<pod>`, both counted from 1: pod-2-1 is the first pod of the second node. */
export function defaultPods(nodes: readonly NodeSpec[], podsPerNode: number): PodSpec[] {
  return nodes.flatMap((node, index) =>
    Array.from({ length: podsPerNode }, (_, pod): PodSpec => {
      const name = `pod-${index + 1}-${pod + 1}`;
      return {
        namespace: 'default',
        name,
        node: node.name,
        labels: { app: name },
        ports: DEFAULT_POD_PORTS,
        hostNetwork: false,
      };
    }),
  );
}

/** Addresses that a node may have: not the network's own, not the broadcast, not the gateway; in order. */
export function* hostAddresses({ cidr, gateway }: Pick<Rack, 'cidr' | 'gateway'>): Generator<IpAddress> {
  const size = cidrSize(cidr);
  for (let ordinal = 1n; ordinal < size - 1n; ordinal++) {
    const address = addressAt(cidr, ordinal);
    if (address !== gateway) yield address;
  }
}

export function isHostAddress(cidr: Cidr, address: IpAddress): boolean {
  return address !== addressAt(cidr, 0) && address !== addressAt(cidr, cidrSize(cidr) - 1n);
}

function nthHost(rack: Rack, index: number): IpAddress {
  return addressAt(rack.cidr, index + 2);
}
