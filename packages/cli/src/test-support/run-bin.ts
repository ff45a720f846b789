import { spawn } from 'node:child_process';
import { join } from 'node:path';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export const BIN = join(import.meta.dirname, '../../bin/margay');

/** Runs the real command to its end. */
export function runBin(
  args: readonly string[],
  options: { readonly bin?: string; readonly cwd?: string; readonly input?: string } = {},
): Promise<Outcome> {
  const child = spawn(options.bin ?? BIN, args, { cwd: options.cwd ?? '/', stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined).end(options.input ?? '');
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...texts }));
  });
}
