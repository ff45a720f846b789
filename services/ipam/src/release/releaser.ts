import { type Cidr, cidrContains, type IpAddress, parseCidr } from '@margay/ip';
import { allocationsOf, type BlockSpec, blockName, blockNode, isEmpty, release } from '@margay/ipam-core';
import type { Affinities } from '../blocks/affinities.ts';
import type { BlockCache } from '../blocks/block-cache.ts';
import type { BlockDecision, BlockWriter } from '../blocks/block-writer.ts';
import type { Handles } from '../blocks/handles.ts';

export interface ReleaserOptions {
  readonly cache: BlockCache;
  readonly writer: BlockWriter;
  readonly handles: Handles;
  readonly affinities: Affinities;
}

export interface AddressToRelease {
  readonly address: IpAddress;
  /** The address is freed only while this handle has it. */
  readonly handle?: string;
}

/** Frees addresses. All of it may be repeated: what is free already stays so. */
export class Releaser {
  readonly #options: ReleaserOptions;

  constructor(options: ReleaserOptions) {
    this.#options = options;
  }

  /** Frees every address of a handle. @throws {IpamError} */
  async releaseHandle(handle: string): Promise<IpAddress[]> {
    const { cache, writer, handles } = this.#options;
    let names = cache.ofHandle(handle).map(({ metadata }) => metadata.name);
    if (names.length === 0) {
      // Perhaps another process gave the address and its block was not seen yet.
      names = (await handles.blocks(handle)).map(blockName);
      await Promise.all(names.map((name) => writer.refresh(name)));
    }
    const [released] = await Promise.all([
      this.#releaseWhere(names, (allocation) => allocation.handle === handle),
      handles.forget(handle),
    ]);
    return released;
  }

  /** Frees single addresses. @throws {IpamError} */
  async releaseAddresses(
    addresses: readonly AddressToRelease[],
  ): Promise<{ released: IpAddress[]; unallocated: IpAddress[] }> {
    const byBlock = new Map<string, AddressToRelease[]>();
    const unallocated: IpAddress[] = [];
    for (const entry of addresses) {
      const block = this.#options.cache.list().find(({ spec }) => cidrContains(parseCidr(spec.cidr), entry.address));
      if (!block) unallocated.push(entry.address);
      else byBlock.set(block.metadata.name, [...(byBlock.get(block.metadata.name) ?? []), entry]);
    }
    const released: IpAddress[] = [];
    for (const [name, entries] of byBlock) {
      const result = await this.#options.writer.change(name, (block) => decideRelease(block, entries));
      released.push(...(result?.released ?? []));
      unallocated.push(...(result?.refused ?? entries.map(({ address }) => address)));
    }
    return { released, unallocated };
  }

  /** Frees what a removed node held, and its blocks. @throws {IpamError} */
  async releaseNode(node: string): Promise<{ released: IpAddress[]; blocks: Cidr[] }> {
    const { cache, writer, affinities, handles } = this.#options;
    const claims = await affinities.ofNode(node);
    const names = new Set(claims.map(({ spec }) => blockName(parseCidr(spec.cidr))));
    for (const { metadata, spec } of cache.list()) {
      if (blockNode(spec) === node || allocationsOf(spec).some(({ attributes }) => attributes.node === node))
        names.add(metadata.name);
    }
    const gone = new Set<string>();
    for (const name of names) {
      for (const { handle, attributes } of allocationsOf(cache.get(name)?.spec ?? EMPTY)) {
        if (handle !== undefined && attributes.node === node) gone.add(handle);
      }
    }
    const released = await this.#releaseWhere([...names], ({ attributes }) => attributes.node === node);
    const blocks: Cidr[] = [];
    for (const name of names) {
      const dropped = await writer.change(name, (block): BlockDecision<Cidr | undefined> => {
        if (blockNode(block) !== node) return { next: undefined, result: undefined };
        const { affinity: _, ...orphan } = block;
        return { next: isEmpty(block) ? 'delete' : orphan, result: parseCidr(block.cidr) };
      });
      if (dropped) blocks.push(dropped);
    }
    for (const { spec } of claims) await affinities.drop(node, parseCidr(spec.cidr));
    for (const handle of gone) await handles.forget(handle);
    return { released, blocks };
  }

  async #releaseWhere(
    names: readonly string[],
    wanted: (allocation: ReturnType<typeof allocationsOf>[number]) => boolean,
  ): Promise<IpAddress[]> {
    const results = await Promise.all(
      names.map((name) =>
        this.#options.writer.change(name, (block) => {
          const mine = allocationsOf(block).filter(wanted);
          return decideRelease(
            block,
            mine.map(({ address }) => ({ address })),
          );
        }),
      ),
    );
    return results.flatMap((result) => result?.released ?? []);
  }
}

const EMPTY: BlockSpec = {
  cidr: '',
  allocations: [],
  unallocated: [],
  attributes: [],
  sequenceNumber: 0,
  sequenceNumberForAllocation: {},
};

/** A block that belongs to no node goes with its last address. */
function decideRelease(
  block: BlockSpec,
  entries: readonly AddressToRelease[],
): BlockDecision<{ released: IpAddress[]; refused: IpAddress[] }> {
  const { block: next, released, refused } = release(block, entries);
  const orphaned = blockNode(next) === undefined && isEmpty(next);
  return { next: orphaned ? 'delete' : next, result: { released, refused } };
}
