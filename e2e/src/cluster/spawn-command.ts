import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface SpawnedCommand {
  output(): string;
  errors(): string;
  /** The exit code; -1 when a signal ended it or it could not be started. */
  readonly ended: Promise<number>;
  write(text: string): void;
}

/** A program of this machine, by its arguments, never through a shell. `input` closes its standard input; the signal kills it. */
export function spawnCommand(
  program: string,
  argv: readonly string[],
  { input, signal }: { readonly input?: string; readonly signal?: AbortSignal } = {},
): SpawnedCommand {
  const child = spawn(program, argv, { stdio: 'pipe', ...(signal && { signal }) });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  // It may end before it has read everything.
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const ended = once(child, 'close').then(
    ([code]) => (code as number | null) ?? -1,
    (error: Error) => {
      errors += `${program}: ${error.message}\n`;
      return -1;
    },
  );
  return { output: () => output, errors: () => errors, ended, write: (text) => void child.stdin.write(text) };
}
