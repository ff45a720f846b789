import { collectionPath, KINDS, type KindName, type Resource, type ResourceOf } from '@margay/model';
import {
  type Clock,
  type ListOptions,
  type PatchOptions,
  type Preconditions,
  type ResourceList,
  type ResourceRef,
  type ResourceStore,
  StoreError,
  type TrimmedListOptions,
  type WatchEvent,
  type WatchOptions,
} from '@margay/ports';
import { readLines } from './lines.ts';
import { type ListBody, listPages, type PageQuery } from './list-pages.ts';
import type { RequestLimits } from './request-limits.ts';
import { errorOf, errorOfStatus, isStatus } from './status.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';
import { untilSilent } from './until-silent.ts';

/** For one answer, with what a request waits for its turn, milliseconds. A watch has so long for its head. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * For how long the server is asked to keep a watch open, seconds: between this
 * and its double, so that watches which began together do not end together.
 * Source: client-go asks for five to ten minutes.
 */
const WATCH_SECONDS = 240;

/**
 * Silence after which a watch is taken for dead, milliseconds: a bookmark
 * comes every minute from a server that lives (kube-apiserver's watch cache).
 */
const WATCH_SILENCE_MS = 90_000;

/** How often a request is repeated that the server sent away with 429. Source: client-go. */
const MAX_TOO_MANY = 10;

/** Longest pause before that, milliseconds, whatever the server says. */
const MAX_RETRY_AFTER_MS = 15_000;

export interface RestStoreOptions {
  readonly transport: Transport;
  readonly limits: RequestLimits;
  readonly clock: Clock;
  /** 90 s by default. */
  readonly watchSilenceMs?: number;
}

/** The Kubernetes REST protocol over either transport. */
export class RestStore implements ResourceStore {
  readonly #transport: Transport;
  readonly #limits: RequestLimits;
  readonly #clock: Clock;
  readonly #watchSilenceMs: number;

  constructor({ transport, limits, clock, watchSilenceMs = WATCH_SILENCE_MS }: RestStoreOptions) {
    this.#transport = transport;
    this.#limits = limits;
    this.#clock = clock;
    this.#watchSilenceMs = watchSilenceMs;
  }

  async get<K extends KindName>(kind: K, ref: ResourceRef): Promise<ResourceOf<K> | undefined> {
    try {
      return await this.#json<ResourceOf<K>>({ method: 'GET', path: objectPath(kind, ref) });
    } catch (error) {
      if (error instanceof StoreError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  async list<K extends KindName>(
    kind: K,
    options: TrimmedListOptions<ResourceOf<K>> = {},
  ): Promise<ResourceList<ResourceOf<K>>> {
    const { namespace, signal, trim = (object: ResourceOf<K>): ResourceOf<K> => object } = options;
    const path = collectionPath(kind, namespace);
    const page = (query: PageQuery): Promise<ListBody<ResourceOf<K>>> => {
      const numbers = query.limit === undefined ? {} : { limit: `${query.limit}` };
      const position = query.continue === undefined ? {} : { continue: query.continue };
      return this.#json({ method: 'GET', path: `${path}${queryOf(options, { ...numbers, ...position })}` }, signal);
    };
    return listPages(page, trim);
  }

  create<K extends KindName>(kind: K, resource: ResourceOf<K>): Promise<ResourceOf<K>> {
    const path = collectionPath(kind, namespaceOf(kind, resource.metadata));
    return this.#json({ method: 'POST', path, body: jsonBody(typed(kind, resource)) });
  }

  async update<K extends KindName>(kind: K, resource: ResourceOf<K>): Promise<ResourceOf<K>> {
    const path = objectPath(kind, resource.metadata);
    // Without a version the API would replace whatever is there.
    if (resource.metadata.resourceVersion === undefined) {
      throw new StoreError('INVALID', `PUT ${path}: metadata.resourceVersion is missing`);
    }
    return this.#json({ method: 'PUT', path, body: jsonBody(typed(kind, resource)) });
  }

  patch<K extends KindName>(
    kind: K,
    ref: ResourceRef,
    patch: object,
    { subresource }: PatchOptions = {},
  ): Promise<ResourceOf<K>> {
    const path = `${objectPath(kind, ref)}${subresource === undefined ? '' : `/${subresource}`}`;
    return this.#json({ method: 'PATCH', path, body: jsonBody(patch, 'application/merge-patch+json') });
  }

  async delete(kind: KindName, ref: ResourceRef, preconditions: Preconditions = {}): Promise<void> {
    const { gracePeriodSeconds, ...conditions } = preconditions;
    const options = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      ...(Object.keys(conditions).length > 0 && { preconditions: conditions }),
    };
    await this.#json({ method: 'DELETE', path: objectPath(kind, ref), body: jsonBody(options) });
  }

  async *watch<K extends KindName>(
    kind: K,
    options: WatchOptions,
  ): AsyncGenerator<WatchEvent<ResourceOf<K>>, void, undefined> {
    const { signal, resourceVersion, namespace } = options;
    if (signal.aborted) return;
    const timeoutSeconds = `${Math.round(WATCH_SECONDS * (1 + Math.random()))}`;
    const query = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion, timeoutSeconds };
    const path = `${collectionPath(kind, namespace)}${queryOf(options, query)}`;
    const name = `GET ${path}`;
    const over = new AbortController();
    const abort = (): void => over.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    const giveUp = (): void => {
      this.#transport.distrustConnections?.();
      over.abort(new StoreError('UNAVAILABLE', `${name}: no word for ${this.#watchSilenceMs / 1_000} s`));
    };
    try {
      const response = await this.#open({ method: 'GET', path, signal: over.signal }, over);
      const chunks = untilSilent(response.chunks(), this.#watchSilenceMs, giveUp);
      for await (const line of readLines(chunks)) yield readEvent<ResourceOf<K>>(line, name);
      // Some transports end a body that was aborted as if it were whole.
      over.signal.throwIfAborted();
    } catch (error) {
      if (signal.aborted) return;
      throw toStoreError(over.signal.aborted ? over.signal.reason : error, name);
    } finally {
      signal.removeEventListener('abort', abort);
      over.abort();
    }
  }

  /** Waits for the head of a watch's answer only so long; its body may take for ever. */
  async #open(request: TransportRequest, over: AbortController): Promise<TransportResponse> {
    await this.#limits.take(over.signal);
    const giveUp = (): void => {
      this.#transport.distrustConnections?.();
      over.abort(new Error('no answer in time'));
    };
    const limit = setTimeout(giveUp, REQUEST_TIMEOUT_MS);
    try {
      const response = await this.#send(request);
      if (response.status !== 200) throw errorOf(response.status, await response.text(), nameOf(request));
      return response;
    } finally {
      clearTimeout(limit);
    }
  }

  async #json<T>(request: Omit<TransportRequest, 'signal'>, caller?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const signal = caller === undefined ? timeout : AbortSignal.any([caller, timeout]);
    let isSent = false;
    const exchange = async (): Promise<T> => {
      isSent = true;
      const response = await this.#send({ ...request, signal });
      const body = await response.text();
      if (response.status < 200 || response.status > 299) throw errorOf(response.status, body, nameOf(request));
      return JSON.parse(body) as T;
    };
    try {
      // A Lease that is renewed late is lost, and there are few of them: they wait for nobody.
      return await (isLease(request.path) ? exchange() : this.#limits.run(exchange, signal));
    } catch (error) {
      caller?.throwIfAborted();
      // One that only waited for its turn says nothing of the connections.
      if (timeout.aborted && isSent) this.#transport.distrustConnections?.();
      throw toStoreError(error, nameOf(request));
    }
  }

  /** Comes back as often as the server says that it has too much to do: such a request was not looked at. */
  async #send(request: TransportRequest): Promise<TransportResponse> {
    for (let attempt = 0; ; attempt++) {
      const response = await this.#transport.send(request);
      const { retryAfterSeconds } = response;
      if (response.status !== 429 || retryAfterSeconds === undefined || attempt === MAX_TOO_MANY) return response;
      await response.text();
      const pauseMs = Math.min(retryAfterSeconds * 1_000, MAX_RETRY_AFTER_MS);
      await this.#clock.sleep(pauseMs * (1 + Math.random() / 2), request.signal);
    }
  }
}

interface EventBody {
  readonly type: string;
  readonly object: Resource;
}

function readEvent<R extends Resource>(line: string, request: string): WatchEvent<R> {
  const { type, object } = JSON.parse(line) as EventBody;
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: object as R };
    case 'BOOKMARK':
      return { type, resourceVersion: object.metadata.resourceVersion ?? '' };
    case 'ERROR':
      if (isStatus(object)) throw errorOfStatus(object, request);
  }
  throw new StoreError('UNAVAILABLE', `${request}: a watch event of type '${type}' is not understood`);
}

function toStoreError(error: unknown, request: string): StoreError {
  if (error instanceof StoreError) return error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError('UNAVAILABLE', `${request}: ${reason}`, { cause: error });
}

function objectPath(kind: KindName, ref: ResourceRef): string {
  if (ref.name === '') throw new StoreError('INVALID', `a ${kind} needs a name`);
  return `${collectionPath(kind, namespaceOf(kind, ref))}/${encodeURIComponent(ref.name)}`;
}

/** A namespaced object without a namespace would be asked for at the path of the whole collection. */
function namespaceOf(kind: KindName, { namespace }: { readonly namespace?: string }): string | undefined {
  if (!KINDS[kind].namespaced) return undefined;
  if (namespace === undefined || namespace === '') throw new StoreError('INVALID', `a ${kind} needs a namespace`);
  return namespace;
}

function queryOf({ labelSelector, fieldSelector }: ListOptions, more: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(more);
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  if (fieldSelector !== undefined) query.set('fieldSelector', fieldSelector);
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function typed<K extends KindName>(kind: K, resource: ResourceOf<K>): object {
  return { ...resource, apiVersion: KINDS[kind].apiVersion, kind };
}

function isLease(path: string): boolean {
  return path.startsWith('/apis/coordination.k8s.io/');
}

function jsonBody(value: object, type = 'application/json'): { type: string; text: string } {
  return { type, text: JSON.stringify(value) };
}

function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path}`;
}
