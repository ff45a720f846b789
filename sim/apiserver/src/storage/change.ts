import type { Entry } from './entry.ts';

/** One committed change of one object. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly revision: number;
  /** The collection: plural and group, as `ippools.networking.margay.dev`. */
  readonly collection: string;
  /** After the change; of a deletion the last state, with the revision of the deletion. */
  readonly entry: Entry;
  /** Before the change. */
  readonly previous: Entry | undefined;
}
