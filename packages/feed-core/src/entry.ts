import type { Cidr, IpAddress } from '@margay/ip';

/**
 * What one node is told, entry by entry. An entry is the latest value under a
 * key; a node holds those whose scope includes it. A whole cluster state is a
 * set of entries, so that snapshot, delta, coalescing and resume are the same
 * for every kind.
 */
export type FeedEntry = NodeEntry | PoolEntry | RouteEntry | PolicyEntry | SetEntry | MemberEntry | EndpointEntry;

/** A cluster node, as its peers reach it. */
export interface NodeEntry {
  readonly kind: 'node';
  readonly name: string;
  /** The underlay address. */
  readonly address: IpAddress;
  /** The network in which the underlay address is configured. */
  readonly subnet: Cidr;
  /** The address on its IP-in-IP device; absent until the node has one. */
  readonly ipipTunnelAddress?: IpAddress;
}

export type EncapsulationMode = 'Always' | 'CrossSubnet' | 'Never';

export interface PoolEntry {
  readonly kind: 'pool';
  readonly cidr: Cidr;
  readonly ipipMode: EncapsulationMode;
  readonly natOutgoing: boolean;
  /** Gives no new addresses; those that it gave out stay as they are. */
  readonly disabled: boolean;
}

/** A block (or one borrowed address, as /32) that lives on a node. */
export interface RouteEntry {
  readonly kind: 'route';
  readonly cidr: Cidr;
  readonly node: string;
}

/** A compiled policy. Rules are tried in order; the first that matches decides. */
export interface PolicyEntry {
  readonly kind: 'policy';
  /** Unique among policies, like `networkpolicy/default/web`. */
  readonly id: string;
  readonly ingress: readonly PolicyRule[];
  readonly egress: readonly PolicyRule[];
}

export type TransportProtocol = 'tcp' | 'udp' | 'sctp';

/**
 * One rule. Every given part must match; an absent part matches everything.
 * `peerSets` is a union, and an empty one matches nothing.
 */
export interface PolicyRule {
  /** Where the rule comes from, like `spec.ingress[0]`, for explanations. */
  readonly origin: string;
  readonly action: 'allow' | 'deny';
  /** Sets whose union holds the peer: the source on ingress, the destination on egress. */
  readonly peerSets?: readonly string[];
  /** Any of these. An empty list matches nothing. */
  readonly ports?: readonly PortMatch[];
}

/** A protocol and, unless every port of it matches, one destination port. */
export interface PortMatch {
  readonly protocol: TransportProtocol;
  readonly port?: number;
}

/** An address set, whose members are entries of their own: `addresses` are matched by hash, `cidrs` by interval. */
export interface SetEntry {
  readonly kind: 'set';
  /** Without a slash. */
  readonly id: string;
  readonly type: 'addresses' | 'cidrs';
}

export interface MemberEntry {
  readonly kind: 'member';
  readonly set: string;
  readonly member: IpAddress | Cidr;
}

/**
 * The policy of one pod on its node. An absent direction is not isolated:
 * everything passes. A present one allows what a listed policy allows, and
 * nothing else.
 */
export interface EndpointEntry {
  readonly kind: 'endpoint';
  readonly namespace: string;
  readonly pod: string;
  /** The UID of the Pod object: a pod that is made again under the same name is another endpoint. */
  readonly uid: string;
  readonly ingress?: { readonly policies: readonly string[] };
  readonly egress?: { readonly policies: readonly string[] };
}

/** The key of an entry: `<kind>/<identity>`. */
export function entryKey(entry: FeedEntry): string {
  switch (entry.kind) {
    case 'node':
      return `node/${entry.name}`;
    case 'pool':
    case 'route':
      return `${entry.kind}/${entry.cidr}`;
    case 'policy':
    case 'set':
      return `${entry.kind}/${entry.id}`;
    case 'member':
      return `member/${entry.set}/${entry.member}`;
    case 'endpoint':
      return `endpoint/${entry.namespace}/${entry.pod}`;
  }
}

/**
 * Who receives an entry: every node (`all`), or the nodes of a named span.
 * Members share the span of their set, rules that of their policy.
 */
export type Scope = 'all' | `node:${string}` | `policy:${string}` | `set:${string}`;

export interface ScopedEntry {
  readonly scope: Scope;
  readonly entry: FeedEntry;
}

/** The nodes of a span change. `node:<name>` needs no span: it always is that node. */
export interface SpanChange {
  readonly scope: Scope;
  readonly add: readonly string[];
  readonly remove: readonly string[];
}

/**
 * One atomic step of the feed: a reader sees all of it or none. Upserts are
 * applied before removes; spans before both.
 */
export interface FeedChanges {
  readonly spans: readonly SpanChange[];
  readonly upserts: readonly ScopedEntry[];
  /** Keys. */
  readonly removes: readonly string[];
}
