import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { LeaseLock, type LockAttempt } from './lease-lock.ts';

/** Without a renewal for so long the leader stops, milliseconds: before others may take over. Source: client-go. */
const RENEW_DEADLINE_MS = 10_000;

/** Pause between two attempts, milliseconds. Source: client-go. */
const RETRY_MS = 2_000;

/** Candidates wait up to this part longer, so that they do not keep step. */
const JITTER = 0.2;

export interface ElectionOptions {
  readonly store: ResourceStore;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** Of this candidate alone; another process never has the same. */
  readonly identity: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told when this process begins and ends to lead. */
  readonly onChange?: (isLeader: boolean) => void;
  /** In [0, 1); Math.random by default. */
  readonly random?: () => number;
}

/**
 * Runs `lead` while this process is the leader, and again whenever it becomes
 * it anew. The signal of `lead` aborts when the Lease could not be renewed for
 * 10 s or is somebody else's; another candidate takes over after 15 s at the
 * earliest. The next attempt waits until `lead` has ended. When `signal`
 * aborts, the Lease is given up at once.
 *
 * @throws what `lead` throws, other than in answer to its signal
 */
export async function runElected(
  options: ElectionOptions,
  lead: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const election = new Election(options);
  while (!signal.aborted) {
    const heldSinceMs = await election.acquire(signal);
    if (heldSinceMs === undefined) break;
    await election.hold(lead, { heldSinceMs, signal });
  }
}

class Election {
  readonly #options: ElectionOptions;
  readonly #lock: LeaseLock;
  /** An attempt whose answer took too long to wait for; the next one must not overtake it. */
  #late: Promise<unknown> = Promise.resolve();

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#lock = new LeaseLock(options);
  }

  /** When the Lease was taken, in monotonic milliseconds; undefined when the signal aborted first. */
  async acquire(signal: AbortSignal): Promise<number | undefined> {
    const { clock, random = Math.random } = this.#options;
    await this.#late;
    while (!signal.aborted) {
      const beganMs = clock.monotonicMs();
      if ((await this.#attempt()) === 'held' && clock.monotonicMs() - beganMs < RENEW_DEADLINE_MS) return beganMs;
      if (!(await this.#pause(RETRY_MS * (1 + JITTER * random()), signal))) break;
    }
    return undefined;
  }

  async hold(
    lead: (signal: AbortSignal) => Promise<void>,
    { heldSinceMs, signal }: { readonly heldSinceMs: number; readonly signal: AbortSignal },
  ): Promise<void> {
    const { logger, identity, onChange } = this.#options;
    const lost = new AbortController();
    const leading = AbortSignal.any([signal, lost.signal]);
    logger.info({ identity }, 'This process leads');
    onChange?.(true);
    const work = lead(leading).then(
      () => ({ failed: false as const }),
      (error: unknown) => ({ failed: true as const, error, wasAborted: leading.aborted }),
    );
    const ended = new AbortController();
    const renewing = this.#renew(heldSinceMs, AbortSignal.any([signal, ended.signal])).then((reason) => {
      if (reason === undefined) return;
      logger.warn({ identity, reason }, 'This process leads no more');
      lost.abort(new DOMException('The leadership was lost', 'AbortError'));
    });
    const outcome = await work;
    ended.abort();
    await renewing;
    onChange?.(false);
    if (!lost.signal.aborted) await this.#release();
    if (outcome.failed && !outcome.wasAborted) throw outcome.error;
  }

  /** Renews until the signal aborts (undefined) or the leadership is lost (the reason). */
  async #renew(heldSinceMs: number, signal: AbortSignal): Promise<string | undefined> {
    const { clock } = this.#options;
    for (let renewedMs = heldSinceMs; ; ) {
      const leftMs = (): number => renewedMs + RENEW_DEADLINE_MS - clock.monotonicMs();
      if (!(await this.#pause(Math.min(RETRY_MS, leftMs()), signal))) return undefined;
      // Also after a pause that took longer than it should: the process was stopped.
      if (leftMs() <= 0) return 'the Lease was not renewed in time';
      const beganMs = clock.monotonicMs();
      const attempt = this.#attempt();
      const result = await this.#within(attempt, leftMs(), signal);
      if (signal.aborted) return undefined;
      if (result === 'taken') return 'another process holds the Lease';
      if (leftMs() <= 0) return 'the Lease was not renewed in time';
      if (result === 'held') renewedMs = beganMs;
    }
  }

  /** Undefined after `ms`, or when the signal aborts; then the attempt goes on alone. */
  async #within(
    attempt: Promise<LockAttempt | undefined>,
    ms: number,
    signal: AbortSignal,
  ): Promise<LockAttempt | undefined> {
    const over = new AbortController();
    const limit = this.#pause(ms, AbortSignal.any([signal, over.signal])).then(() => undefined);
    this.#late = attempt;
    try {
      return await Promise.race([attempt, limit]);
    } finally {
      over.abort();
    }
  }

  /** Undefined: it failed, and nothing is known. */
  async #attempt(): Promise<LockAttempt | undefined> {
    try {
      return await this.#lock.attempt();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#options.logger.warn({ reason: error.message }, 'The Lease could not be read or written; trying again');
      return undefined;
    }
  }

  async #release(): Promise<void> {
    try {
      await this.#late;
      await this.#lock.release();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.logger.warn({ reason }, 'The Lease could not be given up; it runs out by itself');
    }
  }

  /** False: the signal aborted. */
  async #pause(ms: number, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.clock.sleep(Math.max(0, ms), signal);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      throw error;
    }
  }
}
