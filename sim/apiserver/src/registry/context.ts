import type { ObjectStore } from '../storage/object-store.ts';
import type { ResourceCatalog } from './resource-catalog.ts';
import type { ServedResource } from './served-resource.ts';

/** What every operation works with. */
export interface RegistryContext {
  readonly store: ObjectStore;
  readonly catalog: ResourceCatalog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Which object a request is about. */
export interface Target {
  readonly resource: ServedResource;
  /** Undefined for cluster-scoped kinds. */
  readonly namespace: string | undefined;
  readonly name: string;
}

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
  /** Sentences about keys that the request has twice: refused or told, as `fieldValidation` says. */
  readonly duplicates: readonly string[];
  /** Takes what the client is told in Warning headers. */
  readonly warn: (message: string) => void;
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export function timestamp(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19)}Z`;
}
