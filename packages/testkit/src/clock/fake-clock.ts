import type { Clock } from '@margay/ports';

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves time, waking sleepers in the order of their deadlines; resolves once what they woke has run. */
  advance(ms: number): Promise<void>;
  /** How many sleep now: what a test awaits before it moves the time. */
  sleepers(): number;
  /** Resolves once at least `count` sleep. */
  waitForSleepers(count: number): Promise<void>;
}

interface Sleeper {
  readonly dueMs: number;
  wake(): void;
}

export function createFakeClock(startMs = Date.UTC(2030, 0, 1)): FakeClock {
  let elapsedMs = 0;
  const sleeping = new Set<Sleeper>();
  const watchers = new Set<{ readonly count: number; notify(): void }>();

  const tellWatchers = (): void => {
    for (const watcher of watchers) {
      if (sleeping.size < watcher.count) continue;
      watchers.delete(watcher);
      watcher.notify();
    }
  };

  return {
    nowMs: () => startMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason as Error);
      return new Promise((resolve, reject) => {
        const abort = (): void => {
          sleeping.delete(sleeper);
          reject(signal?.reason as Error);
        };
        const sleeper: Sleeper = {
          dueMs: elapsedMs + Math.max(0, ms),
          wake() {
            signal?.removeEventListener('abort', abort);
            resolve();
          },
        };
        signal?.addEventListener('abort', abort, { once: true });
        sleeping.add(sleeper);
        tellWatchers();
      });
    },
    async advance(ms) {
      const endMs = elapsedMs + ms;
      for (;;) {
        await settle();
        const due = [...sleeping].filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
        if (due === undefined) break;
        elapsedMs = Math.max(elapsedMs, due.dueMs);
        sleeping.delete(due);
        due.wake();
      }
      elapsedMs = endMs;
    },
    sleepers: () => sleeping.size,
    waitForSleepers(count) {
      if (sleeping.size >= count) return Promise.resolve();
      return new Promise((resolve) => watchers.add({ count, notify: resolve }));
    },
  };
}

/** Lets everything run that needs no time: promises, then one turn of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
