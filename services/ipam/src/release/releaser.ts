import { type Cidr, cidrContains, type IpAddress, parseCidr } from '@margay/ip';
import { allocationsOf, type BlockSpec, blockName, blockNode, isEmpty, release } from '@margay/ipam-core';
import type { IPAMBlock } from '@margay/model';
import type { Affinities } from '../blocks/affinities.ts';
import type { BlockCache } from '../blocks/block-cache.ts';
import type { BlockDecision, BlockWriter } from '../blocks/block-writer.ts';

export interface ReleaserOptions {
  readonly cache: BlockCache;
  readonly writer: BlockWriter;
  readonly affinities: Affinities;
}

export interface AddressToRelease {
  readonly address: IpAddress;
  /** The address is freed only while this handle has it. */
  readonly handle?: string;
}

/** How many released handles are remembered. */
const REMEMBERED_HANDLES = 10_000;

/** Frees addresses. All of it may be repeated: what is free already stays so. */
export class Releaser {
  readonly #options: ReleaserOptions;

  /** Handles that were released here lately: runtimes ask more than once. */
  readonly #released = new Set<string>();

  constructor(options: ReleaserOptions) {
    this.#options = options;
  }

  /** Frees every address of a handle. @throws {IpamError} */
  async releaseHandle(handle: string): Promise<IpAddress[]> {
    const { cache, writer } = this.#options;
    // Perhaps another process gave the address, and its block was not seen yet: only a fresh list tells.
    if (cache.ofHandle(handle).length === 0 && !this.#released.has(handle)) await writer.refreshAll();
    const names = cache.ofHandle(handle).map(({ metadata }) => metadata.name);
    const released = await this.#releaseWhere(names, (allocation) => allocation.handle === handle);
    this.#remember(handle);
    return released;
  }

  /** Frees single addresses. @throws {IpamError} */
  async releaseAddresses(
    addresses: readonly AddressToRelease[],
  ): Promise<{ released: IpAddress[]; unallocated: IpAddress[] }> {
    const { cache, writer } = this.#options;
    const byBlock = new Map<string, AddressToRelease[]>();
    const unallocated: IpAddress[] = [];
    const blockOf = (address: IpAddress): IPAMBlock | undefined =>
      cache.list().find(({ spec }) => cidrContains(parseCidr(spec.cidr), address));
    // Perhaps another process made the block.
    if (addresses.some(({ address }) => !blockOf(address))) await writer.refreshAll();
    for (const entry of addresses) {
      const block = blockOf(entry.address);
      if (!block) unallocated.push(entry.address);
      else byBlock.set(block.metadata.name, [...(byBlock.get(block.metadata.name) ?? []), entry]);
    }
    const released: IpAddress[] = [];
    for (const [name, entries] of byBlock) {
      const result = await writer.change(name, (block) => decideRelease(block, entries));
      released.push(...(result?.released ?? []));
      unallocated.push(...(result?.refused ?? entries.map(({ address }) => address)));
    }
    return { released, unallocated };
  }

  /** Frees what a removed node held, and its blocks. @throws {IpamError} */
  async releaseNode(node: string): Promise<{ released: IpAddress[]; blocks: Cidr[] }> {
    const { cache, writer, affinities } = this.#options;
    const claims = await affinities.ofNode(node);
    await writer.refreshAll();
    const names = new Set(claims.map(({ spec }) => blockName(parseCidr(spec.cidr))));
    for (const { metadata, spec } of cache.list()) {
      if (blockNode(spec) === node || allocationsOf(spec).some(({ attributes }) => attributes.node === node))
        names.add(metadata.name);
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
    return { released, blocks };
  }

  #remember(handle: string): void {
    this.#released.delete(handle);
    this.#released.add(handle);
    if (this.#released.size <= REMEMBERED_HANDLES) return;
    for (const oldest of this.#released) {
      this.#released.delete(oldest);
      return;
    }
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

/** A block that belongs to no node goes with its last address. */
function decideRelease(
  block: BlockSpec,
  entries: readonly AddressToRelease[],
): BlockDecision<{ released: IpAddress[]; refused: IpAddress[] }> {
  const { block: next, released, refused } = release(block, entries);
  const orphaned = blockNode(next) === undefined && isEmpty(next);
  return { next: orphaned ? 'delete' : next, mustBeCurrent: refused.length > 0, result: { released, refused } };
}
