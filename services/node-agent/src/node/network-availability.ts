import type { Clock } from '@margay/ports';
import type { NetworkVerdict } from './node-registration.ts';

/**
 * For how long a node must be unable to take pods before it says so,
 * milliseconds: an agent that restarts, or a kernel that refuses once, is no
 * reason to keep pods away.
 */
export const UNAVAILABLE_AFTER_MS = 60_000;

/** Judges whether the node can carry pods. */
export class NetworkAvailability {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #sinceMs: number | undefined;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /**
   * Undefined while that is not decided: then the Node keeps what it says.
   *
   * @param reason why it cannot take pods now; undefined when it can
   */
  judge(reason: string | undefined): NetworkVerdict | undefined {
    if (reason === undefined) {
      this.#sinceMs = undefined;
      return { isAvailable: true };
    }
    const nowMs = this.#clock.monotonicMs();
    this.#sinceMs ??= nowMs;
    return nowMs - this.#sinceMs >= UNAVAILABLE_AFTER_MS ? { isAvailable: false, reason } : undefined;
  }
}
