import { applyMergePatch, KINDS, type KindName, type Pod, type Resource, type ResourceOf } from '@margay/model';
import {
  type PatchOptions,
  type Preconditions,
  type ResourceList,
  type ResourceRef,
  type ResourceStore,
  StoreError,
  type TrimmedListOptions,
  type WatchEvent,
  type WatchOptions,
} from '@margay/ports';
import { type Change, eventOf } from './change.ts';
import { canonicalText, setStatus, specText, statusOf, withStatus } from './parts.ts';
import { selectionOf } from './selection.ts';

/** Kinds whose status is written through the subresource alone. */
const STATUS_KINDS: readonly KindName[] = ['Namespace', 'Node', 'Pod', 'IPPool'];

/** RFC 1123 subdomain, as Kubernetes wants of names. */
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const DEFAULT_GRACE_SECONDS = 30;

export interface MemoryStoreOptions {
  /** For timestamps, milliseconds since 1970. */
  readonly nowMs?: () => number;
}

/**
 * The Kubernetes API in memory: revisions, conflicts, watches, finalizers, a
 * bound pod's grace period. It does not validate a spec, knows no namespaces'
 * life, and lets a status be given at creation to all but custom kinds.
 */
export class MemoryStore implements ResourceStore {
  readonly #nowMs: () => number;
  readonly #objects = new Map<string, Resource>();
  readonly #changes: Change[] = [];
  readonly #wakers = new Set<() => void>();
  #revision = 0;
  #oldest = 0;
  #uids = 0;
  #epoch = 0;
  #outage = false;

  constructor({ nowMs = Date.now }: MemoryStoreOptions = {}) {
    this.#nowMs = nowMs;
  }

  /** Forgets the history: a watch from an earlier version is GONE. */
  compact(): void {
    this.#oldest = this.#revision;
    this.#changes.length = 0;
    this.#wake();
  }

  /** Ends every watch, as a server does that restarts. */
  closeWatches(): void {
    this.#epoch++;
    this.#wake();
  }

  /** While true every call fails with UNAVAILABLE, and the watches have ended. */
  setOutage(outage: boolean): void {
    this.#outage = outage;
    if (outage) this.closeWatches();
  }

  async get<K extends KindName>(kind: K, ref: ResourceRef): Promise<ResourceOf<K> | undefined> {
    this.#refuseInOutage();
    const object = this.#objects.get(keyOf(kind, ref));
    return object && (structuredClone(object) as ResourceOf<K>);
  }

  async list<K extends KindName>(
    kind: K,
    options: TrimmedListOptions<ResourceOf<K>> = {},
  ): Promise<ResourceList<ResourceOf<K>>> {
    this.#refuseInOutage();
    options.signal?.throwIfAborted();
    const selected = selectionOf(options);
    const { trim = (object: ResourceOf<K>): ResourceOf<K> => object } = options;
    const items = [...this.#objects].filter(([key, object]) => key.startsWith(`${kind}/`) && selected(object));
    return {
      resourceVersion: `${this.#revision}`,
      items: items.map(([, object]) => trim(structuredClone(object) as ResourceOf<K>)),
    };
  }

  async create<K extends KindName>(kind: K, resource: ResourceOf<K>): Promise<ResourceOf<K>> {
    this.#refuseInOutage();
    const key = keyOf(kind, resource.metadata);
    if (!NAME.test(resource.metadata.name)) {
      throw new StoreError('INVALID', `metadata.name: '${resource.metadata.name}' is not a name`);
    }
    if (this.#objects.has(key)) throw new StoreError('ALREADY_EXISTS', `${key} already exists`);
    const object = structuredClone(resource);
    if (kind === 'IPPool') setStatus(object, undefined);
    object.apiVersion = KINDS[kind].apiVersion;
    object.kind = kind;
    object.metadata.uid = `00000000-0000-4000-8000-${String(++this.#uids).padStart(12, '0')}`;
    object.metadata.creationTimestamp = this.#timestamp();
    object.metadata.generation = 1;
    return this.#write(kind, { after: object }) as ResourceOf<K>;
  }

  async update<K extends KindName>(kind: K, resource: ResourceOf<K>): Promise<ResourceOf<K>> {
    this.#refuseInOutage();
    const before = this.#existing(kind, resource.metadata);
    const { resourceVersion } = resource.metadata;
    if (resourceVersion === undefined) throw new StoreError('INVALID', 'metadata.resourceVersion is missing');
    requireVersion(before, resourceVersion);
    return this.#replace(kind, { before, wanted: structuredClone(resource), part: 'main' }) as ResourceOf<K>;
  }

  async patch<K extends KindName>(
    kind: K,
    ref: ResourceRef,
    patch: object,
    { subresource }: PatchOptions = {},
  ): Promise<ResourceOf<K>> {
    this.#refuseInOutage();
    const before = this.#existing(kind, ref);
    const wanted = applyMergePatch(structuredClone(before), structuredClone(patch)) as Resource;
    requireVersion(before, wanted.metadata.resourceVersion);
    return this.#replace(kind, { before, wanted, part: subresource ?? 'main' }) as ResourceOf<K>;
  }

  async delete(kind: KindName, ref: ResourceRef, preconditions: Preconditions = {}): Promise<void> {
    this.#refuseInOutage();
    const before = this.#existing(kind, ref);
    const { uid, resourceVersion, gracePeriodSeconds } = preconditions;
    if (uid !== undefined && uid !== before.metadata.uid) {
      throw new StoreError('CONFLICT', `${keyOf(kind, ref)} has the UID ${before.metadata.uid ?? ''}, not ${uid}`);
    }
    requireVersion(before, resourceVersion);
    const graceSeconds = kind === 'Pod' ? graceOf(before as Pod, gracePeriodSeconds) : 0;
    const isHeld = (before.metadata.finalizers ?? []).length > 0;
    if (graceSeconds === 0 && !isHeld) {
      this.#write(kind, { before });
      return;
    }
    if (before.metadata.deletionTimestamp !== undefined && graceSeconds > 0) return;
    const after = structuredClone(before);
    after.metadata.deletionTimestamp ??= this.#timestamp(graceSeconds);
    after.metadata.deletionGracePeriodSeconds = graceSeconds;
    this.#write(kind, { before, after });
  }

  async *watch<K extends KindName>(
    kind: K,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<ResourceOf<K>>, void, undefined> {
    this.#refuseInOutage();
    const { signal } = options;
    const selected = selectionOf(options);
    const epoch = this.#epoch;
    let seen = Number(options.resourceVersion);
    while (!signal.aborted && this.#epoch === epoch) {
      if (seen < this.#oldest)
        throw new StoreError('GONE', `version ${seen} is too old; the oldest is ${this.#oldest}`);
      const next = this.#changes.find(({ revision }) => revision > seen);
      if (next === undefined) {
        await this.#changed(signal);
        continue;
      }
      seen = next.revision;
      const event = next.kind === kind ? eventOf(next, selected) : undefined;
      if (event !== undefined) yield event as WatchEvent<ResourceOf<K>>;
    }
  }

  #replace(
    kind: KindName,
    { before, wanted, part }: { before: Resource; wanted: Resource; part: 'main' | 'status' },
  ): Resource {
    const after = part === 'status' ? withStatus(before, wanted) : wanted;
    if (part === 'main' && STATUS_KINDS.includes(kind)) setStatus(after, statusOf(before));
    // What the server alone sets.
    const { uid, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, generation } = before.metadata;
    Object.assign(after.metadata, {
      uid,
      creationTimestamp,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      generation,
    });
    after.metadata.resourceVersion = before.metadata.resourceVersion ?? '';
    after.apiVersion = KINDS[kind].apiVersion;
    after.kind = kind;
    const canonical = JSON.parse(JSON.stringify(after)) as Resource;
    // A write that changes nothing makes no version.
    if (canonicalText(canonical) === canonicalText(before)) return structuredClone(before);
    if (specText(canonical) !== specText(before)) canonical.metadata.generation = (generation ?? 1) + 1;
    const released =
      (canonical.metadata.finalizers ?? []).length === 0 && (before.metadata.finalizers ?? []).length > 0;
    if (deletionTimestamp !== undefined && released && (deletionGracePeriodSeconds ?? 0) === 0) {
      this.#write(kind, { before });
      return canonical;
    }
    return this.#write(kind, { before, after: canonical });
  }

  /** Stores one change and tells the watches. */
  #write(kind: KindName, { before, after }: { before?: Resource; after?: Resource }): Resource {
    const revision = ++this.#revision;
    const object = structuredClone(after ?? before) as Resource;
    object.metadata.resourceVersion = `${revision}`;
    const key = keyOf(kind, object.metadata);
    if (after === undefined) this.#objects.delete(key);
    else this.#objects.set(key, object);
    this.#changes.push({
      revision,
      kind,
      ...(before && { before }),
      ...(after === undefined ? { last: object } : { after: object }),
    });
    this.#wake();
    return structuredClone(object);
  }

  #existing(kind: KindName, ref: ResourceRef): Resource {
    const object = this.#objects.get(keyOf(kind, ref));
    if (object === undefined) throw new StoreError('NOT_FOUND', `${keyOf(kind, ref)} does not exist`);
    return object;
  }

  #refuseInOutage(): void {
    if (this.#outage) throw new StoreError('UNAVAILABLE', 'the store is in an outage');
  }

  #timestamp(plusSeconds = 0): string {
    return new Date(this.#nowMs() + plusSeconds * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
  }

  #wake(): void {
    for (const wake of this.#wakers) wake();
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wakers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

/** A pod that runs nowhere, or no longer, has nothing to wait for. */
function graceOf(pod: Pod, askedSeconds: number | undefined): number {
  const phase = pod.status?.phase;
  if (pod.spec?.nodeName === undefined || phase === 'Succeeded' || phase === 'Failed') return 0;
  return askedSeconds ?? pod.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS;
}

function requireVersion(object: Resource, resourceVersion: string | undefined): void {
  if (resourceVersion === undefined || resourceVersion === object.metadata.resourceVersion) return;
  throw new StoreError('CONFLICT', `${object.metadata.name} was changed since version ${resourceVersion}`);
}

function keyOf(kind: KindName, { name, namespace }: ResourceRef): string {
  if (!KINDS[kind].namespaced) return `${kind}/${name}`;
  if (namespace === undefined) throw new StoreError('INVALID', `a ${kind} needs a namespace`);
  return `${kind}/${namespace}/${name}`;
}
