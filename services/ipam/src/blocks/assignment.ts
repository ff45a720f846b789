import { type Cidr, cidrContains, type IpAddress, parseCidr, prefixLengthOf } from '@margay/ip';
import { allocationsOf, type BlockSpec, blockSizeOf } from '@margay/ipam-core';
import type { IPPool } from '@margay/model';

/** An address that somebody has. */
export interface Assignment {
  readonly address: IpAddress;
  readonly block: Cidr;
  /** Name of the pool; empty when there is none any more. */
  readonly pool: string;
}

export function isBlockOf(pool: IPPool, block: Cidr): boolean {
  return cidrContains(parseCidr(pool.spec.cidr), block) && prefixLengthOf(block) === blockSizeOf(pool);
}

/** What a handle has in a block. */
export function assignmentsOf(spec: BlockSpec, handle: string, pools: readonly IPPool[]): Assignment[] {
  const block = parseCidr(spec.cidr);
  const pool = pools.find((each) => isBlockOf(each, block))?.metadata.name ?? '';
  return allocationsOf(spec)
    .filter((allocation) => allocation.handle === handle)
    .map(({ address }) => ({ address, block, pool }));
}
