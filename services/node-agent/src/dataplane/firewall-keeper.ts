import type { Firewall } from '@margay/ports';
import { natPlanOf } from '@margay/routing-core';
import type { EndpointRecord } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import type { FeedState } from '../feed/feed-state.ts';
import { firewallModel } from './firewall-model.ts';
import { NodeAddresses } from './node-addresses.ts';
import type { SavedMark } from './saved-mark.ts';

/**
 * What the kernel has: the table of an earlier process, the one that this
 * process wrote, or nothing that can be trusted.
 */
type Table = 'inherited' | 'written' | 'nothing';

/**
 * The firewall of the node. What an earlier process wrote may be newer than
 * the feed on the disk, and is left alone until the feed itself has come; only
 * a table that is gone, or that somebody changed, also while no agent ran, is
 * written from the disk.
 */
export class FirewallKeeper {
  readonly #firewall: Firewall;
  readonly #savedMark: SavedMark;
  readonly #feed: FeedState;
  /** The pods of the last run: the only ones that a table of its time, or the saved feed, may be about. */
  readonly #atStart: ReadonlySet<EndpointRecord>;
  readonly #nodes = new NodeAddresses();
  #table: Table | undefined;
  /** Pods of the last model that the kernel took. */
  #admitted: ReadonlySet<EndpointRecord> = new Set();
  /** Everything that the last model was made from; undefined when the kernel may not hold it. */
  #basis: readonly unknown[] | undefined;
  #counts = { policies: 0, sets: 0 };

  constructor(parts: {
    readonly firewall: Firewall;
    readonly savedMark: SavedMark;
    readonly feed: FeedState;
    readonly endpoints: EndpointStore;
  }) {
    this.#firewall = parts.firewall;
    this.#savedMark = parts.savedMark;
    this.#feed = parts.feed;
    this.#atStart = new Set(parts.endpoints.all());
  }

  /** The kernel has a table that closes the node's pods. */
  get isClosed(): boolean {
    return this.#table === 'inherited' || this.#table === 'written';
  }

  /** The kernel has what this process wanted last. */
  get isWritten(): boolean {
    return this.#table === 'written';
  }

  get counts(): { readonly policies: number; readonly sets: number } {
    return this.#counts;
  }

  /** True when the kernel's table has the policy of exactly this record's pod. */
  admits(record: EndpointRecord): boolean {
    if (this.#table === 'written') return this.#admitted.has(record);
    return this.#table === 'inherited' && this.#atStart.has(record);
  }

  /** @throws {KernelError} */
  async keep(records: readonly EndpointRecord[], { verify }: { readonly verify: boolean }): Promise<void> {
    const { replica, live } = this.#feed;
    this.#table ??= (await this.#inherits()) ? 'inherited' : 'nothing';
    if (verify && this.isClosed && !(await this.#verify())) this.#table = 'nothing';
    if (this.#table === 'inherited' && !live) return;
    if (this.#table !== 'written') this.#basis = undefined;

    const known = live ? records : records.filter((record) => this.#atStart.has(record));
    const { epoch, revision } = replica.position ?? {};
    const basis = [epoch, revision, ...known];
    // Rendering every rule and member is most of the work, and most passes are for something else.
    if (this.#basis && sameItems(basis, this.#basis)) return;
    this.#basis = undefined;
    const model = firewallModel({
      replica,
      records: known,
      plan: natPlanOf(replica.pools.values()),
      nodes: this.#nodes.of(replica.nodes),
      entryOf: (record) => this.#feed.endpointOf(record),
    });
    const admitted = new Set(known.filter((record) => this.#feed.endpointOf(record)));
    this.#savedMark.forget();
    await this.#firewall.apply(model);
    this.#table = 'written';
    this.#basis = basis;
    this.#admitted = admitted;
    this.#counts = { policies: model.policies.length, sets: model.sets.length };
  }

  /** A table that is not the one that the last process left is not worth more than none. */
  async #inherits(): Promise<boolean> {
    const mark = await this.#firewall.adopt();
    const saved = this.#savedMark.load();
    return mark !== undefined && (saved === undefined || mark === saved);
  }

  async #verify(): Promise<boolean> {
    const mark = await this.#firewall.verify();
    if (mark !== undefined) this.#savedMark.save(mark);
    return mark !== undefined;
  }
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}
