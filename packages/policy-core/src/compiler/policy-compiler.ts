import { entryKey, type FeedChanges, type PolicyEntry, type ScopedEntry } from '@margay/feed-core';
import type { Namespace, NetworkPolicy, Pod } from '@margay/model';
import { type CompiledPolicy, compileNetworkPolicy, type Direction } from '../network-policy/compile-network-policy.ts';
import { type PodFacts, podFacts, sameFacts, sameLabels } from '../pod-facts.ts';
import type { PolicyProblem } from '../problem.ts';
import { endpointEntry, policyScope, sameJson } from './entries.ts';
import { Inventory, type PodRecord, podsMatching } from './inventory.ts';
import { type PolicyRecord, policyId } from './policy-record.ts';
import { SetTable, setScope } from './set-table.ts';
import { Spans } from './spans.ts';

/** An object by name. */
export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
}

/** What the feed holds after the last flush. */
export interface CompilerCounts {
  readonly policies: number;
  readonly sets: number;
  readonly members: number;
  readonly endpoints: number;
}

/**
 * Compiles Namespaces, Pods and NetworkPolicies to what each node needs.
 *
 * Objects may come in any order, repeated or late; the state depends on the
 * latest of each only. A pod costs its labels and the policies and sets that
 * it is in; a policy costs the pods that it selects and, where it is the first
 * to need a set, that set's members. Nothing is compiled twice.
 */
export class PolicyCompiler {
  readonly #inventory = new Inventory();
  readonly #sets = new SetTable(this.#inventory);
  readonly #spans = new Spans();
  readonly #pods = new Map<string, PodRecord>();
  readonly #policies = new Map<string, PolicyRecord>();
  readonly #dirtyPods = new Set<PodRecord>();
  readonly #dirtyPolicies = new Set<PolicyRecord>();
  #emittedEndpoints = 0;
  #emittedPolicies = 0;

  get counts(): CompilerCounts {
    return { policies: this.#emittedPolicies, endpoints: this.#emittedEndpoints, ...this.#sets.counts };
  }

  /** True when the next flush may have something to tell. */
  get pending(): boolean {
    return this.#dirtyPods.size + this.#dirtyPolicies.size > 0 || this.#sets.changed || this.#spans.changed;
  }

  upsertNamespace({ metadata }: Namespace): void {
    const record = this.#inventory.namespace(metadata.name);
    const labels = metadata.labels ?? {};
    if (sameLabels(record.labels, labels)) return;
    record.labels = labels;
    this.#sets.placeNamespace(record);
  }

  removeNamespace(name: string): void {
    const record = this.#inventory.namespace(name);
    delete record.labels;
    this.#sets.placeNamespace(record);
    this.#inventory.prune(record);
  }

  upsertPod(pod: Pod): void {
    const name = { namespace: pod.metadata.namespace ?? '', name: pod.metadata.name };
    const facts = podFacts(pod);
    const record = this.#pods.get(podKey(name)) ?? this.#addPod(name);
    if (record.namespace.pods.has(record)) {
      if (sameFacts(record.facts, facts)) return;
    } else {
      // New, or removed since the last flush, when its namespace may have been forgotten.
      record.namespace = this.#inventory.namespace(name.namespace);
      record.namespace.pods.add(record);
    }
    this.#setFacts(record, facts);
  }

  removePod(name: NamespacedName): void {
    const record = this.#pods.get(podKey(name));
    if (!record?.namespace.pods.has(record)) return;
    this.#setFacts(record, NO_FACTS);
    record.namespace.pods.delete(record);
    this.#inventory.prune(record.namespace);
  }

  /** Returns what the policy says that is not enforced as written. */
  upsertNetworkPolicy(policy: NetworkPolicy): readonly PolicyProblem[] {
    const compiled = compileNetworkPolicy(policy);
    const id = policyId(compiled.namespace, policy.metadata.name);
    const namespace = this.#inventory.namespace(compiled.namespace);
    const record = this.#policies.get(id) ?? { id, namespace, pods: new Set(), podsByNode: new Map() };
    // A policy removed since the last flush may hold a namespace that was forgotten.
    record.namespace = namespace;
    this.#policies.set(id, record);
    this.#setCompiled(record, compiled);
    return compiled.problems;
  }

  removeNetworkPolicy({ namespace, name }: NamespacedName): void {
    const record = this.#policies.get(policyId(namespace, name));
    if (!record?.compiled) return;
    this.#setCompiled(record, undefined);
    this.#inventory.prune(record.namespace);
  }

  /** The problems of every policy there is. */
  problems(): PolicyProblem[] {
    return [...this.#policies.values()].flatMap(({ compiled }) => compiled?.problems ?? []);
  }

  /** One step from what the last flush told to what holds now; empty when that is the same. */
  flush(): FeedChanges {
    const spans = this.#spans.take();
    const upserts: ScopedEntry[] = [];
    const removes: string[] = [];
    this.#sets.take(upserts, removes);
    for (const record of this.#dirtyPolicies) this.#flushPolicy(record, upserts, removes);
    for (const record of this.#dirtyPods) this.#flushPod(record, upserts, removes);
    this.#dirtyPolicies.clear();
    this.#dirtyPods.clear();
    return { spans, upserts, removes };
  }

  /** Everything that the flushes so far have told, as one step. Flush first: what is pending would be told twice. */
  snapshot(): FeedChanges {
    const upserts: ScopedEntry[] = [];
    this.#sets.all(upserts);
    for (const { emitted, id } of this.#policies.values()) {
      if (emitted) upserts.push({ scope: policyScope(id), entry: emitted });
    }
    for (const { emitted } of this.#pods.values()) if (emitted) upserts.push(emitted);
    return { spans: this.#spans.all(), upserts, removes: [] };
  }

  #addPod({ namespace, name }: NamespacedName): PodRecord {
    const record: PodRecord = {
      namespace: this.#inventory.namespace(namespace),
      name,
      facts: NO_FACTS,
      policies: new Set(),
      sets: new Set(),
    };
    this.#pods.set(podKey({ namespace, name }), record);
    return record;
  }

  #setFacts(record: PodRecord, facts: PodFacts): void {
    const old = record.facts;
    this.#inventory.unfileLabels(record);
    record.facts = facts;
    this.#inventory.fileLabels(record);
    this.#sets.place(record, old.address);
    this.#attachPolicies(record, old.node);
    this.#dirtyPods.add(record);
  }

  /** Gains before losses: a policy that merely changes nodes keeps its sets. */
  #attachPolicies(record: PodRecord, oldNode: string | undefined): void {
    const { node, labels } = record.facts;
    const old = record.policies;
    record.policies = new Set(node === undefined ? [] : record.namespace.policies.matching(labels));
    for (const policy of record.policies) {
      policy.pods.add(record);
      if (!old.has(policy) || node !== oldNode) this.#gainPod(policy, node);
    }
    for (const policy of old) {
      if (!record.policies.has(policy)) policy.pods.delete(record);
      if (!record.policies.has(policy) || node !== oldNode) this.#losePod(policy, oldNode);
    }
  }

  #gainPod(policy: PolicyRecord, node: string | undefined): void {
    if (node === undefined) return;
    const { podsByNode, compiled } = policy;
    const count = podsByNode.get(node) ?? 0;
    podsByNode.set(node, count + 1);
    if (count > 0) return;
    this.#dirtyPolicies.add(policy);
    this.#spans.gain(policyScope(policy.id), node);
    for (const [id, source] of compiled?.sets ?? []) {
      if (podsByNode.size === 1) this.#sets.acquire(source);
      this.#spans.gain(setScope(id), node);
    }
  }

  #losePod(policy: PolicyRecord, node: string | undefined): void {
    if (node === undefined) return;
    const { podsByNode, compiled } = policy;
    const count = podsByNode.get(node) ?? 0;
    if (count > 1) {
      podsByNode.set(node, count - 1);
      return;
    }
    podsByNode.delete(node);
    this.#dirtyPolicies.add(policy);
    this.#spans.lose(policyScope(policy.id), node);
    for (const id of compiled?.sets.keys() ?? []) {
      this.#spans.lose(setScope(id), node);
      if (podsByNode.size === 0) this.#sets.release(id);
    }
  }

  #setCompiled(record: PolicyRecord, compiled: CompiledPolicy | undefined): void {
    const old = record.compiled;
    if (compiled) record.compiled = compiled;
    else delete record.compiled;
    this.#exchangeSets(record, old);
    this.#dirtyPolicies.add(record);
    if (old?.podSelector.text() !== compiled?.podSelector.text()) this.#exchangeSelector(record, old, compiled);
    const same = (direction: Direction): boolean => old?.isolates[direction] === compiled?.isolates[direction];
    if (!same('ingress') || !same('egress')) for (const pod of record.pods) this.#dirtyPods.add(pod);
  }

  /** On the nodes that need the policy now. */
  #exchangeSets({ compiled, podsByNode }: PolicyRecord, old: CompiledPolicy | undefined): void {
    if (podsByNode.size === 0) return;
    for (const [id, source] of compiled?.sets ?? []) {
      if (old?.sets.has(id)) continue;
      this.#sets.acquire(source);
      for (const node of podsByNode.keys()) this.#spans.gain(setScope(id), node);
    }
    for (const id of old?.sets.keys() ?? []) {
      if (compiled?.sets.has(id)) continue;
      for (const node of podsByNode.keys()) this.#spans.lose(setScope(id), node);
      this.#sets.release(id);
    }
  }

  #exchangeSelector(record: PolicyRecord, old: CompiledPolicy | undefined, compiled: CompiledPolicy | undefined): void {
    const { policies } = record.namespace;
    if (old) policies.remove(old.podSelector, record);
    const before = new Set(record.pods);
    if (compiled) {
      policies.add(compiled.podSelector, record);
      for (const pod of podsMatching(record.namespace, compiled.podSelector)) {
        if (pod.facts.node === undefined || before.delete(pod)) continue;
        record.pods.add(pod);
        pod.policies.add(record);
        this.#gainPod(record, pod.facts.node);
        this.#dirtyPods.add(pod);
      }
    }
    for (const pod of before) {
      record.pods.delete(pod);
      pod.policies.delete(record);
      this.#losePod(record, pod.facts.node);
      this.#dirtyPods.add(pod);
    }
  }

  #flushPolicy(record: PolicyRecord, upserts: ScopedEntry[], removes: string[]): void {
    const { id, compiled, podsByNode, emitted } = record;
    if (compiled && podsByNode.size > 0) {
      const entry: PolicyEntry = { kind: 'policy', id, ...compiled.rules };
      if (emitted && sameJson(emitted, entry)) return;
      record.emitted = entry;
      this.#emittedPolicies += emitted ? 0 : 1;
      upserts.push({ scope: policyScope(id), entry });
    } else if (emitted) {
      delete record.emitted;
      this.#emittedPolicies--;
      removes.push(entryKey(emitted));
    }
    if (compiled === undefined) this.#policies.delete(id);
  }

  #flushPod(record: PodRecord, upserts: ScopedEntry[], removes: string[]): void {
    const { emitted, namespace, name, facts } = record;
    if (facts.node !== undefined) {
      const next: ScopedEntry = { scope: `node:${facts.node}`, entry: endpointEntry(record) };
      if (emitted && sameJson(emitted, next)) return;
      record.emitted = next;
      this.#emittedEndpoints += emitted ? 0 : 1;
      upserts.push(next);
    } else if (emitted) {
      delete record.emitted;
      this.#emittedEndpoints--;
      removes.push(entryKey(emitted.entry));
    }
    if (!namespace.pods.has(record)) this.#pods.delete(podKey({ namespace: namespace.name, name }));
  }
}

const NO_FACTS: PodFacts = { uid: '', labels: {} };

function podKey({ namespace, name }: NamespacedName): string {
  return `${namespace}/${name}`;
}
