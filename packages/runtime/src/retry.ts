import type { Clock, Logger } from '@margay/ports';

export interface BackoffOptions {
  /** First pause, milliseconds; 100 by default. */
  readonly initialMs?: number;
  /** Longest pause, milliseconds; 5000 by default. */
  readonly maxMs?: number;
  /** Growth from one pause to the next; 2 by default. */
  readonly factor?: number;
  /** In [0, 1); Math.random by default. */
  readonly random?: () => number;
}

export interface Backoff {
  /** The next pause: between half of the step and all of it, so that many who failed together come back apart. */
  nextMs(): number;
  /** After a success: the next failure starts again at the first pause. */
  reset(): void;
}

export function createBackoff(options: BackoffOptions = {}): Backoff {
  const { initialMs = 100, maxMs = 5_000, factor = 2, random = Math.random } = options;
  let stepMs = initialMs;
  return {
    nextMs() {
      const pauseMs = stepMs / 2 + (stepMs / 2) * random();
      stepMs = Math.min(maxMs, stepMs * factor);
      return pauseMs;
    },
    reset() {
      stepMs = initialMs;
    },
  };
}

export interface RetryOptions extends BackoffOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** False: the error is thrown at once. Every error is retried by default. */
  readonly shouldRetry?: (error: unknown) => boolean;
  /** How many calls at most; no limit by default. */
  readonly attempts?: number;
  /** Told before each pause. */
  readonly onRetry?: (error: unknown, pauseMs: number) => void;
}

/**
 * Calls `action` until it succeeds.
 *
 * @throws the signal's reason when it aborts; the last error when no retry is left.
 */
export async function retry<T>(action: (signal: AbortSignal) => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, signal, shouldRetry = () => true, attempts = Number.POSITIVE_INFINITY, onRetry } = options;
  const backoff = createBackoff(options);
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await action(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= attempts || !shouldRetry(error)) throw error;
      const pauseMs = backoff.nextMs();
      onRetry?.(error, pauseMs);
      await clock.sleep(pauseMs, signal);
    }
  }
}

export interface KeepTryingOptions extends BackoffOptions {
  /** For the log, such as `policy feed`. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Runs `loop` again and again until the signal aborts, then resolves. When it
 * throws, or returns, it is called again after a pause; `succeeded` tells that
 * it got somewhere, so that the next pause is short again. An error is logged,
 * never thrown.
 */
export async function keepTrying(
  loop: (signal: AbortSignal, succeeded: () => void) => Promise<void>,
  options: KeepTryingOptions,
): Promise<void> {
  const { name, clock, logger, signal } = options;
  const backoff = createBackoff(options);
  while (!signal.aborted) {
    try {
      await loop(signal, () => backoff.reset());
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ reason: error instanceof Error ? error.message : String(error) }, `${name} failed; trying again`);
    }
    try {
      await clock.sleep(backoff.nextMs(), signal);
    } catch {
      return;
    }
  }
}
