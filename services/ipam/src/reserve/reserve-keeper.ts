import { type Cidr, cidrContains, type IpAddress, parseCidr } from '@margay/ip';
import {
  addressesOf,
  blockNode,
  fillUp,
  type Handover,
  handOver,
  release,
  reserveHandle,
  reserveLimit,
  takerAt,
  usablePools,
} from '@margay/ipam-core';
import type { IPAMBlock, IPPool } from '@margay/model';
import type { Clock } from '@margay/ports';
import { type Assignment, assignmentsOf, isBlockOf } from '../blocks/assignment.ts';
import type { BlockCache } from '../blocks/block-cache.ts';
import type { BlockWriter } from '../blocks/block-writer.ts';

/** For so long after somebody got no address no more are put aside, milliseconds. */
const EXHAUSTION_MEMORY_MS = 5 * 60_000;

export interface ReserveKeeperOptions {
  readonly cache: BlockCache;
  readonly writer: BlockWriter;
  readonly pools: () => readonly IPPool[];
  /** When pools were last found exhausted, in the clock's monotonic milliseconds. */
  readonly exhaustedAtMs: () => number | undefined;
  readonly clock: Clock;
}

export interface ReserveRequest {
  readonly node: string;
  readonly count: number;
  readonly handovers: readonly Handover[];
  readonly returns: readonly IpAddress[];
}

export interface Reserve {
  readonly reserve: Assignment[];
  readonly refused: IpAddress[];
  readonly limit: number;
}

/** Keeps the addresses that nodes hold ready for their next pods. */
export class ReserveKeeper {
  readonly #options: ReserveKeeperOptions;

  constructor(options: ReserveKeeperOptions) {
    this.#options = options;
  }

  /**
   * Notes who got addresses of the node's reserve, frees what the node
   * returns, and fills the reserve up: one write of a block for all of it.
   *
   * @throws {IpamError} `CONTENTION`, `UNAVAILABLE`
   */
  async keep({ node, count, handovers: given, returns }: ReserveRequest): Promise<Reserve> {
    const { cache, writer, pools, clock } = this.#options;
    const handovers = given.map(({ address, taker }) => ({ address, taker: takerAt(taker, clock.nowMs()) }));
    const handle = reserveHandle(node);
    const blockOf = (address: IpAddress): IPAMBlock | undefined =>
      cache.list().find(({ spec }) => cidrContains(parseCidr(spec.cidr), address));
    // Another process may have made the block: only a fresh list tells that there is none.
    if (handovers.some(({ address }) => !blockOf(address))) await writer.refreshAll();

    const own = cache.ofNode(node).filter(({ spec }) => this.#givesMore(parseCidr(spec.cidr)));
    const limit = this.#isExhausted()
      ? 0
      : reserveLimit(
          count,
          own.reduce((sum, block) => sum + idle(block, handle), 0),
        );
    const touched = [...handovers.map(({ address }) => address), ...returns].map(blockOf);
    const blocks = new Set([...own, ...cache.ofHandle(handle), ...touched.filter((block) => block !== undefined)]);
    const refused = new Set(handovers.map(({ address }) => address));
    const reserve: Assignment[] = [];
    for (const { metadata, spec } of blocks) {
      const cidr = parseCidr(spec.cidr);
      const mine = handovers.filter(({ address }) => cidrContains(cidr, address));
      const back = returns.filter((address) => cidrContains(cidr, address)).map((address) => ({ address, handle }));
      const result = await writer.change(metadata.name, (block) => {
        const passed = handOver(block, handle, mine);
        const rest = release(passed.block, back).block;
        const isSource = blockNode(block) === node && own.some((each) => each.metadata.name === metadata.name);
        const taker = { handle, attributes: { node, type: 'reserve' } };
        const next = isSource ? fillUp(rest, taker, limit - reserve.length) : rest;
        // What the node is told to have ready it gives to pods: it must be so now.
        return {
          next,
          mustBeCurrent: true,
          result: { refused: passed.refused, held: assignmentsOf(next, handle, pools()) },
        };
      });
      if (!result) continue;
      for (const { address } of mine) if (!result.refused.includes(address)) refused.delete(address);
      reserve.push(...result.held);
    }
    return { reserve, refused: [...refused], limit };
  }

  #givesMore(block: Cidr): boolean {
    return usablePools(this.#options.pools(), 'workload').some((pool) => isBlockOf(pool, block));
  }

  #isExhausted(): boolean {
    const atMs = this.#options.exhaustedAtMs();
    return atMs !== undefined && this.#options.clock.monotonicMs() - atMs < EXHAUSTION_MEMORY_MS;
  }
}

/** Addresses of a block that no pod has. */
function idle({ spec }: IPAMBlock, handle: string): number {
  return spec.unallocated.length + addressesOf(spec, handle).length;
}
