import { cidrContains, type IpAddress, ordinalOf, parseCidr } from '@margay/ip';
import { allocate, allocationsOf, attributeIndex, type BlockSpec, compactAttributes, type Taker } from './block.ts';

// A reserve: a few addresses of a node's own blocks that are held under one
// handle and passed on to pods one by one, so that a pod waits for no write.

/** A reserve takes at most this part of what a node's blocks have free: the rest stays for others to borrow. */
const RESERVE_SHARE = 1 / 8;

/**
 * How many addresses a node may hold ready.
 *
 * @param free addresses of the node's blocks that nobody has, those of the reserve included
 */
export function reserveLimit(wanted: number, free: number): number {
  return Math.min(wanted, Math.floor(free * RESERVE_SHARE));
}

/** An address of a reserve that was given to somebody. */
export interface Handover {
  readonly address: IpAddress;
  readonly taker: Taker;
}

/**
 * Passes addresses on to their takers. One that nobody has is given as well:
 * the reserve may have been freed meanwhile. One that the taker has already
 * stays as it is; one that somebody else has, or of another block, is refused.
 */
export function handOver(
  block: BlockSpec,
  reserve: string,
  handovers: readonly Handover[],
): { block: BlockSpec; refused: IpAddress[] } {
  const cidr = parseCidr(block.cidr);
  const allocations = [...block.allocations];
  const attributes = [...block.attributes];
  const sequenceNumberForAllocation = { ...block.sequenceNumberForAllocation };
  const given = new Set<number>();
  const refused: IpAddress[] = [];
  for (const { address, taker } of handovers) {
    const ordinal = cidrContains(cidr, address) ? Number(ordinalOf(cidr, address)) : -1;
    const held = allocations[ordinal];
    const holder = held === null || held === undefined ? undefined : attributes[held]?.handleId;
    if (holder === taker.handle) continue;
    if (held === undefined || (held !== null && holder !== reserve)) {
      refused.push(address);
      continue;
    }
    allocations[ordinal] = attributeIndex(attributes, taker);
    sequenceNumberForAllocation[ordinal] = block.sequenceNumber;
    given.add(ordinal);
  }
  if (given.size === 0) return { block, refused };
  return {
    block: {
      ...block,
      ...compactAttributes(allocations, attributes),
      unallocated: block.unallocated.filter((ordinal) => !given.has(ordinal)),
      sequenceNumber: block.sequenceNumber + 1,
      sequenceNumberForAllocation,
    },
    refused,
  };
}

/** Gives a handle up to `count` addresses of the block, with those that it has already. */
export function fillUp(block: BlockSpec, taker: Taker, count: number): BlockSpec {
  const lacking = Math.max(0, count - addressesOf(block, taker.handle).length);
  return allocate(block, new Array<Taker>(lacking).fill(taker)).block;
}

/** The addresses that a handle has in the block. */
export function addressesOf(block: BlockSpec, handle: string): IpAddress[] {
  return allocationsOf(block)
    .filter((allocation) => allocation.handle === handle)
    .map(({ address }) => address);
}
