import { readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

const MAX_LOG_BYTES = 16 * 1024 * 1024;
const INTERVAL_MS = 30_000;

/** Empties logs that have grown too long; their writers append, so that they go on at the new end. */
export function boundLogs(directory: string, maxBytes = MAX_LOG_BYTES): Disposable {
  const timer = setInterval(() => emptyLongLogs(directory, maxBytes), INTERVAL_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

export function emptyLongLogs(directory: string, maxBytes: number): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) truncateSync(path, 0);
  }
}
