import type { Change } from '../storage/change.ts';

/** Someone who wants the changes of one collection. */
export interface ChangeListener {
  onChange(change: Change): void;
}

/** Hands each committed change to the watches of its collection. */
export class WatchHub {
  readonly #listeners = new Map<string, Set<ChangeListener>>();

  publish(change: Change): void {
    for (const listener of this.#listeners.get(change.collection) ?? []) listener.onChange(change);
  }

  /** @returns what ends the subscription */
  subscribe(collection: string, listener: ChangeListener): () => void {
    const listeners = this.#listeners.get(collection) ?? new Set<ChangeListener>();
    this.#listeners.set(collection, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }
}
