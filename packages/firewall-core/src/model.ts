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
  /** Every pool: never masqueraded as a destination. */
  readonly clusterNetworks: readonly Cidr[];
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
