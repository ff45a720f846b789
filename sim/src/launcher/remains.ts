import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SimError } from '../error.ts';
import type { StatePaths } from './paths.ts';
import { isAlive, readRecord } from './record.ts';

const END_PATIENCE_MS = 10_000;

/**
 * Kills the simulation's process and waits until it is gone. The kernel takes
 * everything else of it along.
 *
 * @throws {SimError} `FAILED`: it did not go.
 */
export async function endDaemon(paths: StatePaths): Promise<void> {
  const record = readRecord(paths.record);
  if (!isAlive(record)) return;
  kill(record.pid);
  await waitUntilGone(paths);
}

export async function waitUntilGone(paths: StatePaths): Promise<void> {
  const record = readRecord(paths.record);
  const deadline = performance.now() + END_PATIENCE_MS;
  while (isAlive(record)) {
    if (performance.now() > deadline) {
      throw new SimError(
        'FAILED',
        `process ${record.pid} of the simulation did not end within ${END_PATIENCE_MS / 1000} s`,
      );
    }
    await delay(20);
  }
}

/** Empties the state directory, or removes it with what is in it. */
export function clearDirectory(directory: string, { remove }: { readonly remove: boolean }): void {
  if (remove) {
    rmSync(directory, { recursive: true, force: true });
    removeIfEmpty(dirname(directory));
    return;
  }
  for (const entry of readdirSync(directory)) rmSync(join(directory, entry), { recursive: true, force: true });
}

/** The folder of all simulations goes with the last of them. */
function removeIfEmpty(directory: string): void {
  try {
    rmdirSync(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOENT') throw error;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
