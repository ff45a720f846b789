import { addressAt, type Cidr, cidrContains, cidrSize, type IpAddress, ordinalOf, parseCidr } from '@margay/ip';
import type { IPAMAttribute, IPAMBlock } from '@margay/model';

// One block as a value: every function returns a new one and leaves its
// argument as it was, so that a write that loses the compare-and-swap is
// simply dropped.

export type BlockSpec = IPAMBlock['spec'];

/** Who takes an address. */
export interface Taker {
  readonly handle: string;
  /** For people, and for garbage collection: `node` is required there. */
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * A block without allocations.
 *
 * @param sequenceNumber where to start; random, so that a release meant for
 *   an earlier block of the same CIDR cannot match (Calico does the same).
 */
export function newBlock(cidr: Cidr, node: string, sequenceNumber: number): BlockSpec {
  const size = Number(cidrSize(cidr));
  return {
    cidr,
    affinity: `host:${node}`,
    allocations: new Array<null>(size).fill(null),
    unallocated: Array.from({ length: size }, (_, ordinal) => ordinal),
    attributes: [],
    sequenceNumber,
    sequenceNumberForAllocation: {},
  };
}

/** Gives each taker one address, the longest free first, until takers or addresses run out. */
export function allocate(block: BlockSpec, takers: readonly Taker[]): { block: BlockSpec; given: IpAddress[] } {
  const count = Math.min(takers.length, block.unallocated.length);
  if (count === 0) return { block, given: [] };
  const ordinals = block.unallocated.slice(0, count);
  const allocations = [...block.allocations];
  const attributes = [...block.attributes];
  const sequenceNumberForAllocation = { ...block.sequenceNumberForAllocation };
  for (const [index, ordinal] of ordinals.entries()) {
    allocations[ordinal] = attributeIndex(attributes, takers[index] as Taker);
    sequenceNumberForAllocation[ordinal] = block.sequenceNumber;
  }
  const cidr = parseCidr(block.cidr);
  return {
    block: {
      ...block,
      allocations,
      attributes,
      unallocated: block.unallocated.slice(count),
      sequenceNumber: block.sequenceNumber + 1,
      sequenceNumberForAllocation,
    },
    given: ordinals.map((ordinal) => addressAt(cidr, ordinal)),
  };
}

/** An address to free, and optionally the handle that must still have it. */
export interface Release {
  readonly address: IpAddress;
  readonly handle?: string;
}

/**
 * Frees addresses; each goes to the end of the free list, so that it is
 * reused as late as possible. One that is free already, is of another block,
 * or has another handle is left alone and reported in `refused`.
 */
export function release(
  block: BlockSpec,
  releases: readonly Release[],
): { block: BlockSpec; released: IpAddress[]; refused: IpAddress[] } {
  const cidr = parseCidr(block.cidr);
  const allocations = [...block.allocations];
  const unallocated = [...block.unallocated];
  const sequenceNumberForAllocation = { ...block.sequenceNumberForAllocation };
  const released: IpAddress[] = [];
  const refused: IpAddress[] = [];
  for (const { address, handle } of releases) {
    const ordinal = cidrContains(cidr, address) ? Number(ordinalOf(cidr, address)) : -1;
    const attribute = allocations[ordinal];
    const held = attribute !== null && attribute !== undefined;
    if (!held || (handle !== undefined && block.attributes[attribute]?.handleId !== handle)) {
      refused.push(address);
      continue;
    }
    allocations[ordinal] = null;
    unallocated.push(ordinal);
    delete sequenceNumberForAllocation[ordinal];
    released.push(address);
  }
  if (released.length === 0) return { block, released, refused };
  const compacted = compactAttributes(allocations, block.attributes);
  return {
    block: {
      ...block,
      ...compacted,
      unallocated,
      sequenceNumber: block.sequenceNumber + 1,
      sequenceNumberForAllocation,
    },
    released,
    refused,
  };
}

/** An allocated address with who holds it. */
export interface Allocation {
  readonly address: IpAddress;
  readonly handle: string | undefined;
  readonly attributes: Readonly<Record<string, string>>;
}

export function allocationsOf(block: BlockSpec): Allocation[] {
  const cidr = parseCidr(block.cidr);
  return block.allocations.flatMap((attribute, ordinal) => {
    if (attribute === null) return [];
    const { handleId, secondary } = block.attributes[attribute] ?? {};
    return [{ address: addressAt(cidr, ordinal), handle: handleId, attributes: secondary ?? {} }];
  });
}

export function isEmpty(block: BlockSpec): boolean {
  return block.unallocated.length === block.allocations.length;
}

/** The node of the block's affinity; undefined when it belongs to none. */
export function blockNode(block: BlockSpec): string | undefined {
  return block.affinity?.startsWith('host:') ? block.affinity.slice('host:'.length) : undefined;
}

/** Where the taker's attributes are in the list; they are added when they are not. */
export function attributeIndex(attributes: IPAMAttribute[], taker: Taker): number {
  const text = JSON.stringify(taker.attributes);
  const found = attributes.findIndex(
    ({ handleId, secondary }) => handleId === taker.handle && JSON.stringify(secondary) === text,
  );
  if (found !== -1) return found;
  return attributes.push({ handleId: taker.handle, secondary: { ...taker.attributes } }) - 1;
}

/** Drops attributes that no allocation points to any more. */
export function compactAttributes(
  allocations: readonly (number | null)[],
  attributes: readonly IPAMAttribute[],
): Pick<BlockSpec, 'allocations' | 'attributes'> {
  const newIndex = new Map<number, number>();
  const kept: IPAMAttribute[] = [];
  for (const old of allocations) {
    if (old === null || newIndex.has(old)) continue;
    newIndex.set(old, kept.push(attributes[old] ?? {}) - 1);
  }
  return {
    allocations: allocations.map((old) => (old === null ? null : (newIndex.get(old) ?? null))),
    attributes: kept,
  };
}
