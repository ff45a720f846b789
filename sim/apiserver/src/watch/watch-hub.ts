import type { Change } from '../storage/change.ts';

/** Someone who wants the changes of one collection. */
export interface ChangeListener {
  onChange(change: Change): void;
}

interface Waiter {
  readonly revision: number;
  readonly wake: () => void;
}

/** Hands each committed change to the watches of its collection, and to those who wait for a revision. */
export class WatchHub {
  readonly #listeners = new Map<string, Set<ChangeListener>>();
  readonly #waiters = new Set<Waiter>();

  publish(change: Change): void {
    for (const listener of this.#listeners.get(change.collection) ?? []) listener.onChange(change);
    for (const { revision, wake } of this.#waiters) if (revision <= change.revision) wake();
  }

  /** Resolves once a change of that revision has been published, or when the signal aborts. */
  async untilRevision(revision: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiters.delete(waiter);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const waiter: Waiter = { revision, wake };
      this.#waiters.add(waiter);
      signal.addEventListener('abort', wake, { once: true });
    });
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
