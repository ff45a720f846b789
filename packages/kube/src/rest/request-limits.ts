import type { Clock } from '@margay/ports';

export interface RequestLimitsOptions {
  /** Requests a second, on the long run. */
  readonly qps: number;
  /** Requests that may be sent at once after a quiet time. */
  readonly burst: number;
  /** Requests that may be under way at one time, watches aside. */
  readonly concurrency: number;
  readonly clock: Clock;
}

/**
 * Holds the requests of one process back, so that it cannot drown an API
 * server: a token bucket, and a bound on how many are under way. Whoever asked
 * first goes first.
 */
export class RequestLimits {
  readonly #intervalMs: number;
  readonly #burst: number;
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #free: number;
  /** When the bucket is full again if nothing more is asked, plus the burst; see `take`. */
  #emptyUntilMs = Number.NEGATIVE_INFINITY;

  constructor({ qps, burst, concurrency, clock }: RequestLimitsOptions) {
    this.#intervalMs = 1_000 / qps;
    this.#burst = burst;
    this.#clock = clock;
    this.#free = concurrency;
  }

  /** Resolves when a request may be sent; rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const nowMs = this.#clock.monotonicMs();
    // Each request moves this on by one interval; what lies in the past by more than the burst is not saved up.
    this.#emptyUntilMs = Math.max(this.#emptyUntilMs, nowMs - this.#burst * this.#intervalMs) + this.#intervalMs;
    if (this.#emptyUntilMs > nowMs) await this.#clock.sleep(this.#emptyUntilMs - nowMs, signal);
  }

  /** Runs one request from its head to the end of its body. */
  async run<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      await this.take(signal);
      return await request();
    } finally {
      this.#leave();
    }
  }

  #enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(go), 1);
        reject(signal.reason as Error);
      };
      const go = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
      this.#waiting.push(go);
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
