import type { Replica } from '@margay/feed-core';
import { DurableFile } from '@margay/runtime';
import { REPLICA_FILE, replicaPath } from '../feed/replica-file.ts';

/** One file of the state directory whose content this process has in memory. */
export interface SavedFile {
  readonly name: string;
  /** False while there is nothing to save. */
  readonly isDue: () => boolean;
  readonly content: () => string;
  /** Rejects with the system's error. */
  readonly save: () => Promise<void>;
}

/** The replica of the feed: `keepReplicaSaved` saves it when it changes, the upkeep when it was taken away. */
export function savedReplica(stateDir: string, replica: Replica): SavedFile {
  const content = (): string => JSON.stringify(replica);
  const file = new DurableFile({ path: replicaPath(stateDir), content });
  return {
    name: REPLICA_FILE,
    isDue: () => replica.position !== undefined,
    content,
    save: () => file.save(),
  };
}
