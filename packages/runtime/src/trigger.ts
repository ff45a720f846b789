/**
 * "Something changed, look again": the bell of a level-triggered loop. Any
 * number of rings between two waits count as one, and a ring while nobody
 * waits is kept for the next wait. One waiter at a time.
 */
export interface Trigger {
  fire(): void;
  /** Resolves at once when it was fired since the last wait. Rejects with the signal's reason. */
  wait(signal: AbortSignal): Promise<void>;
}

export function createTrigger(): Trigger {
  let fired = false;
  let wake: (() => void) | undefined;
  return {
    fire() {
      fired = true;
      wake?.();
    },
    async wait(signal) {
      signal.throwIfAborted();
      if (!fired) {
        await new Promise<void>((resolve, reject) => {
          const abort = (): void => reject(signal.reason as Error);
          signal.addEventListener('abort', abort, { once: true });
          wake = () => {
            signal.removeEventListener('abort', abort);
            resolve();
          };
        }).finally(() => {
          wake = undefined;
        });
      }
      fired = false;
    },
  };
}
