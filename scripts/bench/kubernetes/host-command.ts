import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface Limits {
  /** Ends the program, or the waiting. */
  readonly signal: AbortSignal;
  /** 120 s by default. */
  readonly timeoutMs?: number;
}

/**
 * Runs a program of this machine and answers its standard output.
 *
 * @throws {Error} with what it said, when it fails.
 */
export async function hostCommand(argv: readonly string[], { signal, timeoutMs = 120_000 }: Limits): Promise<string> {
  const [program = '', ...parameters] = argv;
  try {
    return (await execute(program, parameters, { signal, timeout: timeoutMs, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    signal.throwIfAborted();
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new Error(`${argv.join(' ')}: ${[stderr, stdout, message].find((text) => text.trim() !== '')}`, {
      cause: error,
    });
  }
}

/** Asks every 200 ms until the answer is there. @throws {Error} naming what was awaited. */
export async function until<T>(what: string, limits: Limits, ask: () => Promise<T | undefined>): Promise<T> {
  const { signal, timeoutMs = 120_000 } = limits;
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new Error(`${what}: not after ${timeoutMs / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
