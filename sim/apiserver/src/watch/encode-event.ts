import type { Change } from '../storage/change.ts';
import type { Entry } from '../storage/entry.ts';

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
  return before ? { type: 'DELETED', entry: change.entry } : undefined;
}
