import type { Taker } from './block.ts';

// When an address was given is an attribute of it: it tells which of two
// containers of a pod is the later one.

const ALLOCATED_AT = 'allocatedAt';

/** The taker, with the time at which it gets its address. `nowMs` is milliseconds since 1970. */
export function takerAt(taker: Taker, nowMs: number): Taker {
  return { ...taker, attributes: { ...taker.attributes, [ALLOCATED_AT]: new Date(nowMs).toISOString() } };
}

/** Milliseconds since 1970; undefined when it was not noted, or cannot be read. */
export function allocatedAtMs(attributes: Readonly<Record<string, string>>): number | undefined {
  const ms = Date.parse(attributes[ALLOCATED_AT] ?? '');
  return Number.isNaN(ms) ? undefined : ms;
}
