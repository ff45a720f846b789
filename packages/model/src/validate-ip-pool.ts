import { type Cidr, cidrsOverlap, IpError, parseCidr, prefixLengthOf, versionOf } from '@margay/ip';
import type { IPPool } from './ipam.ts';

/**
 * Prefix length of a block where the pool names none, by address family; also
 * for a pool that is smaller, which is refused.
 * Source: Calico, IPPool `blockSize`.
 */
export const DEFAULT_BLOCK_SIZE = { 4: 26, 6: 122 } as const;

const MIN_BLOCK_SIZE = 20;
const MAX_BLOCK_SIZE = 32;

/** What is wrong with the size of a pool beside that of its blocks; undefined when a block fits. */
export function poolSizeProblem(cidr: Cidr, blockSize: number): string | undefined {
  const length = prefixLengthOf(cidr);
  if (length <= blockSize) return undefined;
  return `the pool is smaller than one of its blocks (/${blockSize}): set blockSize to ${length} or more, or use a prefix of at most /${blockSize}`;
}

/** One mistake in a pool. `why` says what would be right. */
export interface PoolError {
  readonly field: 'spec.cidr' | 'spec.blockSize' | 'spec.ipipMode' | 'spec.vxlanMode';
  readonly value: unknown;
  readonly why: string;
}

/**
 * What is wrong with a pool, alone and beside the others. Types are right
 * already. Pure, so that the API server and tools that read files agree.
 *
 * @param others pools that are there already; one of the same name is left out
 */
export function validateIpPool(pool: IPPool, others: readonly IPPool[]): PoolError[] {
  const { cidr: text, blockSize = DEFAULT_BLOCK_SIZE[4] } = pool.spec;
  const errors: PoolError[] = [];
  const cidr = parsePoolCidr(text);
  if ('why' in cidr) errors.push({ field: 'spec.cidr', value: text, why: cidr.why });
  if (blockSize < MIN_BLOCK_SIZE || blockSize > MAX_BLOCK_SIZE) {
    const why = `must be between ${MIN_BLOCK_SIZE} and ${MAX_BLOCK_SIZE}`;
    errors.push({ field: 'spec.blockSize', value: blockSize, why });
  } else if ('cidr' in cidr) {
    const why = poolSizeProblem(cidr.cidr, blockSize);
    if (why !== undefined) errors.push({ field: 'spec.cidr', value: text, why });
  }
  if ('cidr' in cidr) errors.push(...overlapErrors(pool, cidr.cidr, others));
  return errors;
}

function overlapErrors(pool: IPPool, cidr: Cidr, others: readonly IPPool[]): PoolError[] {
  for (const other of others) {
    if (other.metadata.name === pool.metadata.name) continue;
    const parsed = parsePoolCidr(other.spec.cidr);
    if ('cidr' in parsed && cidrsOverlap(cidr, parsed.cidr)) {
      const why = `overlaps with pool ${other.metadata.name} (${parsed.cidr}): choose a range that no pool has`;
      return [{ field: 'spec.cidr', value: pool.spec.cidr, why }];
    }
  }
  return [];
}

function parsePoolCidr(text: string): { cidr: Cidr } | { why: string } {
  try {
    const cidr = parseCidr(text);
    return versionOf(cidr) === 4 ? { cidr } : { why: 'IPv6 pools are not supported yet: use an IPv4 range' };
  } catch (error) {
    if (error instanceof IpError) return { why: error.message };
    throw error;
  }
}
