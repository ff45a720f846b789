import type { NodeEntry } from '@margay/feed-core';
import type { IpAddress } from '@margay/ip';

/**
 * The nodes' addresses as a set that stays the same object for as long as no
 * node comes, goes or moves, so that what is made of it can be kept: most
 * steps of the feed are about pods, and there may be thousands of nodes.
 * This node's own is among them; what its pods send there never leaves.
 */
export class NodeAddresses {
  #entries: readonly NodeEntry[] = [];
  #addresses: ReadonlySet<IpAddress> = new Set();

  of(nodes: ReadonlyMap<string, NodeEntry>): ReadonlySet<IpAddress> {
    const entries = [...nodes.values()];
    const isSame = entries.length === this.#entries.length && entries.every((entry, at) => entry === this.#entries[at]);
    if (!isSame) {
      this.#entries = entries;
      this.#addresses = new Set(entries.map(({ address }) => address));
    }
    return this.#addresses;
  }
}
