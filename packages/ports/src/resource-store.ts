import type { KindName, Resource, ResourceOf } from '@margay/model';

/** The Kubernetes API as the services use it. */
export interface ResourceStore {
  /** Undefined when there is none. @throws {StoreError} */
  get<K extends KindName>(kind: K, ref: ResourceRef): Promise<ResourceOf<K> | undefined>;
  list<K extends KindName>(kind: K, options?: TrimmedListOptions<ResourceOf<K>>): Promise<ResourceList<ResourceOf<K>>>;
  /** @throws {StoreError} `ALREADY_EXISTS`, `INVALID` */
  create<K extends KindName>(kind: K, resource: ResourceOf<K>): Promise<ResourceOf<K>>;
  /**
   * Replaces the object if its `metadata.resourceVersion` is still the stored one.
   *
   * @throws {StoreError} `CONFLICT`: someone else wrote; `NOT_FOUND`
   */
  update<K extends KindName>(kind: K, resource: ResourceOf<K>): Promise<ResourceOf<K>>;
  /** A JSON merge patch (RFC 7396), of the object or of its status. */
  patch<K extends KindName>(kind: K, ref: ResourceRef, patch: object, options?: PatchOptions): Promise<ResourceOf<K>>;
  /** @throws {StoreError} `NOT_FOUND`; `CONFLICT`: a precondition does not hold. */
  delete(kind: KindName, ref: ResourceRef, preconditions?: Preconditions): Promise<void>;
  /**
   * Changes after `resourceVersion`, in order. Ends when the signal aborts or
   * the server closes; the caller resumes from the last version it saw.
   *
   * @throws {StoreError} `GONE`: the version is too old, list again.
   */
  watch<K extends KindName>(kind: K, options: WatchOptions): AsyncIterable<WatchEvent<ResourceOf<K>>>;
}

export interface ResourceRef {
  readonly name: string;
  /** Absent for cluster-scoped kinds. */
  readonly namespace?: string;
}

export interface ListOptions {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly signal?: AbortSignal;
}

export interface TrimmedListOptions<R> extends ListOptions {
  /** What is kept of each object: applied as objects arrive, so that a long list is never held whole in memory. */
  readonly trim?: (object: R) => R;
}

export interface ResourceList<R> {
  readonly resourceVersion: string;
  readonly items: R[];
}

export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string;
  readonly signal: AbortSignal;
}

export type WatchEvent<R extends Resource> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: R }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface PatchOptions {
  readonly subresource?: 'status';
}

export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly gracePeriodSeconds?: number;
}

export type StoreErrorCode =
  | 'NOT_FOUND'
  | 'ALREADY_EXISTS'
  | 'CONFLICT'
  | 'GONE'
  | 'INVALID'
  | 'FORBIDDEN'
  | 'UNAVAILABLE';

/** Branch on `code`. `UNAVAILABLE` covers every failure of the network or the server: try again. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
