/**
 * Passes chunks on, and calls `giveUp` when none comes for `limitMs`; it has
 * to make the source fail or end. The time that the reader takes does not
 * count. Leaving the loop ends the source.
 */
export async function* untilSilent(
  chunks: AsyncIterable<Uint8Array>,
  limitMs: number,
  giveUp: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const source = chunks[Symbol.asyncIterator]();
  try {
    for (;;) {
      const timer = setTimeout(giveUp, limitMs);
      let next: IteratorResult<Uint8Array>;
      try {
        next = await source.next();
      } finally {
        clearTimeout(timer);
      }
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}
