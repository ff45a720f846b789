import type { FeedChanges } from '@margay/feed-core';
import { createTrigger } from '@margay/runtime';
import { CallError } from '@margay/wire';

export interface WatcherLimits {
  /** Most changes (entries, removes, spans) that wait for one watcher, unless they are one step. */
  readonly maxWaiting: number;
}

const DEFAULT_LIMITS: WatcherLimits = { maxWaiting: 50_000 };

/** The steps that one stream has still to send. */
export class Watcher {
  readonly #limits: WatcherLimits;
  readonly #steps: FeedChanges[] = [];
  readonly #added = createTrigger();
  readonly #over = new AbortController();
  #waiting = 0;

  constructor(limits: WatcherLimits = DEFAULT_LIMITS) {
    this.#limits = limits;
  }

  /** Aborts, with the error for the stream, when it must end. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  push(step: FeedChanges): void {
    if (this.#over.signal.aborted) return;
    this.#steps.push(step);
    this.#waiting += sizeOf(step);
    if (this.#waiting > this.#limits.maxWaiting && this.#steps.length > 1) {
      // Starting again from a snapshot costs it less than all it has missed.
      this.end(new CallError('ABORTED', `The watcher is ${this.#waiting} changes behind; watch again.`));
    } else {
      this.#added.fire();
    }
  }

  end(error: CallError): void {
    this.#over.abort(error);
    this.#steps.length = 0;
    this.#waiting = 0;
  }

  /** Every step as soon as it comes. Ends with the reason of `signal` or `over`. */
  async *steps(signal: AbortSignal): AsyncGenerator<FeedChanges, never, undefined> {
    const either = AbortSignal.any([signal, this.over]);
    for (;;) {
      either.throwIfAborted();
      const step = this.#steps.shift();
      if (step === undefined) {
        await this.#added.wait(either);
      } else {
        this.#waiting -= sizeOf(step);
        yield step;
      }
    }
  }
}

function sizeOf({ spans, upserts, removes }: FeedChanges): number {
  return spans.length + upserts.length + removes.length;
}
