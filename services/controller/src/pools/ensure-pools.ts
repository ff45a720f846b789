import { type IPPool, validateIpPool } from '@margay/model';
import { type Logger, type ResourceStore, StoreError } from '@margay/ports';

/** The ConfigMap that remembers which pools were made: a key for each. */
const MEMORY = 'margay-pools';

export interface EnsurePoolsOptions {
  readonly store: ResourceStore;
  /** Where the memory is. */
  readonly namespace: string;
  readonly wanted: readonly IPPool[];
  /** Pools that are there. */
  readonly present: readonly IPPool[];
  readonly logger: Logger;
}

/**
 * Makes each wanted pool once. One that is there, whoever made it, is never
 * touched; one that was made before and is not there now was deleted by an
 * operator, and stays away. To have it made again, its key is taken out of the
 * ConfigMap `margay-pools`.
 *
 * @throws {StoreError} the API cannot be used; a pool that it refuses is
 *   logged, and the others are made
 */
export async function ensurePools({ store, namespace, wanted, present, logger }: EnsurePoolsOptions): Promise<void> {
  if (wanted.length === 0) return;
  const ref = { namespace, name: MEMORY };
  const memory = await store.get('ConfigMap', ref);
  const made = new Set(Object.keys(memory?.data ?? {}));
  const missing = wanted.filter(({ metadata }) => !made.has(metadata.name));
  const done: Record<string, string> = {};
  const pools = [...present];
  for (const pool of missing) {
    const { name } = pool.metadata;
    const outcome = await makePool(store, pool, pools);
    if (outcome === 'made') logger.info({ pool: name, cidr: pool.spec.cidr }, 'Made a pool of the pools file');
    else if (outcome !== 'found') {
      logger.error({ pool: name, reason: outcome.refused }, 'A pool of the pools file cannot be made');
      continue;
    }
    pools.push(pool);
    // Written down at once: a later failure must not make this one forgotten.
    done[name] = outcome === 'made' ? 'made by the controller' : 'was there already';
    if (memory === undefined && Object.keys(done).length === 1) await createMemory(store, ref, done);
    else await store.patch('ConfigMap', ref, { data: { [name]: done[name] } });
  }
}

async function makePool(
  store: ResourceStore,
  pool: IPPool,
  present: readonly IPPool[],
): Promise<'made' | 'found' | { readonly refused: string }> {
  if (present.some(({ metadata }) => metadata.name === pool.metadata.name)) return 'found';
  // The API compares no pool with another.
  const [conflict] = validateIpPool(pool, present);
  if (conflict !== undefined)
    return { refused: `${conflict.field} ${JSON.stringify(conflict.value)}: ${conflict.why}` };
  try {
    await store.create('IPPool', pool);
    return 'made';
  } catch (error) {
    if (error instanceof StoreError && error.code === 'ALREADY_EXISTS') return 'found';
    if (error instanceof StoreError && error.code === 'INVALID') return { refused: error.message };
    throw error;
  }
}

async function createMemory(
  store: ResourceStore,
  ref: { readonly namespace: string; readonly name: string },
  data: Record<string, string>,
): Promise<void> {
  try {
    await store.create('ConfigMap', { metadata: { ...ref }, data });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'ALREADY_EXISTS') throw error;
    await store.patch('ConfigMap', ref, { data });
  }
}
