import { type Overlap, overlappingPools } from '@margay/ipam-core';
import { type Condition, type IPPool, POOL_ALLOCATABLE } from '@margay/model';

/** What the condition Allocatable must say of one pool. */
export interface Finding {
  readonly pool: IPPool;
  readonly status: 'True' | 'False';
  readonly reason: 'Enabled' | 'Disabled' | 'Overlaps';
  readonly message: string;
}

/**
 * Whether IPAM takes new addresses from each pool, and why not. Pure; agrees
 * with `usablePools` of ipam-core, by which IPAM goes. Of a pool that is
 * disabled and overlaps, the first is the reason: it is what its owner wants.
 */
export function judgePools(pools: readonly IPPool[]): Finding[] {
  const overlaps = new Map(overlappingPools(pools).map((overlap) => [overlap.pool, overlap]));
  return pools.map((pool) => judge(pool, overlaps.get(pool)));
}

function judge(pool: IPPool, overlap: Overlap | undefined): Finding {
  if (pool.spec.disabled === true) {
    const also = overlap === undefined ? '' : `; and ${overlapText(overlap)}`;
    return { pool, status: 'False', reason: 'Disabled', message: `spec.disabled is true${also}` };
  }
  if (overlap !== undefined) return { pool, status: 'False', reason: 'Overlaps', message: overlapText(overlap) };
  return { pool, status: 'True', reason: 'Enabled', message: 'new addresses are taken from this pool' };
}

export function overlapText({ pool, older }: Overlap): string {
  return `${pool.spec.cidr} overlaps ${older.spec.cidr} of the older pool ${older.metadata.name}`;
}

/** True when the pool says already what was found, and of its present spec. */
export function isSaid({ metadata, status }: IPPool, finding: Finding): boolean {
  const said = status?.conditions?.find(({ type }) => type === POOL_ALLOCATABLE);
  return (
    said?.status === finding.status &&
    said.reason === finding.reason &&
    said.message === finding.message &&
    said.observedGeneration === metadata.generation
  );
}

/**
 * The pool's conditions with that of the finding, which keeps its place and,
 * while its status stays, the time of its last transition. Pure.
 */
export function conditionsWith({ pool, status, reason, message }: Finding, now: string): Condition[] {
  const before = pool.status?.conditions ?? [];
  const previous = before.find(({ type }) => type === POOL_ALLOCATABLE);
  const { generation } = pool.metadata;
  const condition: Condition = {
    type: POOL_ALLOCATABLE,
    status,
    reason,
    message,
    ...(generation !== undefined && { observedGeneration: generation }),
    lastTransitionTime: (previous?.status === status ? previous.lastTransitionTime : undefined) ?? now,
  };
  if (previous === undefined) return [...before, condition];
  return before.map((each) => (each === previous ? condition : each));
}
