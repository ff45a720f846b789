import { entryKey, type FeedChanges, type FeedEntry } from '@margay/feed-core';

/**
 * Which entries each API object brought, so that an object that changes or
 * goes takes exactly those with it.
 */
export class ClusterView {
  readonly #keysBySource = new Map<string, readonly string[]>();
  /** How many sources bring a key: two may for a moment, when a block is made again. */
  readonly #sourcesByKey = new Map<string, number>();

  /** The step by which `source` (kind and name of an object) brings exactly `entries`; none when it is deleted. */
  replace(source: string, entries: readonly FeedEntry[]): FeedChanges {
    const before = this.#keysBySource.get(source) ?? [];
    const keys = entries.map(entryKey);
    for (const key of keys) this.#count(key, 1);
    for (const key of before) this.#count(key, -1);
    if (keys.length > 0) this.#keysBySource.set(source, keys);
    else this.#keysBySource.delete(source);
    return {
      spans: [],
      upserts: entries.map((entry) => ({ scope: 'all', entry })),
      removes: before.filter((key) => !this.#sourcesByKey.has(key)),
    };
  }

  #count(key: string, step: number): void {
    const count = (this.#sourcesByKey.get(key) ?? 0) + step;
    if (count > 0) this.#sourcesByKey.set(key, count);
    else this.#sourcesByKey.delete(key);
  }
}
