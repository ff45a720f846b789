import { cidrsOverlap, parseCidr } from '@margay/ip';
import type { IPPool } from '@margay/model';

/** A pool from which nothing is taken, since an older one has some of its addresses. */
export interface Overlap {
  readonly pool: IPPool;
  readonly older: IPPool;
}

/**
 * The pools that share addresses with an older one. The API compares no object
 * with another, and two pools with block sizes of their own could give one
 * address twice: the older pool keeps it, also while it is disabled, since it
 * may have given the address before. Age is the creation time, then the name.
 */
export function overlappingPools(pools: readonly IPPool[]): Overlap[] {
  const kept: IPPool[] = [];
  const overlaps: Overlap[] = [];
  for (const pool of [...pools].sort(byAge)) {
    const cidr = parseCidr(pool.spec.cidr);
    const older = kept.find(({ spec }) => cidrsOverlap(parseCidr(spec.cidr), cidr));
    if (older === undefined) kept.push(pool);
    else overlaps.push({ pool, older });
  }
  return overlaps;
}

function byAge(a: IPPool, b: IPPool): number {
  return (
    compare(String(a.metadata.creationTimestamp ?? ''), String(b.metadata.creationTimestamp ?? '')) ||
    compare(a.metadata.name, b.metadata.name)
  );
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
