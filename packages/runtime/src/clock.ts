import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '@margay/ports';

/** The machine's own time. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  async sleep(ms, signal) {
    try {
      await delay(ms, undefined, signal && { signal });
    } catch (error) {
      // node:timers rejects with an error of its own; the port promises the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
