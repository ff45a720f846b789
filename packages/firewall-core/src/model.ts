import type { PolicyRule } from '@margay/feed-core';
import type { Cidr, IpAddress } from '@margay/ip';

/** The one nftables table of Margay, family inet. */
export const TABLE_NAME = 'margay';

/**
 * The whole desired firewall of one node, independent of the renderer.
 * Identifiers of sets, policies and endpoints are the feed's; the renderer
 * maps them to kernel names.
 */
export interface FirewallModel {
  readonly endpoints: readonly FirewallEndpoint[];
  readonly policies: readonly FirewallPolicy[];
  readonly sets: readonly FirewallSet[];
  /** Sources that are masqueraded when they leave for a destination outside `clusterNetworks`. */
  readonly natOutgoing: readonly Cidr[];
  /** Every pool: `natOutgoing` never masquerades towards these. */
  readonly clusterNetworks: readonly Cidr[];
  /**
   * Sources that are masqueraded when they leave for one of `nodes`: pods of
   * encapsulated pools, which nothing else translates. Such a packet leaves
   * beside the tunnel, in the open. The network between the nodes may not
   * know the pod's address, and the other node drops it where it filters by
   * reverse path: its own way to the pod is the tunnel. Calico masquerades by
   * `natOutgoing` alone; what it does about this case, our reference does not say.
   */
  readonly natToNodes: readonly Cidr[];
  /** The nodes' own addresses; empty where `natToNodes` is. Not changed in place: the renderer keeps what it made of it. */
  readonly nodes: ReadonlySet<IpAddress>;
}

/** A pod link and what may pass it. A pod link without an endpoint drops everything. */
export interface FirewallEndpoint {
  /** Host end of the pod link. */
  readonly device: string;
  /** The only sources that the pod may send from. */
  readonly addresses: readonly IpAddress[];
  /** Policy ids; absent: not isolated. */
  readonly ingress?: readonly string[];
  readonly egress?: readonly string[];
}

export interface FirewallPolicy {
  readonly id: string;
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

export interface FirewallSet {
  readonly id: string;
  readonly type: 'addresses' | 'cidrs';
  readonly members: ReadonlySet<IpAddress | Cidr>;
}
