import type { KindName, Resource, ResourceOf } from '@margay/model';
import { type Clock, type Logger, type ResourceRef, type ResourceStore, StoreError } from '@margay/ports';
import { type BackoffOptions, createBackoff } from '@margay/runtime';

/** One difference to what the informer knew, told in order. `old` is what it knew of the object before. */
export type InformerEvent<R extends Resource> =
  | { readonly type: 'upsert'; readonly object: R; readonly old?: R }
  | { readonly type: 'delete'; readonly object: R };

export interface InformerOptions<K extends KindName> {
  readonly store: ResourceStore;
  readonly kind: K;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Called synchronously, after `get` and `list` show the change. It must not throw. */
  readonly onChange?: (event: InformerEvent<ResourceOf<K>>) => void;
  /** Called once, when the first list was told whole. */
  readonly onSynced?: () => void;
  /**
   * What is kept of an object: drop what nobody reads to save memory. The
   * resource version must stay; done twice it must give the same.
   */
  readonly trim?: (object: ResourceOf<K>) => ResourceOf<K>;
  readonly backoff?: BackoffOptions;
}

/** A local copy of one kind, kept current by list and watch. */
export interface Informer<R extends Resource> {
  /** Follows the API until the signal aborts; then resolves. Failures are logged and retried, and never change the copy. */
  run(signal: AbortSignal): Promise<void>;
  get(ref: ResourceRef): R | undefined;
  list(): R[];
  /** True once a first list was taken over; never false again. */
  readonly hasSynced: boolean;
  /** Resolves with the first list; rejects with the signal's reason. */
  waitForSync(signal: AbortSignal): Promise<void>;
}

/** A watch that the server ends after this long was a healthy one, whatever it brought. */
const LASTING_WATCH_MS = 10_000;

/** Watches that fail one after the other, and bring nothing, before a list is asked for. */
const MAX_FAILED_WATCHES = 3;

export function createInformer<K extends KindName>(options: InformerOptions<K>): Informer<ResourceOf<K>> {
  return new ListWatch(options);
}

class ListWatch<K extends KindName> implements Informer<ResourceOf<K>> {
  readonly #options: InformerOptions<K>;
  readonly #objects = new Map<string, ResourceOf<K>>();
  readonly #synced = Promise.withResolvers<void>();
  #hasSynced = false;

  constructor(options: InformerOptions<K>) {
    this.#options = options;
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  get(ref: ResourceRef): ResourceOf<K> | undefined {
    return this.#objects.get(keyOf(ref));
  }

  list(): ResourceOf<K>[] {
    return [...this.#objects.values()];
  }

  async waitForSync(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await Promise.race([this.#synced.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    const { kind, clock, logger } = this.#options;
    const backoff = createBackoff(this.#options.backoff);
    /** Undefined: a list is needed. */
    let version: string | undefined;
    let failedWatches = 0;
    while (!signal.aborted) {
      const before: string | undefined = version;
      const startedMs = clock.monotonicMs();
      try {
        version ??= await this.#relist(signal);
        for await (const next of this.#follow(version, signal)) {
          version = next;
          failedWatches = 0;
          backoff.reset();
        }
      } catch (error) {
        if (signal.aborted) return;
        // Too old to resume: only a list tells what was missed.
        if (error instanceof StoreError && error.code === 'GONE') version = undefined;
        // A server that was restored from a backup may never have heard of this version.
        if (++failedWatches >= MAX_FAILED_WATCHES) version = undefined;
        const reason = error instanceof Error ? error.message : String(error);
        logger.warn({ kind, reason }, 'Watch failed; trying again');
      }
      // A watch that brought something, or lasted, may resume at once; others must not spin.
      if (clock.monotonicMs() - startedMs >= LASTING_WATCH_MS) backoff.reset();
      else if (version !== undefined && version !== before && before !== undefined) continue;
      try {
        await clock.sleep(backoff.nextMs(), signal);
      } catch {
        return;
      }
    }
  }

  async #relist(signal: AbortSignal): Promise<string> {
    const { store, kind } = this.#options;
    const { trim } = this.#options;
    const { items, resourceVersion } = await store.list(kind, { ...this.#selection(), signal, ...(trim && { trim }) });
    const present = new Set<string>();
    for (const item of items) {
      present.add(keyOf(item.metadata));
      this.#upsert(item);
    }
    for (const [key, object] of this.#objects) {
      if (!present.has(key)) this.#delete(key, object);
    }
    if (!this.#hasSynced) {
      this.#hasSynced = true;
      this.#synced.resolve();
      this.#options.onSynced?.();
    }
    return resourceVersion;
  }

  /** Takes over every event, and yields the version that it brought. */
  async *#follow(resourceVersion: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    const { store, kind } = this.#options;
    for await (const event of store.watch(kind, { ...this.#selection(), resourceVersion, signal })) {
      if (event.type === 'BOOKMARK') {
        yield event.resourceVersion;
        continue;
      }
      if (event.type === 'DELETED') this.#delete(keyOf(event.object.metadata), event.object);
      else this.#upsert(event.object);
      const { resourceVersion: next } = event.object.metadata;
      if (next !== undefined) yield next;
    }
  }

  #upsert(received: ResourceOf<K>): void {
    const object = this.#options.trim?.(received) ?? received;
    const key = keyOf(object.metadata);
    const old = this.#objects.get(key);
    if (old !== undefined && isSame(old, object)) return;
    // Made again under the same name while nobody looked: another object.
    if (old !== undefined && old.metadata.uid !== object.metadata.uid) this.#delete(key, old);
    const known = this.#objects.get(key);
    this.#objects.set(key, object);
    this.#options.onChange?.(known === undefined ? { type: 'upsert', object } : { type: 'upsert', object, old: known });
  }

  #delete(key: string, object: ResourceOf<K>): void {
    if (this.#objects.delete(key)) this.#options.onChange?.({ type: 'delete', object });
  }

  #selection(): { namespace?: string; labelSelector?: string; fieldSelector?: string } {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    return {
      ...(namespace !== undefined && { namespace }),
      ...(labelSelector !== undefined && { labelSelector }),
      ...(fieldSelector !== undefined && { fieldSelector }),
    };
  }
}

function isSame(a: Resource, b: Resource): boolean {
  return a.metadata.uid === b.metadata.uid && a.metadata.resourceVersion === b.metadata.resourceVersion;
}

function keyOf({ name, namespace }: ResourceRef): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
