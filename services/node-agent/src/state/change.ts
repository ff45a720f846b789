/** Tells of changes to one piece of state; who is told reads the state itself. */
export class Change {
  readonly #listeners = new Set<() => void>();

  notify(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Returns the function that ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves with what `read` gives as soon as it gives something. Rejects with the signal's reason. */
  until<T>(read: () => T | undefined, signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        unsubscribe();
        signal.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        end();
        reject(signal.reason as Error);
      };
      const look = (): void => {
        const value = read();
        if (value === undefined) return;
        end();
        resolve(value);
      };
      const unsubscribe = this.subscribe(look);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      else look();
    });
  }
}
