import { parseCidr } from '@margay/ip';
import { type BlockSpec, blockName, IpamError } from '@margay/ipam-core';
import { type IPAMBlock, MARGAY_API_VERSION } from '@margay/model';
import { type ResourceStore, StoreError } from '@margay/ports';
import { KeyedLock } from '@margay/runtime';
import type { BlockCache } from './block-cache.ts';

/** What to do with a block, from its present state; called again when somebody else wrote meanwhile. */
export interface BlockDecision<T> {
  /** Undefined: leave it as it is. */
  readonly next: BlockSpec | 'delete' | undefined;
  readonly result: T;
  /**
   * True: a block that stays as it is has to be read anew before the result
   * counts, since another process may have written it. A write needs no such
   * thing: it fails when the state that it was decided from is an old one.
   */
  readonly mustBeCurrent?: boolean;
}

/** Lost races for one block before a caller is told to come back. Source: Calico retries 100 times. */
const ATTEMPTS = 100;

/** The only place that writes blocks. Changes of one block wait for each other, so this process never races itself. */
export class BlockWriter {
  readonly #store: ResourceStore;
  readonly #cache: BlockCache;
  readonly #lock = new KeyedLock();
  #refreshing: Promise<void> | undefined;
  #nextRefresh: Promise<void> | undefined;

  constructor({ store, cache }: { readonly store: ResourceStore; readonly cache: BlockCache }) {
    this.#store = store;
    this.#cache = cache;
  }

  /**
   * Changes a block by compare-and-swap; undefined when there is no such block.
   *
   * @throws {IpamError} `CONTENTION`, `UNAVAILABLE`
   */
  change<T>(name: string, decide: (block: BlockSpec) => BlockDecision<T>): Promise<T | undefined> {
    return this.#lock.run([name], async () => {
      let isCurrent = false;
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        let block = this.#cache.get(name);
        if (!block) {
          block = await this.refresh(name);
          isCurrent = true;
        }
        if (!block) return undefined;
        const { next, result, mustBeCurrent = false } = decide(block.spec);
        const isWrite = next !== undefined && next !== block.spec;
        if (!isWrite && (isCurrent || !mustBeCurrent)) return result;
        if (isWrite && (await this.#write(block, next))) return result;
        await this.refresh(name);
        isCurrent = true;
      }
      throw new IpamError('CONTENTION', `block ${name} changed at every one of ${ATTEMPTS} attempts; try again`);
    });
  }

  /** False when the block is there already; the cache then has it. */
  async create(spec: BlockSpec): Promise<boolean> {
    const name = blockName(parseCidr(spec.cidr));
    return this.#lock.run([name], async () => {
      try {
        this.#cache.put(
          await this.#store.create('IPAMBlock', {
            apiVersion: MARGAY_API_VERSION,
            kind: 'IPAMBlock',
            metadata: { name },
            spec,
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'ALREADY_EXISTS') throw unavailable(error);
        await this.refresh(name);
        return false;
      }
    });
  }

  /** Reads a block anew into the cache. */
  async refresh(name: string): Promise<IPAMBlock | undefined> {
    try {
      const block = await this.#store.get('IPAMBlock', { name });
      if (block) this.#cache.put(block);
      else this.#cache.delete(name);
      return block && this.#cache.get(name);
    } catch (error) {
      throw unavailable(error);
    }
  }

  /**
   * Reads all blocks anew. Those who ask while a reading is under way share
   * the next one: what they look for may have been written after that began.
   */
  refreshAll(): Promise<void> {
    this.#nextRefresh ??= this.#readAllAfter(this.#refreshing);
    return this.#nextRefresh;
  }

  async #readAllAfter(previous: Promise<void> | undefined): Promise<void> {
    await (previous ?? Promise.resolve()).catch(() => undefined);
    this.#refreshing = this.#nextRefresh;
    this.#nextRefresh = undefined;
    const before = this.#cache.list();
    try {
      const { items } = await this.#store.list('IPAMBlock');
      const present = new Set(items.map(({ metadata }) => metadata.name));
      for (const block of items) this.#cache.put(block);
      // Only those that were known before the list was made, and stayed as they were.
      for (const block of before) {
        const { name } = block.metadata;
        if (!present.has(name) && this.#cache.get(name) === block) this.#cache.delete(name);
      }
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** False: somebody else was faster. An answer that was lost is no error here: the fresh read shows what happened. */
  async #write(block: IPAMBlock, next: BlockSpec | 'delete'): Promise<boolean> {
    const { name, uid, resourceVersion } = block.metadata;
    try {
      if (next === 'delete') {
        await this.#store.delete(
          'IPAMBlock',
          { name },
          { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) },
        );
        this.#cache.delete(name);
      } else {
        this.#cache.put(await this.#store.update('IPAMBlock', { ...block, spec: next }));
      }
      return true;
    } catch (error) {
      if (error instanceof StoreError && (error.code === 'CONFLICT' || error.code === 'NOT_FOUND')) return false;
      throw unavailable(error);
    }
  }
}

/** A failure of the API as the caller's error: nothing is known of what was written. */
export function unavailable(error: unknown): IpamError {
  if (error instanceof IpamError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new IpamError('UNAVAILABLE', `the Kubernetes API did not take the change: ${reason}`, { cause: error });
}
