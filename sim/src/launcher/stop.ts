import { existsSync } from 'node:fs';
import { shutdownSimulation } from '../client/connect.ts';
import { statePaths } from './paths.ts';
import { checkName } from './question.ts';
import { isAlive, readRecord } from './record.ts';
import { clearDirectory, endDaemon, waitUntilGone } from './remains.ts';
import { noteTakenDown } from './start-failure.ts';
import { checkStateDirectory, lockStateDirectory } from './state-lock.ts';

/** How long a start under way may take to notice that its daemon is gone. */
const LOCK_PATIENCE_MS = 15_000;

/** See `down` in the package's index. */
export async function stopSimulation(name: string): Promise<boolean> {
  checkName(name);
  const paths = statePaths(name);
  if (!existsSync(paths.directory)) return false;
  checkStateDirectory(paths.directory);
  const wasAlive = isAlive(readRecord(paths.record));
  if (wasAlive) {
    noteTakenDown(paths);
    // In order where it answers: services end their streams and write what they have.
    if (await shutdownSimulation(paths)) await waitUntilGone(paths);
    await endDaemon(paths);
  }
  using _lock = await lockStateDirectory(paths.directory, LOCK_PATIENCE_MS);
  clearDirectory(paths.directory, { remove: true });
  return wasAlive;
}
