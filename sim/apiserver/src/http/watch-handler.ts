import { randomInt } from 'node:crypto';
import { ApiError, badRequest } from '../error.ts';
import { compileSelection, expired, invalidListOption, type Selection } from '../registry/list.ts';
import { apiVersionOf, collectionOf, type ServedResource } from '../registry/served-resource.ts';
import type { Change } from '../storage/change.ts';
import type { Entry } from '../storage/entry.ts';
import { renderTable, type TableVersion } from '../table/table.ts';
import { eventLine, visibleEvent, type WatchEventType } from '../watch/encode-event.ts';
import { awaitVersion } from './await-version.ts';
import { type Exchange, flag, type ServerContext } from './exchange.ts';
import { includeObjectOf, inVersion } from './present.ts';
import { acceptedTable } from './table-format.ts';

/** A watch whose reader is this far behind is closed: it can come back, and resume. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

/** Without a timeout of its own a watch lasts 30 to 60 minutes, so that not all come back at once. */
const DEFAULT_TIMEOUT_SECONDS = { least: 1800, most: 3600 };

/**
 * Serves a watch until its time is over, its client goes or the server stops.
 * One from a version that has not come yet is silent until it has, as in
 * Kubernetes; only with `sendInitialEvents` is that an error, after a while.
 *
 * @throws {ApiError} 400
 */
export async function serveWatch(
  exchange: Exchange,
  context: ServerContext,
  resource: ServedResource,
  selection: Selection,
): Promise<void> {
  const { query, response } = exchange;
  const matches = compileSelection(resource, selection);
  const bookmarks = flag(query, 'allowWatchBookmarks');
  const initialEvents = query.get('sendInitialEvents');
  checkInitialEvents(query, initialEvents);
  const timeout = timeoutMs(query);
  const from = query.get('resourceVersion') ?? '';
  const fromNow = from === '' || from === '0';
  const revision = fromNow ? 0 : watchRevision(from);
  includeObjectOf(query);
  const stream = new WatchStream(exchange, context, resource, matches);
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' });
  response.flushHeaders();

  const { store } = context;
  if (initialEvents === 'true' || (fromNow && initialEvents !== 'false')) {
    try {
      await awaitVersion(context, from);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      stream.fail(error);
      return;
    }
    // Its client may have gone in the meantime.
    if (response.destroyed) return;
    for (const entry of store.list(collectionOf(resource))) if (matches(entry)) stream.send('ADDED', entry);
    if (initialEvents === 'true' && bookmarks) stream.sendBookmark({ 'k8s.io/initial-events-end': 'true' });
  } else if (!fromNow) {
    if (revision < store.oldestRevision) {
      stream.fail(expired());
      return;
    }
    for (const change of store.changesSince(collectionOf(resource), revision)) stream.onChange(change);
  }
  stream.follow({ bookmarks, timeoutMs: timeout, after: revision });
}

/** @throws {ApiError} 500, as kube-apiserver answers a watch from what is no version */
function watchRevision(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ApiError('Unknown', `resourceVersion: Invalid value: ${JSON.stringify(text)}: must be a number`);
}

function checkInitialEvents(query: URLSearchParams, initialEvents: string | null): void {
  if (query.get('continue')) throw invalidListOption('continue', 'Forbidden: a watch does not come in pages');
  if (initialEvents === null) {
    if (!query.get('resourceVersionMatch')) return;
    throw invalidListOption(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
    );
  }
  if (query.get('resourceVersionMatch') !== 'NotOlderThan') {
    throw invalidListOption(
      'resourceVersionMatch',
      'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
    );
  }
}

function timeoutMs(query: URLSearchParams): number {
  const text = query.get('timeoutSeconds') ?? '';
  if (text !== '' && !/^[+-]?\d{1,9}$/.test(text))
    throw badRequest(`timeoutSeconds: Invalid value: ${JSON.stringify(text)}`);
  const seconds = Number(text) || randomInt(DEFAULT_TIMEOUT_SECONDS.least, DEFAULT_TIMEOUT_SECONDS.most);
  return Math.min(Math.max(seconds, 0) * 1000, 2 ** 31 - 1);
}

class WatchStream {
  readonly #exchange: Exchange;
  readonly #context: ServerContext;
  readonly #resource: ServedResource;
  readonly #matches: (entry: Entry) => boolean;
  readonly #table: TableVersion | undefined;
  #tableStarted = false;
  /** More than the limit while the initial state is under way. */
  #allowedBytes = Number.POSITIVE_INFINITY;

  constructor(
    exchange: Exchange,
    context: ServerContext,
    resource: ServedResource,
    matches: (entry: Entry) => boolean,
  ) {
    this.#exchange = exchange;
    this.#context = context;
    this.#resource = resource;
    this.#matches = matches;
    this.#table = acceptedTable(exchange.request);
  }

  /** Sends what comes from now on, as far as it is newer than the revision `after`. */
  follow({ bookmarks, timeoutMs, after }: { bookmarks: boolean; timeoutMs: number; after: number }): void {
    const { response } = this.#exchange;
    const { hub, openWatches, bookmarkIntervalMs } = this.#context;
    const unsubscribe = hub.subscribe(collectionOf(this.#resource), {
      onChange: (change) => {
        if (change.revision > after) this.onChange(change);
      },
    });
    // A bookmark must not take a reader back to before where it is.
    const bookmark = (): void => {
      if (bookmarks && this.#context.store.revision >= after) this.sendBookmark();
    };
    const end = (): void => {
      bookmark();
      response.end();
    };
    const timer = setTimeout(end, timeoutMs);
    const ticker = bookmarks ? setInterval(bookmark, bookmarkIntervalMs) : undefined;
    const closeNow = (): void => {
      response.end();
    };
    openWatches.add(closeNow);
    this.#allowedBytes = response.writableLength + MAX_UNSENT_BYTES;
    response.on('drain', () => {
      this.#allowedBytes = MAX_UNSENT_BYTES;
    });
    response.on('close', () => {
      clearTimeout(timer);
      clearInterval(ticker);
      openWatches.delete(closeNow);
      unsubscribe();
    });
  }

  onChange(change: Change): void {
    const event = visibleEvent(change, this.#matches);
    if (event === undefined) return;
    this.send(event.type, event.entry);
  }

  send(type: WatchEventType, entry: Entry): void {
    const shown = inVersion(entry, this.#resource);
    if (this.#table === undefined) this.#write(eventLine(type, shown));
    else this.#write(`${JSON.stringify({ type, object: this.#tableOf(shown, this.#table) })}\n`);
  }

  sendBookmark(annotations?: Record<string, string>): void {
    const metadata = {
      resourceVersion: String(this.#context.store.revision),
      ...(annotations === undefined ? {} : { annotations }),
    };
    const { kind } = this.#resource;
    const object =
      this.#table === undefined
        ? { kind, apiVersion: apiVersionOf(this.#resource), metadata }
        : this.#emptyTable(metadata, this.#table);
    this.#write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
  }

  /** Ends a watch that cannot start where it was asked to. */
  fail(error: ApiError): void {
    this.#write(`${JSON.stringify({ type: 'ERROR', object: error.toStatus() })}\n`);
    this.#exchange.response.end();
  }

  #tableOf(entry: Entry, version: TableVersion): object {
    const definitions = !this.#tableStarted;
    this.#tableStarted = true;
    return renderTable([entry.object], this.#resource.columns, {
      version,
      includeObject: includeObjectOf(this.#exchange.query),
      nowMs: this.#context.now(),
      metadata: { resourceVersion: entry.object.metadata.resourceVersion },
      definitions,
    });
  }

  #emptyTable(metadata: object, version: TableVersion): object {
    const rest = { includeObject: 'None' as const, nowMs: this.#context.now(), definitions: false };
    return renderTable([], this.#resource.columns, { version, metadata, ...rest });
  }

  #write(line: Buffer | string): void {
    const { response } = this.#exchange;
    if (response.writableEnded || response.destroyed) return;
    response.write(line);
    if (response.writableLength > this.#allowedBytes) response.destroy();
  }
}
