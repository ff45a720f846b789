import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RegistryContext } from '../registry/context.ts';
import type { WatchHub } from '../watch/watch-hub.ts';

/** What all handlers share. */
export interface ServerContext extends RegistryContext {
  readonly hub: WatchHub;
  /** Watches and reads that wait, by what ends them. */
  readonly openWatches: Set<() => void>;
  /** How often a watch that asks for bookmarks gets one. */
  readonly bookmarkIntervalMs: number;
  /** How long a read waits for a version that has not come yet. */
  readonly versionWaitMs: number;
}

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  readonly user: string;
}

export function respondJson({ response }: Pick<Exchange, 'response'>, status: number, body: string | object): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = Buffer.from(text.endsWith('\n') ? text : `${text}\n`);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-cache, private',
  });
  response.end(bytes);
}

/** Adds a Warning header (RFC 7234 §5.5) that kubectl prints. */
export function addWarning({ response }: Exchange, message: string): void {
  response.appendHeader('warning', `299 - ${JSON.stringify(message)}`);
}

/** True when the query has the parameter, with any value but a false one. */
export function flag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && value !== 'false' && value !== '0';
}
