import { type ChildProcess, spawn } from 'node:child_process';

/** How much of what a program printed goes into an error. */
const KEPT_OUTPUT_CHARACTERS = 4_000;

/** A running program that tells how it ended. */
export class Program {
  readonly pid: number;
  readonly #name: string;
  readonly #child: ChildProcess;
  readonly #closed: Promise<void>;
  #output = '';
  #ended = false;

  constructor(name: string, file: string, args: readonly string[]) {
    this.#name = name;
    this.#child = spawn(file, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = `${this.#output}${text}`.slice(-KEPT_OUTPUT_CHARACTERS);
      });
    }
    this.#closed = new Promise((resolve) => {
      const end = (): void => {
        this.#ended = true;
        resolve();
      };
      this.#child.once('close', end);
      this.#child.once('error', end);
    });
    this.pid = this.#child.pid ?? 0;
  }

  /**
   * Waits until a look says that the program serves.
   *
   * @throws {Error} it ended first, or the time is over; with its last output
   */
  async untilReady(isReady: () => Promise<boolean>, timeoutMs: number): Promise<void> {
    const deadline = Date.now() + timeoutMs;
    while (!(await isReady().catch(() => false))) {
      if (this.#ended) throw new Error(`${this.#name} ended before it served:\n${this.#output}`);
      if (Date.now() > deadline)
        throw new Error(`${this.#name} does not serve after ${timeoutMs} ms:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it now. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }
}
