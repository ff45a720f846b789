import type { Cidr, IpAddress } from '@margay/ip';

/** How pod packets cross the fabric. */
export type Mode = 'encapsulated' | 'direct';

export type Profile = 'bare-metal';

/** A topology with everything filled in: every node has its address, every pool its block size. */
export interface Topology {
  readonly profile: Profile;
  readonly mode: Mode;
  readonly racks: readonly Rack[];
  readonly routers: readonly Router[];
  readonly nodes: readonly NodeSpec[];
  readonly pools: readonly PoolSpec[];
  readonly pods: readonly PodSpec[];
  /** Of the links of the control host and of the outside host. */
  readonly mtuBytes: number;
}

/** One L2 segment, behind a top-of-rack router. */
export interface Rack {
  readonly name: string;
  readonly cidr: Cidr;
  /** The router's own address in the segment. */
  readonly gateway: IpAddress;
  readonly mtuBytes: number;
}

/** A top-of-rack router, with a bridge for each of its racks and a link to the spine. */
export interface Router {
  readonly name: string;
  readonly racks: readonly string[];
  /** Of its link to the spine. */
  readonly mtuBytes: number;
}

export interface NodeSpec {
  readonly name: string;
  /** The first is the node's own: its default route leaves there. */
  readonly interfaces: readonly [NodeInterface, ...NodeInterface[]];
}

export interface NodeInterface {
  readonly name: string;
  readonly rack: string;
  readonly address: IpAddress;
}

export interface PoolSpec {
  readonly name: string;
  readonly cidr: Cidr;
  /** Prefix length of a block. */
  readonly blockSize: number;
  readonly ipipMode: 'Always' | 'Never';
  readonly natOutgoing: boolean;
}

export interface PodSpec {
  readonly namespace: string;
  readonly name: string;
  /** Absent: the scheduler chooses. */
  readonly node?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly ports: readonly PodPort[];
  readonly command?: readonly string[];
  readonly hostNetwork: boolean;
}

export interface PodPort {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
}
