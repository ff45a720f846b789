import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SimError } from '../error.ts';
import type { StatePaths } from './paths.ts';
import { childrenOf, type DaemonRecord, isAlive, readRecord } from './record.ts';

const END_PATIENCE_MS = 10_000;

/**
 * Kills the simulation's process and waits until it is gone, and the first
 * process inside, its child, with it. The kernel ends that one last, after all
 * others inside, and takes everything else of the simulation along.
 *
 * @throws {SimError} `FAILED`: it did not go.
 */
export async function endDaemon(paths: StatePaths): Promise<void> {
  const record = readRecord(paths.record);
  if (!isAlive(record)) return;
  const processes = [record, ...childrenOf(record.pid)];
  for (const { pid } of processes) kill(pid);
  for (const process of processes) await untilGone(process);
}

/** @throws {SimError} `FAILED`: it did not go. */
export async function waitUntilGone(paths: StatePaths): Promise<void> {
  await untilGone(readRecord(paths.record));
}

async function untilGone(record: DaemonRecord | undefined): Promise<void> {
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
