import { type Cidr, parseCidr } from '@margay/ip';
import { type IPPool, MARGAY_API_VERSION } from '@margay/model';
import { type Logger, type ResourceStore, StoreError } from '@margay/ports';

const NAME = 'default-ipv4-ippool';

/** Makes a first pool where there is none at all. A pool that is there, whoever made it, is never touched. */
export async function ensureDefaultPool(options: {
  readonly store: ResourceStore;
  readonly cidr: Cidr;
  readonly pools: readonly IPPool[];
  readonly logger: Logger;
}): Promise<void> {
  const { store, cidr, pools, logger } = options;
  if (pools.length > 0) return;
  const pool: IPPool = {
    apiVersion: MARGAY_API_VERSION,
    kind: 'IPPool',
    metadata: { name: NAME },
    spec: { cidr: parseCidr(cidr), ipipMode: 'Always', natOutgoing: true },
  };
  try {
    await store.create('IPPool', pool);
    logger.info({ pool: NAME, cidr }, 'Made the default pool');
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'ALREADY_EXISTS') throw error;
  }
}
