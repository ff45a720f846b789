import type { ScopedEntry } from '@margay/feed-core';
import type { Labels, Selector } from '@margay/selector';
import type { PodFacts } from '../pod-facts.ts';
import type { NamespaceGroup, PodSet } from './pod-set.ts';
import type { PolicyRecord } from './policy-record.ts';
import { pairKey, SelectorIndex } from './selector-index.ts';

export interface NamespaceRecord {
  readonly name: string;
  /** Absent while no Namespace object is known: then no namespaceSelector matches it. */
  labels?: Labels;
  readonly pods: Set<PodRecord>;
  readonly podsByLabel: Map<string, Set<PodRecord>>;
  readonly policies: SelectorIndex<PolicyRecord>;
  /** The namespace choices of existing sets that include this namespace. */
  groups: Set<NamespaceGroup>;
}

export interface PodRecord {
  namespace: NamespaceRecord;
  readonly name: string;
  facts: PodFacts;
  /** Those that select it; empty without an endpoint. */
  policies: Set<PolicyRecord>;
  /** Those that its address is a member of; empty without an address. */
  sets: Set<PodSet>;
  /** What the feed holds. */
  emitted?: ScopedEntry;
}

/** Namespaces, and the pods in them by label. */
export class Inventory {
  readonly #namespaces = new Map<string, NamespaceRecord>();

  get size(): number {
    return this.#namespaces.size;
  }

  /** The record of a namespace, made when there is none. */
  namespace(name: string): NamespaceRecord {
    let record = this.#namespaces.get(name);
    if (record === undefined) {
      record = {
        name,
        pods: new Set(),
        podsByLabel: new Map(),
        policies: new SelectorIndex(),
        groups: new Set(),
      };
      this.#namespaces.set(name, record);
    }
    return record;
  }

  namespaces(): Iterable<NamespaceRecord> {
    return this.#namespaces.values();
  }

  /** Forgets a namespace in which nothing is left. */
  prune(record: NamespaceRecord): void {
    const { labels, pods, policies, groups, name } = record;
    if (labels !== undefined || pods.size + policies.size + groups.size > 0) return;
    if (this.#namespaces.get(name) === record) this.#namespaces.delete(name);
  }

  /** Files a pod under its labels. */
  fileLabels(pod: PodRecord): void {
    const { podsByLabel } = pod.namespace;
    for (const [key, value] of Object.entries(pod.facts.labels)) {
      const pair = pairKey(key, value);
      const pods = podsByLabel.get(pair);
      if (pods === undefined) podsByLabel.set(pair, new Set([pod]));
      else pods.add(pod);
    }
  }

  unfileLabels(pod: PodRecord): void {
    const { podsByLabel } = pod.namespace;
    for (const [key, value] of Object.entries(pod.facts.labels)) {
      const pair = pairKey(key, value);
      const pods = podsByLabel.get(pair);
      pods?.delete(pod);
      if (pods?.size === 0) podsByLabel.delete(pair);
    }
  }
}

/** The pods of a namespace that a selector matches, tried from the smallest list that must hold them. */
export function* podsMatching({ pods, podsByLabel }: NamespaceRecord, selector: Selector): Generator<PodRecord> {
  for (const pod of candidates(selector, pods, podsByLabel)) {
    if (selector.matches(pod.facts.labels)) yield pod;
  }
}

function candidates(
  { requirements }: Selector,
  all: Set<PodRecord>,
  byLabel: ReadonlyMap<string, Set<PodRecord>>,
): Iterable<PodRecord> {
  let best = all;
  for (const { key, operator, values } of requirements) {
    if (operator !== 'In' || values.length !== 1) continue;
    const pods = byLabel.get(pairKey(key, values[0] as string));
    if (pods === undefined) return [];
    if (pods.size < best.size) best = pods;
  }
  return best;
}
