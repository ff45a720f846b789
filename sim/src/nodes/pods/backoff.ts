const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;

/**
 * Waits of 1, 2, 4, 8, 10, 10 … seconds.
 *
 * @param failures how often in a row it has failed; at least 1.
 */
export function backoffMs(failures: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
}

/** How long each kind of step must wait after it failed. Kinds do not hold each other up. */
export class StepBackoff<Kind extends string> {
  readonly #steps = new Map<Kind, { failures: number; notBeforeMs: number }>();

  failed(kind: Kind, nowMs: number): void {
    const failures = (this.#steps.get(kind)?.failures ?? 0) + 1;
    this.#steps.set(kind, { failures, notBeforeMs: nowMs + backoffMs(failures) });
  }

  succeeded(kind: Kind): void {
    this.#steps.delete(kind);
  }

  /** 0: at once. */
  waitMs(kind: Kind, nowMs: number): number {
    return Math.max(0, (this.#steps.get(kind)?.notBeforeMs ?? 0) - nowMs);
  }

  /** Nothing waits any more; the next failure still counts those before. */
  retryNow(): void {
    for (const step of this.#steps.values()) step.notBeforeMs = 0;
  }
}
