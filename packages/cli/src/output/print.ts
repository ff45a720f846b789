/** One line of an answer, on standard output. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line about what is going on, on standard error. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, undefined, 2));
}

/**
 * Resolves once all that was written has left this process: ending it before
 * would cut a long answer short when its reader is slow.
 */
export async function flushed(): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.destroyed || !stream.writable) continue;
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
  }
}
