import { entryKey, type MemberEntry, type Scope, type ScopedEntry, type SetEntry } from '@margay/feed-core';
import type { IpAddress } from '@margay/ip';
import { namespaceChoiceKey, type PodSetSource, type SetSource } from '../set-source.ts';
import { type Inventory, type NamespaceRecord, type PodRecord, podsMatching } from './inventory.ts';
import { AddressSet, type NamespaceGroup, PodSet } from './pod-set.ts';
import { SelectorIndex } from './selector-index.ts';

/** The address sets that needed policies refer to, and their members. */
export class SetTable {
  readonly #inventory: Inventory;
  readonly #sets = new Map<string, AddressSet>();
  readonly #groups = new Map<string, NamespaceGroup>();
  readonly #groupsByLabels = new SelectorIndex<NamespaceGroup>();
  readonly #dirty = new Set<AddressSet>();
  #emittedMembers = 0;
  #emittedSets = 0;

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
  }

  get changed(): boolean {
    return this.#dirty.size > 0;
  }

  /** What the feed holds. */
  get counts(): { readonly sets: number; readonly members: number } {
    return { sets: this.#emittedSets, members: this.#emittedMembers };
  }

  /** One user more; the first one fills the set. */
  acquire(source: SetSource): void {
    let set = this.#sets.get(source.id);
    if (set === undefined) {
      set = source.kind === 'pods' ? new PodSet(source) : new AddressSet(source);
      this.#sets.set(source.id, set);
    }
    set.users++;
    if (set.users > 1) return;
    this.#dirty.add(set);
    if (set.source.kind === 'cidrs') for (const cidr of set.source.cidrs) set.addMember(cidr);
    else this.#fill(set as PodSet, set.source);
  }

  /** One user less; the last one empties the set. */
  release(id: string): void {
    const set = this.#sets.get(id);
    if (set === undefined) return;
    set.users--;
    if (set.users > 0) return;
    this.#dirty.add(set);
    if (set.source.kind === 'cidrs') for (const cidr of set.source.cidrs) set.removeMember(cidr);
    else this.#empty(set as PodSet, set.source);
  }

  /** Brings the pod's memberships in line with its facts, which have changed from `oldAddress`. */
  place(pod: PodRecord, oldAddress: IpAddress | undefined): void {
    const { address, labels } = pod.facts;
    const next = new Set<PodSet>();
    if (address !== undefined) {
      for (const group of pod.namespace.groups) for (const set of group.sets.matching(labels)) next.add(set);
    }
    const moved = address !== oldAddress;
    for (const set of next) {
      if (pod.sets.has(set) && !moved) continue;
      set.pods.add(pod);
      this.#add(set, address);
    }
    for (const set of pod.sets) {
      if (next.has(set) && !moved) continue;
      if (!next.has(set)) set.pods.delete(pod);
      this.#remove(set, oldAddress);
    }
    pod.sets = next;
  }

  /** Brings a namespace's groups, and its pods with them, in line with its labels. */
  placeNamespace(namespace: NamespaceRecord): void {
    const next = new Set<NamespaceGroup>();
    for (const group of namespace.groups) if (group.choice.kind === 'named') next.add(group);
    if (namespace.labels) for (const group of this.#groupsByLabels.matching(namespace.labels)) next.add(group);
    const gained = [...next].filter((group) => !namespace.groups.has(group));
    const lost = [...namespace.groups].filter((group) => !next.has(group));
    if (gained.length + lost.length === 0) return;
    for (const group of gained) group.namespaces.add(namespace);
    for (const group of lost) group.namespaces.delete(namespace);
    namespace.groups = next;
    for (const pod of namespace.pods) this.place(pod, pod.facts.address);
  }

  take(upserts: ScopedEntry[], removes: string[]): void {
    for (const set of this.#dirty) this.#flush(set, upserts, removes);
    this.#dirty.clear();
  }

  all(upserts: ScopedEntry[]): void {
    for (const set of this.#sets.values()) {
      upserts.push(scoped(setEntry(set)));
      for (const member of set.members.keys()) upserts.push(scoped(memberEntry(set, member)));
    }
  }

  #fill(set: PodSet, source: PodSetSource): void {
    const group = this.#group(source);
    group.sets.add(source.podSelector, set);
    for (const namespace of group.namespaces) {
      for (const pod of podsMatching(namespace, source.podSelector)) {
        if (pod.facts.address === undefined) continue;
        set.pods.add(pod);
        pod.sets.add(set);
        set.addMember(pod.facts.address);
      }
    }
  }

  #empty(set: PodSet, source: PodSetSource): void {
    for (const pod of set.pods) {
      pod.sets.delete(set);
      if (pod.facts.address !== undefined) set.removeMember(pod.facts.address);
    }
    set.pods.clear();
    const group = this.#group(source);
    group.sets.remove(source.podSelector, set);
    if (group.sets.size === 0) this.#dropGroup(group);
  }

  #group({ namespaces: choice }: PodSetSource): NamespaceGroup {
    const key = namespaceChoiceKey(choice);
    const existing = this.#groups.get(key);
    if (existing) return existing;
    const group: NamespaceGroup = { key, choice, namespaces: new Set(), sets: new SelectorIndex() };
    this.#groups.set(key, group);
    if (choice.kind === 'named') {
      this.#join(group, this.#inventory.namespace(choice.name));
    } else {
      this.#groupsByLabels.add(choice.selector, group);
      for (const namespace of this.#inventory.namespaces()) {
        if (namespace.labels && choice.selector.matches(namespace.labels)) this.#join(group, namespace);
      }
    }
    return group;
  }

  #join(group: NamespaceGroup, namespace: NamespaceRecord): void {
    group.namespaces.add(namespace);
    namespace.groups.add(group);
  }

  #dropGroup(group: NamespaceGroup): void {
    this.#groups.delete(group.key);
    if (group.choice.kind === 'selected') this.#groupsByLabels.remove(group.choice.selector, group);
    for (const namespace of group.namespaces) {
      namespace.groups.delete(group);
      this.#inventory.prune(namespace);
    }
  }

  #add(set: PodSet, address: IpAddress | undefined): void {
    if (address === undefined) return;
    set.addMember(address);
    this.#dirty.add(set);
  }

  #remove(set: PodSet, address: IpAddress | undefined): void {
    if (address === undefined) return;
    set.removeMember(address);
    this.#dirty.add(set);
  }

  #flush(set: AddressSet, upserts: ScopedEntry[], removes: string[]): void {
    const exists = set.users > 0;
    if (exists && !set.emitted) upserts.push(scoped(setEntry(set)));
    for (const [member, was] of set.touched) {
      const is = set.members.has(member);
      if (is === was) continue;
      this.#emittedMembers += is ? 1 : -1;
      if (is) upserts.push(scoped(memberEntry(set, member)));
      else removes.push(entryKey(memberEntry(set, member)));
    }
    set.touched.clear();
    if (!exists && set.emitted) removes.push(entryKey(setEntry(set)));
    if (!exists) this.#sets.delete(set.source.id);
    this.#emittedSets += Number(exists) - Number(set.emitted);
    set.emitted = exists;
  }
}

export function setScope(id: string): Scope {
  return `set:${id}`;
}

function setEntry({ source }: AddressSet): SetEntry {
  return { kind: 'set', id: source.id, type: source.kind === 'pods' ? 'addresses' : 'cidrs' };
}

function memberEntry({ source }: AddressSet, member: MemberEntry['member']): MemberEntry {
  return { kind: 'member', set: source.id, member };
}

function scoped(entry: SetEntry | MemberEntry): ScopedEntry {
  return { scope: setScope(entry.kind === 'set' ? entry.id : entry.set), entry };
}
