import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { KindName, Resource, ResourceOf } from '@margay/model';
import {
  type ListOptions,
  type Preconditions,
  type ResourceList,
  type ResourceRef,
  type ResourceStore,
  StoreError,
  type WatchEvent,
  type WatchOptions,
} from '@margay/ports';

type Stored = Resource & { readonly spec?: object };

interface Change {
  readonly version: number;
  readonly kind: KindName;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Stored;
}

/** An API in memory, as far as a kubelet uses it: a deleted pod stays until it is deleted with no grace left. */
export class MemoryStore implements ResourceStore {
  readonly #objects = new Map<string, Stored>();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #log: Change[] = [];
  #version = 0;
  /** Calls, as `verb kind name`. */
  readonly calls: string[] = [];

  async get<K extends KindName>(kind: K, ref: ResourceRef): Promise<ResourceOf<K> | undefined> {
    return this.#objects.get(keyOf(kind, ref)) as ResourceOf<K> | undefined;
  }

  async list<K extends KindName>(kind: K, options: ListOptions = {}): Promise<ResourceList<ResourceOf<K>>> {
    const items = [...this.#objects]
      .filter(([key, object]) => key.startsWith(`${kind}/`) && matches(object, options))
      .map(([, object]) => object as ResourceOf<K>);
    return { resourceVersion: String(this.#version), items };
  }

  async create<K extends KindName>(kind: K, resource: ResourceOf<K>): Promise<ResourceOf<K>> {
    const key = keyOf(kind, resource.metadata);
    if (this.#objects.has(key)) throw new StoreError('ALREADY_EXISTS', `${key} exists`);
    this.#note('create', kind, resource.metadata);
    return this.#put(kind, 'ADDED', {
      ...resource,
      metadata: { uid: randomUUID(), ...resource.metadata },
    } as Stored) as ResourceOf<K>;
  }

  async update<K extends KindName>(kind: K, resource: ResourceOf<K>): Promise<ResourceOf<K>> {
    return this.#put(kind, 'MODIFIED', resource as Stored) as ResourceOf<K>;
  }

  async patch<K extends KindName>(kind: K, ref: ResourceRef, patch: object): Promise<ResourceOf<K>> {
    const existing = this.#objects.get(keyOf(kind, ref));
    if (!existing) throw new StoreError('NOT_FOUND', `${keyOf(kind, ref)} does not exist`);
    const { metadata } = patch as Partial<Resource>;
    for (const field of ['uid', 'resourceVersion'] as const) {
      if (metadata?.[field] !== undefined && metadata[field] !== existing.metadata[field]) {
        throw new StoreError('CONFLICT', `${field} is another one`);
      }
    }
    this.#note('patch', kind, ref);
    return this.#put(kind, 'MODIFIED', merge(existing, patch) as Stored) as ResourceOf<K>;
  }

  async delete(kind: KindName, ref: ResourceRef, preconditions: Preconditions = {}): Promise<void> {
    const key = keyOf(kind, ref);
    const existing = this.#objects.get(key);
    if (!existing) throw new StoreError('NOT_FOUND', `${key} does not exist`);
    if (preconditions.uid !== undefined && preconditions.uid !== existing.metadata.uid) {
      throw new StoreError('CONFLICT', 'uid is another one');
    }
    this.#note('delete', kind, ref);
    if (kind === 'Pod' && preconditions.gracePeriodSeconds !== 0) {
      const deletionGracePeriodSeconds = preconditions.gracePeriodSeconds ?? 30;
      const metadata = { ...existing.metadata, deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds };
      this.#put(kind, 'MODIFIED', { ...existing, metadata });
      return;
    }
    this.#objects.delete(key);
    this.#version += 1;
    this.#tell({ version: this.#version, kind, type: 'DELETED', object: existing });
  }

  async *watch<K extends KindName>(kind: K, options: WatchOptions): AsyncIterable<WatchEvent<ResourceOf<K>>> {
    let next = this.#log.findIndex(({ version }) => version > Number(options.resourceVersion));
    if (next === -1) next = this.#log.length;
    while (!options.signal.aborted) {
      for (; next < this.#log.length; next += 1) {
        const change = this.#log[next];
        if (change?.kind !== kind || !matches(change.object, options)) continue;
        yield { type: change.type, object: change.object as ResourceOf<K> };
      }
      await once(this.#changes, 'change', { signal: options.signal }).catch(() => undefined);
    }
  }

  /** Resolves once `condition` is true of the object (undefined: there is none). */
  async until<K extends KindName>(
    kind: K,
    ref: ResourceRef,
    condition: (object: ResourceOf<K> | undefined) => boolean,
  ): Promise<ResourceOf<K> | undefined> {
    const signal = AbortSignal.timeout(10_000);
    for (;;) {
      const object = await this.get(kind, ref);
      if (condition(object)) return object;
      try {
        await once(this.#changes, 'change', { signal });
      } catch (error) {
        throw new Error(`${kind} ${ref.name} is still ${JSON.stringify(object?.metadata)}`, { cause: error });
      }
    }
  }

  #put(kind: KindName, type: 'ADDED' | 'MODIFIED', object: Stored): Stored {
    this.#version += 1;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: String(this.#version) } };
    this.#objects.set(keyOf(kind, stored.metadata), stored);
    this.#tell({ version: this.#version, kind, type, object: stored });
    return stored;
  }

  #tell(change: Change): void {
    this.#log.push(change);
    this.#changes.emit('change');
  }

  #note(verb: string, kind: KindName, { name }: ResourceRef): void {
    this.calls.push(`${verb} ${kind} ${name}`);
  }
}

function keyOf(kind: KindName, { name, namespace }: ResourceRef): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}

function matches(object: Stored, { fieldSelector }: ListOptions): boolean {
  const node = fieldSelector?.match(/^spec\.nodeName=(.*)$/)?.[1];
  return node === undefined || (object.spec as { nodeName?: string } | undefined)?.nodeName === node;
}

/** RFC 7396. */
function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
