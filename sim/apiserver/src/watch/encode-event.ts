import type { Change } from '../storage/change.ts';
import { Entry } from '../storage/entry.ts';

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

const LINES = new WeakMap<Entry, Partial<Record<WatchEventType, Buffer>>>();

/** The line of a watch stream; encoded once, however many watches send it. */
export function eventLine(type: WatchEventType, entry: Entry): Buffer {
  let lines = LINES.get(entry);
  if (lines === undefined) {
    lines = {};
    LINES.set(entry, lines);
  }
  const line = lines[type] ?? Buffer.from(`{"type":"${type}","object":${entry.json}}\n`);
  lines[type] = line;
  return line;
}

/**
 * What a change is to a watch that sees some objects only: an object that
 * comes into its selection is added, one that leaves it is deleted.
 */
export function visibleEvent(
  change: Change,
  matches: (entry: Entry) => boolean,
): { type: WatchEventType; entry: Entry } | undefined {
  const before = change.previous !== undefined && matches(change.previous);
  if (change.type === 'DELETED') return before ? { type: 'DELETED', entry: change.entry } : undefined;
  const after = matches(change.entry);
  if (after) return { type: before ? 'MODIFIED' : 'ADDED', entry: change.entry };
  if (!before || change.previous === undefined) return undefined;
  return { type: 'DELETED', entry: asDeleted(change.previous, change) };
}

const LEFT = new WeakMap<Change, Entry>();

/** What left a selection is shown as it last was in it, under the revision of the change that took it out. */
function asDeleted(previous: Entry, change: Change): Entry {
  let entry = LEFT.get(change);
  if (entry === undefined) {
    const { object, key } = previous;
    const metadata = { ...object.metadata, resourceVersion: String(change.revision) };
    entry = Entry.fromObject(key, change.revision, { ...object, metadata });
    LEFT.set(change, entry);
  }
  return entry;
}
