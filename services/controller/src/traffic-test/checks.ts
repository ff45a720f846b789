import type { Clock } from '@margay/ports';

/** Between two attempts, milliseconds. */
const PAUSE_MS = 500;

export interface ChecksOptions {
  readonly clock: Clock;
  /** After this no attempt begins again, milliseconds; of all checks together. */
  readonly timeoutMs: number;
  readonly print: (line: string) => void;
}

/** Things to try, with one line for each: `ok` or `FAILED` and why. */
export class Checks {
  readonly #options: ChecksOptions;
  readonly #deadlineMs: number;
  #failures = 0;

  constructor(options: ChecksOptions) {
    this.#options = options;
    this.#deadlineMs = options.clock.monotonicMs() + options.timeoutMs;
  }

  get failures(): number {
    return this.#failures;
  }

  /** Tries until it works or the time is over; undefined when it did not. */
  async check<T>(name: string, attempt: () => Promise<T>): Promise<T | undefined> {
    const { clock, print } = this.#options;
    for (;;) {
      try {
        const result = await attempt();
        print(`ok      ${name}`);
        return result;
      } catch (error) {
        if (clock.monotonicMs() < this.#deadlineMs) {
          await clock.sleep(PAUSE_MS);
          continue;
        }
        this.#failures++;
        print(`FAILED  ${name}: ${reasonOf(error)}`);
        return undefined;
      }
    }
  }
}

/** With the cause: fetch says only `fetch failed` by itself. */
function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error && !message.includes(cause.message) ? `${message}: ${cause.message}` : message;
}
