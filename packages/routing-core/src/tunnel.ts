import type { Cidr, IpAddress } from '@margay/ip';

/** Bytes that the outer IPv4 header of IP-in-IP adds. Source: RFC 2003 §3.1. */
export const IPIP_OVERHEAD_BYTES = 20;

/** Device names. Pod links start with `mgy`, so nothing else may. */
export const IPIP_DEVICE = 'margay.ipip';
export const POD_LINK_PREFIX = 'mgy';

/** The whole desired state of the IP-in-IP device of one node. */
export interface IpipTunnel {
  readonly device: string;
  /** The address that the device holds: the source of the node's own traffic to pods elsewhere. */
  readonly address: IpAddress;
  readonly mtuBytes: number;
  readonly underlay: { readonly device: string; readonly address: IpAddress };
  /**
   * Which node every remote network lives behind. Outgoing packets to the
   * network are sent to that node, and an incoming inner source is accepted
   * from that node only. The longest prefix wins. A node's own address is one
   * of its networks.
   */
  readonly remotes: readonly IpipRemote[];
}

export interface IpipRemote {
  readonly network: Cidr;
  /** The underlay address of the node. */
  readonly node: IpAddress;
}
