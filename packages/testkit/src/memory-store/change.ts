import type { KindName, Resource } from '@margay/model';
import type { WatchEvent } from '@margay/ports';

/** One write: the object before and after it. */
export interface Change {
  readonly revision: number;
  readonly kind: KindName;
  readonly before?: Resource;
  readonly after?: Resource;
  /** What a watcher is shown of a deleted object. */
  readonly last?: Resource;
}

/** An object that enters a selection is added to it, and one that leaves is deleted from it. */
export function eventOf(change: Change, selected: (object: Resource) => boolean): WatchEvent<Resource> | undefined {
  const { before, after, last, revision } = change;
  const was = before !== undefined && selected(before);
  if (after !== undefined && selected(after)) {
    return { type: was ? 'MODIFIED' : 'ADDED', object: structuredClone(after) };
  }
  if (!was) return undefined;
  const object = structuredClone(last ?? before);
  object.metadata.resourceVersion = `${revision}`;
  return { type: 'DELETED', object };
}
