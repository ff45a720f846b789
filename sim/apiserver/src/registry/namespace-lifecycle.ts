import { NAMESPACE, NAMESPACE_FINALIZER } from '../kinds/namespace.ts';
import type { Change } from '../storage/change.ts';
import type { Entry } from '../storage/entry.ts';
import type { RegistryContext } from './context.ts';
import { timestamp } from './context.ts';
import { deleteObject } from './delete.ts';
import { collectionOf } from './served-resource.ts';

/** Namespaces that every cluster has. */
const INITIAL_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Makes the namespaces that every cluster has, where they are missing. */
export function createInitialNamespaces({ store, now }: RegistryContext): void {
  for (const name of INITIAL_NAMESPACES) {
    if (store.get(NAMESPACE.plural, name) !== undefined) continue;
    const metadata = {
      name,
      uid: crypto.randomUUID(),
      resourceVersion: '',
      creationTimestamp: timestamp(now()),
      labels: { 'kubernetes.io/metadata.name': name },
    };
    const object = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata,
      spec: { finalizers: [NAMESPACE_FINALIZER] },
      status: { phase: 'Active' },
    };
    store.put(NAMESPACE.plural, name, object);
  }
}

/**
 * Empties deleted namespaces: deletes what is in them, pods with their grace
 * period, and removes a namespace once nothing is left.
 */
export class NamespaceLifecycle {
  readonly #context: RegistryContext;
  readonly #pending = new Set<string>();

  constructor(context: RegistryContext) {
    this.#context = context;
    // A server that was stopped in the middle goes on where it was.
    for (const entry of context.store.list(NAMESPACE.plural)) this.#consider(entry);
  }

  /** Notes changes that bring a deleted namespace nearer to its end. */
  onChange(change: Change): void {
    if (change.collection === NAMESPACE.plural) {
      if (change.type !== 'DELETED') this.#consider(change.entry);
      return;
    }
    const { namespace } = change.entry.object.metadata;
    if (change.type !== 'DELETED' || namespace === undefined) return;
    const entry = this.#context.store.get(NAMESPACE.plural, namespace);
    if (entry !== undefined) this.#consider(entry);
  }

  /** Never inside the change that caused it: that one is told to everyone first. */
  #consider(entry: Entry): void {
    if (entry.object.metadata.deletionTimestamp === undefined || this.#pending.has(entry.key)) return;
    this.#pending.add(entry.key);
    queueMicrotask(() => {
      this.#pending.delete(entry.key);
      this.#empty(entry.key);
    });
  }

  #empty(name: string): void {
    const { store, catalog } = this.#context;
    const namespace = store.get(NAMESPACE.plural, name);
    if (namespace?.object.metadata.deletionTimestamp === undefined) return;
    let left = 0;
    for (const resource of catalog.namespacedCollections()) {
      for (const { key, object } of store.list(collectionOf(resource))) {
        if (!key.startsWith(`${name}/`)) continue;
        if (object.metadata.deletionTimestamp !== undefined) left += 1;
        else {
          const target = { resource, namespace: name, name: object.metadata.name };
          if (!deleteObject(this.#context, target, { dryRun: false }).removed) left += 1;
        }
      }
    }
    if (left > 0) return;
    const object = structuredClone(namespace.object);
    const { finalizers = [], ...spec } = object.spec as { finalizers?: string[] };
    const others = finalizers.filter((finalizer) => finalizer !== NAMESPACE_FINALIZER);
    object.spec = others.length === 0 ? spec : { ...spec, finalizers: others };
    if (others.length > 0 || (object.metadata.finalizers ?? []).length > 0) {
      if (others.length !== finalizers.length) store.put(NAMESPACE.plural, name, object);
    } else store.remove(NAMESPACE.plural, name);
  }
}
