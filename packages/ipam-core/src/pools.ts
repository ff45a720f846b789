import { type Cidr, parseCidr, subnetAt, subnetCount, versionOf } from '@margay/ip';
import { DEFAULT_BLOCK_SIZE, type IPPool } from '@margay/model';
import { fnv32 } from './hash.ts';
import { overlappingPools } from './overlaps.ts';

/**
 * Blocks a node may own in one family; past that it borrows single addresses.
 * Source: Calico's default; borrowing at the limit, instead of failing, is
 * Margay's choice.
 */
export const MAX_BLOCKS_PER_NODE = 20;

export type AddressUse = 'workload' | 'tunnel';

/**
 * The pools that may give new addresses, by name: none that overlaps an older
 * one. A tunnel's address comes from an encapsulated pool.
 */
export function usablePools(pools: readonly IPPool[], use: AddressUse): IPPool[] {
  const without = new Set(overlappingPools(pools).map(({ pool }) => pool));
  return pools
    .filter((pool) => !without.has(pool))
    .filter(({ spec }) => spec.disabled !== true)
    .filter(({ spec }) => use === 'workload' || (spec.ipipMode ?? 'Never') !== 'Never')
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

export function blockSizeOf(pool: IPPool): number {
  return pool.spec.blockSize ?? DEFAULT_BLOCK_SIZE[versionOf(pool.spec.cidr)];
}

/** Every block of the pool once, from a place that the node's name decides, wrapping round. */
export function* blockWalk(pool: IPPool, node: string): Generator<Cidr> {
  const cidr = parseCidr(pool.spec.cidr);
  const size = blockSizeOf(pool);
  const count = subnetCount(cidr, size);
  if (count === 0n) return;
  const start = BigInt(fnv32(node)) % count;
  for (let step = 0n; step < count; step++) yield subnetAt(cidr, size, (start + step) % count);
}
