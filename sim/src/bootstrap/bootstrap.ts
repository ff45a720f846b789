import type { KindName, ResourceOf } from '@margay/model';
import { type Clock, type ResourceStore, StoreError } from '@margay/ports';
import { retry } from '@margay/runtime';
import type { Topology } from '../topology/types.ts';
import { topologyObjects } from './objects.ts';

/** How many pods are created at once. */
const PARALLEL = 16;

/**
 * Creates what the topology asks for, as soon as the API server answers. What
 * is there already stays as it is.
 *
 * @throws {StoreError} what the API server refuses.
 */
export async function createTopologyObjects(options: {
  readonly store: ResourceStore;
  readonly topology: Topology;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Pools are there: whoever wants addresses can have them. */
  readonly onPools?: () => void;
}): Promise<void> {
  const { topology, onPools } = options;
  const { namespaces, pools, pods } = topologyObjects(topology);
  for (const namespace of namespaces) await create(options, 'Namespace', namespace);
  await Promise.all(pools.map((pool) => create(options, 'IPPool', pool)));
  onPools?.();
  for (let start = 0; start < pods.length; start += PARALLEL) {
    await Promise.all(pods.slice(start, start + PARALLEL).map((pod) => create(options, 'Pod', pod)));
  }
}

async function create<K extends KindName>(
  { store, clock, signal }: { readonly store: ResourceStore; readonly clock: Clock; readonly signal: AbortSignal },
  kind: K,
  resource: ResourceOf<K>,
): Promise<void> {
  await retry(
    async () => {
      try {
        await store.create(kind, resource);
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'ALREADY_EXISTS') throw error;
      }
    },
    {
      clock,
      signal,
      initialMs: 25,
      maxMs: 250,
      // The kinds of the CRDs are not there in the server's first moments.
      shouldRetry: (error) => error instanceof StoreError && ['UNAVAILABLE', 'NOT_FOUND'].includes(error.code),
    },
  );
}
