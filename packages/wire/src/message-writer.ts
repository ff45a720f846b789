import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** One end of a stream, at the reader's pace. */
export interface MessageWriter<T> {
  /**
   * Resolves once the transport takes more, so that a caller who awaits it
   * never fills memory for a slow reader. Rejects with the call's abort reason
   * when the other side has gone.
   */
  write(message: T): Promise<void>;
}

/** Writes to a gRPC stream, waiting for `drain` whenever it says that it is full. */
export function createMessageWriter<T>(stream: Writable, signal: AbortSignal): MessageWriter<T> {
  return {
    async write(message) {
      signal.throwIfAborted();
      if (stream.write(message)) return;
      try {
        await once(stream, 'drain', { signal });
      } catch (error) {
        signal.throwIfAborted();
        throw error;
      }
    },
  };
}
