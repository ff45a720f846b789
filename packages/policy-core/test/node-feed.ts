import { type EndpointEntry, entryKey, type FeedChanges, type FeedEntry, type Scope } from '@margay/feed-core';
import { type Cidr, cidrContains, type IpAddress } from '@margay/ip';

/** Holds what a compiler has told, step by step, and checks that each step is well formed. */
export class FeedState {
  readonly spans = new Map<Scope, Set<string>>();
  readonly entries = new Map<string, { scope: Scope; entry: FeedEntry }>();

  apply({ spans, upserts, removes }: FeedChanges): void {
    for (const { scope, add, remove } of spans) {
      const nodes = this.spans.get(scope) ?? new Set<string>();
      for (const node of add) mustBe(!nodes.has(node), `${scope} has ${node} already`);
      for (const node of remove) mustBe(nodes.delete(node), `${scope} has no ${node}`);
      for (const node of add) nodes.add(node);
      if (nodes.size === 0) this.spans.delete(scope);
      else this.spans.set(scope, nodes);
    }
    const touched = new Set([...upserts.map(({ entry }) => entryKey(entry)), ...removes]);
    mustBe(touched.size === upserts.length + removes.length, 'a step tells one key twice');
    for (const { scope, entry } of upserts) this.entries.set(entryKey(entry), { scope, entry });
    for (const key of removes) mustBe(this.entries.delete(key), `${key} is removed but was not there`);
  }

  /** Independent of order, for comparison. */
  dump(): object {
    const spans = [...this.spans].map(([scope, nodes]) => `${scope} ${[...nodes].sort().join(' ')}`);
    const entries = [...this.entries.values()].map((scoped) => JSON.stringify(scoped));
    return { spans: spans.sort(), entries: entries.sort() };
  }

  nodes(): Set<string> {
    const nodes = new Set([...this.spans.values()].flatMap((names) => [...names]));
    for (const { scope } of this.entries.values()) if (scope.startsWith('node:')) nodes.add(scope.slice(5));
    return nodes;
  }

  node(name: string): NodeView {
    const held = [...this.entries.values()].filter(
      ({ scope }) => scope === 'all' || scope === `node:${name}` || (this.spans.get(scope)?.has(name) ?? false),
    );
    return new NodeView(held.map(({ entry }) => entry));
  }
}

/** What one node was told, read the way a packet filter would. */
export class NodeView {
  readonly endpoints = new Map<string, EndpointEntry>();
  readonly policies = new Map<string, Extract<FeedEntry, { kind: 'policy' }>>();
  readonly sets = new Map<string, Extract<FeedEntry, { kind: 'set' }>>();
  readonly members = new Map<string, (IpAddress | Cidr)[]>();

  constructor(entries: readonly FeedEntry[]) {
    for (const entry of entries) {
      if (entry.kind === 'endpoint') this.endpoints.set(`${entry.namespace}/${entry.pod}`, entry);
      if (entry.kind === 'policy') this.policies.set(entry.id, entry);
      if (entry.kind === 'set') this.sets.set(entry.id, entry);
      if (entry.kind === 'member') this.members.set(entry.set, [...(this.members.get(entry.set) ?? []), entry.member]);
    }
  }

  /** Whether a new connection passes the endpoint in this direction; `peer` is the other side's address. */
  allows(pod: string, direction: 'ingress' | 'egress', { peer, protocol, port }: PacketQuestion): boolean {
    const endpoint = this.endpoints.get(pod);
    if (endpoint === undefined) throw new Error(`there is no endpoint ${pod}`);
    const isolation = endpoint[direction];
    if (isolation === undefined) return true;
    return isolation.policies.some((id) => {
      const policy = this.policies.get(id);
      if (policy === undefined) throw new Error(`the node has no policy ${id}`);
      return policy[direction].some(
        ({ action, peerSets, ports }) =>
          action === 'allow' &&
          (peerSets === undefined || peerSets.some((set) => this.#contains(set, peer))) &&
          (ports === undefined || ports.some((match) => match.protocol === protocol && (match.port ?? port) === port)),
      );
    });
  }

  /** What the node holds against what its endpoints need: both lists must be empty. */
  accounts(): { missing: string[]; needless: string[] } {
    const policies = new Set<string>();
    for (const { ingress, egress } of this.endpoints.values()) {
      for (const id of [...(ingress?.policies ?? []), ...(egress?.policies ?? [])]) policies.add(id);
    }
    const sets = new Set<string>();
    for (const id of policies) {
      const policy = this.policies.get(id);
      for (const { peerSets } of [...(policy?.ingress ?? []), ...(policy?.egress ?? [])]) {
        for (const set of peerSets ?? []) sets.add(set);
      }
    }
    const compare = (needed: Iterable<string>, held: ReadonlyMap<string, unknown>): string[] =>
      [...needed].filter((id) => !held.has(id));
    return {
      missing: [...compare(policies, this.policies), ...compare(sets, this.sets)],
      needless: [
        ...[...this.policies.keys()].filter((id) => !policies.has(id)),
        ...[...this.sets.keys()].filter((id) => !sets.has(id)),
        ...[...this.members.keys()].filter((id) => !sets.has(id)),
      ],
    };
  }

  #contains(set: string, address: IpAddress): boolean {
    const type = this.sets.get(set)?.type;
    if (type === undefined) throw new Error(`the node has no set ${set}`);
    const members = this.members.get(set) ?? [];
    return type === 'addresses'
      ? members.includes(address)
      : members.some((member) => cidrContains(member as Cidr, address));
  }
}

export interface PacketQuestion {
  readonly peer: IpAddress;
  readonly protocol: 'tcp' | 'udp' | 'sctp';
  readonly port: number;
}

function mustBe(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
