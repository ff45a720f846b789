import type { NetworkPolicy, Pod } from '@margay/model';
import { type ResourceStore, StoreError, type StoreErrorCode } from '@margay/ports';
import { expect } from 'vitest';
import { type Watched, type Watching, watching } from './watching.ts';

/** A store to hold to the contract, with what the suite needs around it. */
export interface StoreUnderTest {
  readonly store: ResourceStore;
  /** Exists, and is the suite's own. */
  readonly namespace: string;
  /** Makes the server forget the history before now. Without it, GONE is not tested. */
  readonly compact?: () => Promise<void> | void;
  readonly close?: () => Promise<void> | void;
}

/** What the tests of the contract share: the store, once it is made, and objects for it. */
export class Scene {
  readonly #run = Date.now().toString(36);
  #count = 0;
  #under: StoreUnderTest | undefined;

  /** Before the first test. */
  begin(under: StoreUnderTest): void {
    this.#under = under;
  }

  get store(): ResourceStore {
    return this.#made.store;
  }

  get namespace(): string {
    return this.#made.namespace;
  }

  async compact(): Promise<void> {
    await this.#made.compact?.();
  }

  async end(): Promise<void> {
    await this.#under?.close?.();
  }

  /** A name that nothing has. */
  fresh(): string {
    return `contract-${this.#run}-${++this.#count}`;
  }

  policy(labels: Record<string, string> = {}, name = this.fresh()): NetworkPolicy {
    return {
      metadata: { name, namespace: this.namespace, labels },
      spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] },
    };
  }

  pod(nodeName?: string): Pod {
    return {
      metadata: { name: this.fresh(), namespace: this.namespace },
      spec: { containers: [{ name: 'main', image: 'example.test/main' }], ...(nodeName && { nodeName }) },
    };
  }

  watching(options: Omit<Watched, 'namespace'>): Watching {
    return watching(this.store, { namespace: this.namespace, ...options });
  }

  get #made(): StoreUnderTest {
    if (!this.#under) throw new Error('the store is not made yet');
    return this.#under;
  }
}

export function refOf({ metadata }: { readonly metadata: { name: string; namespace?: string } }): {
  name: string;
  namespace?: string;
} {
  const { name, namespace } = metadata;
  return { name, ...(namespace !== undefined && { namespace }) };
}

export function withLabels(resource: NetworkPolicy, labels: Record<string, string>): NetworkPolicy {
  return { ...resource, metadata: { ...resource.metadata, labels } };
}

export async function expectCode(code: StoreErrorCode, action: Promise<unknown>): Promise<void> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  expect((error as StoreError).code).toBe(code);
}
