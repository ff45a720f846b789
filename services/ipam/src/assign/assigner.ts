import { type Cidr, parseCidr } from '@margay/ip';
import {
  type AddressUse,
  allocate,
  blockName,
  blockNode,
  blockWalk,
  IpamError,
  MAX_BLOCKS_PER_NODE,
  newBlock,
  type Taker,
  takerAt,
  usablePools,
} from '@margay/ipam-core';
import type { IPPool } from '@margay/model';
import type { Clock } from '@margay/ports';
import type { Affinities } from '../blocks/affinities.ts';
import { type Assignment, assignmentsOf, isBlockOf } from '../blocks/assignment.ts';
import type { BlockCache } from '../blocks/block-cache.ts';
import type { BlockWriter } from '../blocks/block-writer.ts';

export interface AssignRequest {
  readonly node: string;
  readonly use: AddressUse;
  readonly taker: Taker;
  readonly count: number;
}

export interface AssignerOptions {
  readonly cache: BlockCache;
  readonly writer: BlockWriter;
  readonly affinities: Affinities;
  readonly pools: () => readonly IPPool[];
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Sequence numbers of new blocks start below this: they stay exact in JSON for ever. */
const SEQUENCE_START_LIMIT = 2 ** 40;

/** Requests of one node that wait for each other and are served together. */
interface Waiting {
  readonly request: AssignRequest;
  readonly resolve: (assignments: Assignment[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gives addresses: from the node's blocks, else from a new block, else one
 * borrowed from another node's. Requests of a node that come while one is
 * under way are served together, so that a hundred pods cost a few writes.
 */
export class Assigner {
  readonly #options: AssignerOptions;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #exhausted = new Map<AddressUse, Exhaustion>();

  constructor(options: AssignerOptions) {
    this.#options = options;
  }

  /**
   * @throws {IpamError} `NO_POOL`, `EXHAUSTED`, `CONTENTION`, `UNAVAILABLE`;
   *   after any of them the handle may have addresses: release it.
   */
  assign(request: AssignRequest): Promise<Assignment[]> {
    return new Promise((resolve, reject) => {
      const { node, taker } = request;
      const waiting = this.#waiting.get(node);
      const stamped = { ...request, taker: takerAt(taker, this.#options.clock.nowMs()) };
      const entry = { request: stamped, resolve, reject };
      if (waiting) {
        waiting.push(entry);
      } else {
        this.#waiting.set(node, [entry]);
        void this.#serve(node);
      }
    });
  }

  /**
   * When somebody last got no address for want of one, in the clock's
   * monotonic milliseconds. Undefined once another pool gives addresses, or
   * none does: then there is nothing that others could be short of.
   */
  get exhaustedAtMs(): number | undefined {
    const lasting = [...this.#exhausted].filter(([use, { pools }]) => {
      const usable = usablePools(this.#options.pools(), use);
      return usable.length > 0 && usable.every((pool) => pools.has(identityOf(pool)));
    });
    return lasting.length === 0 ? undefined : Math.max(...lasting.map(([, { atMs }]) => atMs));
  }

  /** Whether the handle has addresses already. */
  knows(handle: string): boolean {
    return this.#options.cache.ofHandle(handle).length > 0;
  }

  async #serve(node: string): Promise<void> {
    // What comes in this turn of the event loop is served together from the start.
    await Promise.resolve();
    for (;;) {
      const batch = this.#waiting.get(node)?.splice(0) ?? [];
      if (batch.length === 0) {
        this.#waiting.delete(node);
        return;
      }
      // One use after the other, so that a node's first pod and its tunnel do not claim a block each.
      for (const use of ['workload', 'tunnel'] as const) {
        const alike = batch.filter(({ request }) => request.use === use);
        if (alike.length > 0) await this.#serveBatch(alike);
      }
    }
  }

  async #serveBatch(batch: readonly Waiting[]): Promise<void> {
    const { node, use } = (batch[0] as Waiting).request;
    try {
      const pools = usablePools(this.#options.pools(), use);
      if (pools.length === 0) throw new IpamError('NO_POOL', noPool(use));
      const filling = { node, pools, takers: () => this.#missing(batch) };
      await this.#confirmHeld(batch);
      await this.#fill(filling);
      // Perhaps another process has given back or made what is not seen here yet.
      if (filling.takers().length > 0) await this.#options.writer.refreshAll();
      await this.#fill(filling);
      for (const { request, resolve, reject } of batch) {
        const held = this.#held(request.taker.handle);
        if (held.length >= request.count) {
          resolve(held.slice(0, request.count));
          continue;
        }
        const atMs = this.#options.clock.monotonicMs();
        this.#exhausted.set(use, { atMs, pools: new Set(pools.map(identityOf)) });
        const names = pools.map(({ metadata }) => metadata.name).join(', ');
        reject(new IpamError('EXHAUSTED', `no free address in ${names}`));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  /**
   * What a handle has already is answered without a write, so nothing else
   * would tell that another process freed it meanwhile.
   */
  async #confirmHeld(batch: readonly Waiting[]): Promise<void> {
    const { cache, writer } = this.#options;
    const blocks = new Set(batch.flatMap(({ request: { taker } }) => cache.ofHandle(taker.handle)));
    await Promise.all([...blocks].map(({ metadata }) => writer.refresh(metadata.name)));
  }

  async #fill({ node, pools, takers }: Filling): Promise<void> {
    const { cache } = this.#options;
    const usable = (cidr: Cidr): boolean => pools.some((pool) => isBlockOf(pool, cidr));
    for (const { spec, metadata } of cache.ofNode(node)) {
      if (takers().length === 0) return;
      if (usable(parseCidr(spec.cidr))) await this.#take(metadata.name, takers);
    }
    for (const pool of pools) {
      for (const cidr of blockWalk(pool, node)) {
        if (takers().length === 0) return;
        if (cache.ofNode(node).length >= MAX_BLOCKS_PER_NODE) break;
        if (!cache.get(blockName(cidr))) await this.#claim(node, cidr, takers());
      }
    }
    for (const { metadata, spec } of cache.list()) {
      if (takers().length === 0) return;
      if (blockNode(spec) !== node && usable(parseCidr(spec.cidr))) await this.#take(metadata.name, takers);
    }
  }

  /** Takes as many addresses as a block has for those who still lack one. */
  async #take(name: string, takers: () => Taker[]): Promise<void> {
    await this.#options.writer.change(name, (block) => ({ next: allocate(block, takers()).block, result: undefined }));
  }

  /** Makes a block for the node, its first addresses taken at once. */
  async #claim(node: string, cidr: Cidr, takers: readonly Taker[]): Promise<void> {
    const { affinities, writer, random } = this.#options;
    await affinities.claim(node, cidr);
    const empty = newBlock(cidr, node, Math.floor(random() * SEQUENCE_START_LIMIT));
    const made = await writer.create(allocate(empty, takers).block);
    if (made) return await affinities.confirm(node, cidr);
    const owner = this.#options.cache.get(blockName(cidr))?.spec;
    if (owner && blockNode(owner) === node) await affinities.confirm(node, cidr);
    else await affinities.drop(node, cidr);
  }

  /** One taker for every address that a request still lacks. */
  #missing(batch: readonly Waiting[]): Taker[] {
    return batch.flatMap(({ request: { taker, count } }) =>
      new Array<Taker>(Math.max(0, count - this.#held(taker.handle).length)).fill(taker),
    );
  }

  #held(handle: string): Assignment[] {
    const { cache, pools } = this.#options;
    return cache.ofHandle(handle).flatMap(({ spec }) => assignmentsOf(spec, handle, pools()));
  }
}

/** Nobody could be given an address from any of these pools. */
interface Exhaustion {
  readonly atMs: number;
  readonly pools: ReadonlySet<string>;
}

interface Filling {
  readonly node: string;
  readonly pools: readonly IPPool[];
  readonly takers: () => Taker[];
}

/** A pool that was made again under its name, or has another network, is another pool. */
function identityOf({ metadata, spec }: IPPool): string {
  return `${metadata.uid ?? metadata.name} ${spec.cidr}`;
}

function noPool(use: AddressUse): string {
  return use === 'tunnel'
    ? 'no enabled IP pool has an encapsulation, so there is no pool for a tunnel address'
    : 'no IP pool is enabled: create one, or enable one';
}
