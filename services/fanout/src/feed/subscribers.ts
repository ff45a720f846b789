import { createTrigger } from '@margay/runtime';

/** One stream's bell. */
export interface Subscriber extends Disposable {
  /** True until `next` was called once. */
  readonly first: boolean;
  /** Resolves when the feed has changed since the last call; rejects with the signal's reason. */
  next(signal: AbortSignal): Promise<void>;
}

/** The streams that are open now. */
export class Subscribers {
  readonly #bells = new Set<() => void>();
  readonly #over = new AbortController();
  #entriesSent = 0;

  get count(): number {
    return this.#bells.size;
  }

  /** Entries sent to all streams since the start. */
  get entriesSent(): number {
    return this.#entriesSent;
  }

  /** The feed has changed. */
  wake(): void {
    for (const ring of this.#bells) ring();
  }

  /** Aborts when all streams are to end. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Ends every stream, also one whose node takes nothing at the moment. */
  close(reason: Error): void {
    this.#over.abort(reason);
  }

  sent(entries: number): void {
    this.#entriesSent += entries;
  }

  add(): Subscriber {
    const trigger = createTrigger();
    const ring = (): void => trigger.fire();
    this.#bells.add(ring);
    let first = true;
    return {
      get first(): boolean {
        return first;
      },
      next: async (signal): Promise<void> => {
        first = false;
        await trigger.wait(signal);
      },
      [Symbol.dispose]: (): void => void this.#bells.delete(ring),
    };
  }
}
