/**
 * Waits for work that knows no signal, but no longer than until the signal
 * aborts. The work itself goes on; its failure is nobody's any more then.
 * Rejects with the work's error, or the signal's reason.
 */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // The loser of the race may fail later, when nobody waits for it.
  work.catch(() => undefined);
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason as Error);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
