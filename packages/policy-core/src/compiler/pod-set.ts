import type { Cidr, IpAddress } from '@margay/ip';
import type { NamespaceChoice, SetSource } from '../set-source.ts';
import type { NamespaceRecord, PodRecord } from './inventory.ts';
import type { SelectorIndex } from './selector-index.ts';

/** One choice of namespaces, shared by the sets that make it. */
export interface NamespaceGroup {
  readonly key: string;
  readonly choice: NamespaceChoice;
  readonly namespaces: Set<NamespaceRecord>;
  /** By their pod selector. */
  readonly sets: SelectorIndex<PodSet>;
}

/** An address set and its members, and what changed since the last flush. */
export class AddressSet {
  readonly source: SetSource;
  /** How many needed policies refer to it. At 0 it goes with the next flush, unless one comes back. */
  users = 0;
  /** Whether the feed holds it. */
  emitted = false;
  /** By how many pods have the address. */
  readonly members = new Map<IpAddress | Cidr, number>();
  /** Members touched since the last flush: whether the feed holds them. */
  readonly touched = new Map<IpAddress | Cidr, boolean>();

  constructor(source: SetSource) {
    this.source = source;
  }

  addMember(member: IpAddress | Cidr): void {
    const count = this.members.get(member) ?? 0;
    this.members.set(member, count + 1);
    if (count === 0 && !this.touched.has(member)) this.touched.set(member, false);
  }

  removeMember(member: IpAddress | Cidr): void {
    const count = this.members.get(member);
    if (count === undefined) return;
    if (count > 1) {
      this.members.set(member, count - 1);
      return;
    }
    this.members.delete(member);
    if (!this.touched.has(member)) this.touched.set(member, true);
  }
}

/** A set of pod addresses. */
export class PodSet extends AddressSet {
  readonly pods = new Set<PodRecord>();
}
