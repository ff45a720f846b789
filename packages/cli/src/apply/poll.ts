import { setTimeout as sleep } from 'node:timers/promises';

/** Between two questions, milliseconds. */
const INTERVAL_MS = 100;

/** Asks until the answer is yes; false when the time is over. Asks at least once. */
export async function poll(ask: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const untilMs = performance.now() + timeoutMs;
  for (;;) {
    if (await ask()) return true;
    if (performance.now() >= untilMs) return false;
    await sleep(INTERVAL_MS);
  }
}
