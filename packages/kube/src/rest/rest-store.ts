import { collectionPath, KINDS, type KindName, type Resource, type ResourceOf } from '@margay/model';
import {
  type ListOptions,
  type PatchOptions,
  type Preconditions,
  type ResourceList,
  type ResourceRef,
  type ResourceStore,
  StoreError,
  type WatchEvent,
  type WatchOptions,
} from '@margay/ports';
import { readLines } from './lines.ts';
import { errorOf, errorOfStatus, isStatus } from './status.ts';
import type { Transport, TransportRequest, TransportResponse } from './transport.ts';

/** For a whole request other than a watch, milliseconds. */
const REQUEST_TIMEOUT_MS = 30_000;

/**
 * For how long the server is asked to keep a watch open, seconds. Shorter than
 * the 300 s of silence after which the official client gives up.
 */
const WATCH_SECONDS = 240;

/** The Kubernetes REST protocol over either transport. */
export class RestStore implements ResourceStore {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  async get<K extends KindName>(kind: K, ref: ResourceRef): Promise<ResourceOf<K> | undefined> {
    try {
      return await this.#json<ResourceOf<K>>({ method: 'GET', path: objectPath(kind, ref) });
    } catch (error) {
      if (error instanceof StoreError && error.code === 'NOT_FOUND') return undefined;
      throw error;
    }
  }

  async list<K extends KindName>(kind: K, options: ListOptions = {}): Promise<ResourceList<ResourceOf<K>>> {
    const path = `${collectionPath(kind, options.namespace)}${queryOf(options, {})}`;
    const request = { method: 'GET', path } as const;
    const list = await this.#json<ListBody<ResourceOf<K>>>(request, options.signal);
    const { items, metadata } = list;
    // A body without them is a broken answer, never an empty list.
    if (!Array.isArray(items) || typeof metadata?.resourceVersion !== 'string') {
      throw new StoreError('UNAVAILABLE', `GET ${path}: the answer is not a list`);
    }
    return { items, resourceVersion: metadata.resourceVersion };
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
    const query = { watch: 'true', allowWatchBookmarks: 'true', resourceVersion, timeoutSeconds: `${WATCH_SECONDS}` };
    const path = `${collectionPath(kind, namespace)}${queryOf(options, query)}`;
    const name = `GET ${path}`;
    const over = new AbortController();
    const abort = (): void => over.abort(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      const response = await this.#open({ method: 'GET', path, signal: over.signal }, over);
      for await (const line of readLines(response.chunks())) yield readEvent<ResourceOf<K>>(line, name);
    } catch (error) {
      if (signal.aborted) return;
      throw toStoreError(error, name);
    } finally {
      signal.removeEventListener('abort', abort);
      over.abort();
    }
  }

  /** Waits for the head of a watch's answer only so long; its body may take for ever. */
  async #open(request: TransportRequest, over: AbortController): Promise<TransportResponse> {
    const limit = setTimeout(() => over.abort(new Error('no answer in time')), REQUEST_TIMEOUT_MS);
    try {
      const response = await this.#transport.send(request);
      if (response.status !== 200) throw errorOf(response.status, await response.text(), nameOf(request));
      return response;
    } finally {
      clearTimeout(limit);
    }
  }

  async #json<T>(request: Omit<TransportRequest, 'signal'>, caller?: AbortSignal): Promise<T> {
    const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const signal = caller === undefined ? timeout : AbortSignal.any([caller, timeout]);
    try {
      const response = await this.#transport.send({ ...request, signal });
      const body = await response.text();
      if (response.status < 200 || response.status > 299) throw errorOf(response.status, body, nameOf(request));
      return JSON.parse(body) as T;
    } catch (error) {
      caller?.throwIfAborted();
      throw toStoreError(error, nameOf(request));
    }
  }
}

interface ListBody<R> {
  readonly items?: R[];
  readonly metadata?: { readonly resourceVersion?: string };
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

function jsonBody(value: object, type = 'application/json'): { type: string; text: string } {
  return { type, text: JSON.stringify(value) };
}

function nameOf({ method, path }: { readonly method: string; readonly path: string }): string {
  return `${method} ${path}`;
}
