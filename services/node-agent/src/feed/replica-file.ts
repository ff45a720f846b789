import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Replica, type ReplicaData } from '@margay/feed-core';
import type { Clock, Logger } from '@margay/ports';
import { createTrigger } from '@margay/runtime';
import type { SavedFile } from '../state/saved-file.ts';
import type { FeedState } from './feed-state.ts';

/** In the state directory. */
export const REPLICA_FILE = 'feed.json';

/** Shortest time between two writes of the file, milliseconds. */
const SAVE_INTERVAL_MS = 1_000;
/** A large replica is written less often, so that writing takes at most this part of the time. */
const SAVE_SHARE = 1 / 20;

export function replicaPath(stateDir: string): string {
  return join(stateDir, REPLICA_FILE);
}

/** The replica of the last run; an empty one when there is none, or none that can be read: the feed brings it again. */
export async function loadReplica(stateDir: string, logger: Logger): Promise<Replica> {
  const path = replicaPath(stateDir);
  try {
    return Replica.fromJSON(JSON.parse(await readFile(path, 'utf8')) as ReplicaData);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      logger.warn({ path, reason: String(error) }, 'the saved feed cannot be read; waiting for a new snapshot');
    }
    return new Replica();
  }
}

export interface KeepReplicaOptions {
  readonly file: Pick<SavedFile, 'save'>;
  readonly feed: FeedState;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Saves the replica after changes, and once more at the end. */
export async function keepReplicaSaved(options: KeepReplicaOptions): Promise<void> {
  const { feed, clock, logger, signal } = options;
  const trigger = createTrigger();
  const unsubscribe = feed.changed.subscribe(() => trigger.fire());
  let saved: string | undefined;
  const save = async (): Promise<void> => {
    const position = feed.replica.position;
    if (!position) return;
    const name = `${position.epoch}/${position.revision}`;
    if (name === saved) return;
    try {
      await options.file.save();
      saved = name;
    } catch (error) {
      logger.error({ reason: String(error) }, 'the feed cannot be saved; a restart would need a new snapshot');
    }
  };
  try {
    for (;;) {
      await trigger.wait(signal);
      const startedMs = clock.monotonicMs();
      await save();
      await clock.sleep(Math.max(SAVE_INTERVAL_MS, (clock.monotonicMs() - startedMs) / SAVE_SHARE), signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    unsubscribe();
    await save();
  }
}
