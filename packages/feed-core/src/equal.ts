import type { FeedEntry } from './entry.ts';

/**
 * True when two entries say the same. Field order counts: entries of one
 * producer have one order, and a false "no" costs one message, nothing else.
 */
export function sameEntry(a: FeedEntry, b: FeedEntry): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
