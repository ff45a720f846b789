import type { NodeEntry, PoolEntry, RouteEntry } from '@margay/feed-core';
import {
  ADDRESS_BITS,
  type Cidr,
  cidrContains,
  compareCidrs,
  hostCidr,
  type IpAddress,
  prefixLengthOf,
  versionOf,
} from '@margay/ip';
import { sortRoutes } from './plan-routes.ts';
import type { Route } from './route.ts';
import { IPIP_DEVICE, IPIP_OVERHEAD_BYTES, type IpipRemote, type IpipTunnel } from './tunnel.ts';

/** What one node knows of the cluster, and of itself. */
export interface NetworkView {
  readonly thisNode: string;
  readonly underlay: Underlay;
  /** This node's own tunnel address, once it has one. */
  readonly tunnelAddress?: IpAddress;
  readonly nodes: Iterable<NodeEntry>;
  /** A disabled pool counts too: its pods still live. */
  readonly pools: Iterable<PoolEntry>;
  readonly routes: Iterable<RouteEntry>;
  /** Pods of this node; no two may have one address. */
  readonly pods: Iterable<LocalPod>;
}

/** The interface through which this node reaches the others. */
export interface Underlay {
  readonly device: string;
  readonly address: IpAddress;
  /** The network in which the address is configured. */
  readonly subnet: Cidr;
  readonly mtuBytes: number;
}

export interface LocalPod {
  readonly address: IpAddress;
  /** Host end of the pod link. */
  readonly device: string;
}

export interface NetworkPlan {
  /** Sorted by destination. */
  readonly routes: readonly Route[];
  /** Absent while this node has no tunnel address. */
  readonly ipip: IpipTunnel | undefined;
  /** Pools that are masqueraded when their pods leave the cluster. */
  readonly natPools: readonly Cidr[];
  /** Every pool. */
  readonly clusterNetworks: readonly Cidr[];
  /**
   * Encapsulated pools without NAT: masqueraded all the same on the way to a
   * node's own address, which leads past the tunnel. See `FirewallModel`.
   */
  readonly natToNodes: readonly Cidr[];
  /** For new pods. */
  readonly podMtuBytes: number;
  /** True when some pool is encapsulated, so that this node needs a tunnel address. */
  readonly needsTunnelAddress: boolean;
}

/**
 * The routes, the tunnel and the NAT networks that a node wants.
 *
 * Pure, and independent of input order. What cannot be routed is left out:
 * blocks outside every pool, blocks of unknown nodes, and encapsulated blocks
 * while this node has no tunnel address.
 *
 * A pool may change between `Always` and `Never` while it carries traffic, and
 * nodes learn of it at different moments. Routes alone decide how a node
 * *sends*. What it *receives* is wider: as long as the node holds a tunnel
 * address it has the tunnel, and the tunnel accepts the blocks of every pool,
 * encapsulated or not. So a node that changed first still takes what the
 * others send in the old way; the caller keeps the address for a while after
 * the last encapsulated pool is gone. Of a node, the tunnel also accepts its
 * own address: a program that binds to it sends from there, and answers of the
 * node to a pod come from there.
 *
 * The pod MTU is the underlay's, less the outer header when any pool is
 * encapsulated. There is no lower bound: a larger number than the path
 * carries would only lose packets.
 */
export function planNetwork(view: NetworkView): NetworkPlan {
  const pools = [...view.pools].toSorted((a, b) => compareCidrs(a.cidr, b.cidr));
  const nodes = new Map([...view.nodes].map((node) => [node.name, node]));
  const needsTunnelAddress = pools.some(isEncapsulated);
  const routes = new Map<Cidr, Route>();
  const others = new Set([...nodes.values()].map(({ address }) => address));
  others.delete(view.underlay.address);
  const remotes: IpipRemote[] = [...others].map((address) => ({ network: hostCidr(address), node: address }));

  for (const { cidr, node } of view.routes) {
    const pool = pools.find((candidate) => cidrContains(candidate.cidr, cidr));
    if (!pool) continue;
    if (node === view.thisNode) {
      if (!isHost(cidr)) routes.set(cidr, { destination: cidr, kind: 'blackhole' });
      continue;
    }
    const remote = nodes.get(node);
    if (!remote || remote.address === view.underlay.address) continue;
    remotes.push({ network: cidr, node: remote.address });
    const route = routeToRemote({ cidr, remote, pool, view });
    if (route) routes.set(cidr, route);
  }

  const tunnelMtuBytes = view.underlay.mtuBytes - IPIP_OVERHEAD_BYTES;
  return {
    routes: withPodRoutes(sortRoutes([...routes.values()]), view.pods),
    ipip: view.tunnelAddress && {
      device: IPIP_DEVICE,
      address: view.tunnelAddress,
      mtuBytes: tunnelMtuBytes,
      underlay: { device: view.underlay.device, address: view.underlay.address },
      remotes: remotes.toSorted((a, b) => compareCidrs(a.network, b.network)),
    },
    ...natPlanOf(pools),
    podMtuBytes: needsTunnelAddress ? tunnelMtuBytes : view.underlay.mtuBytes,
    needsTunnelAddress,
  };
}

/** Which networks NAT is about. */
export type NatPlan = Pick<NetworkPlan, 'natPools' | 'clusterNetworks' | 'natToNodes'>;

/** What NAT asks: known from the pools alone, also to a node that does not know itself yet. */
export function natPlanOf(pools: Iterable<PoolEntry>): NatPlan {
  const sorted = [...pools].toSorted((a, b) => compareCidrs(a.cidr, b.cidr));
  const cidrsOf = (some: readonly PoolEntry[]): Cidr[] => some.map(({ cidr }) => cidr);
  return {
    natPools: cidrsOf(sorted.filter(({ natOutgoing }) => natOutgoing)),
    clusterNetworks: cidrsOf(sorted),
    natToNodes: cidrsOf(sorted.filter((pool) => !pool.natOutgoing && isEncapsulated(pool))),
  };
}

/** To some node at least. */
function isEncapsulated({ ipipMode }: PoolEntry): boolean {
  return ipipMode !== 'Never';
}

/**
 * `routes` and those of the local pods, which win where a destination is the
 * same. Sorted, if `routes` is. For callers that keep the plan of a network
 * that stays, while pods come and go.
 */
export function withPodRoutes(routes: readonly Route[], pods: Iterable<LocalPod>): Route[] {
  const podRoutes = new Map<Cidr, Route>();
  for (const { address, device } of pods) {
    const destination = hostCidr(address);
    podRoutes.set(destination, { destination, device, kind: 'unicast' });
  }
  const merged: Route[] = [];
  const waiting = sortRoutes([...podRoutes.values()]);
  let next = 0;
  for (const route of routes) {
    if (podRoutes.has(route.destination)) continue;
    for (; next < waiting.length; next++) {
      const pod = waiting[next] as Route;
      if (compareCidrs(pod.destination, route.destination) > 0) break;
      merged.push(pod);
    }
    merged.push(route);
  }
  return [...merged, ...waiting.slice(next)];
}

interface RemoteBlock {
  readonly cidr: Cidr;
  readonly remote: NodeEntry;
  readonly pool: PoolEntry;
  readonly view: NetworkView;
}

/**
 * `CrossSubnet` goes direct exactly when the other node's address is in this
 * node's own subnet; a node with a /32 has no neighbours. `Never` to a node
 * elsewhere has no route: the fabric carries it, by the node's default route.
 */
function routeToRemote({ cidr, remote, pool, view }: RemoteBlock): Route | undefined {
  const { underlay } = view;
  const isNeighbour = cidrContains(underlay.subnet, remote.address);
  if (pool.ipipMode !== 'Always' && isNeighbour) {
    return { destination: cidr, gateway: remote.address, device: underlay.device, kind: 'unicast' };
  }
  if (pool.ipipMode === 'Never' || view.tunnelAddress === undefined) return undefined;
  return { destination: cidr, gateway: remote.address, device: IPIP_DEVICE, onLink: true, kind: 'unicast' };
}

function isHost(cidr: Cidr): boolean {
  return prefixLengthOf(cidr) === ADDRESS_BITS[versionOf(cidr)];
}
