import type { Cidr } from '@margay/ip';
import { handleName } from '@margay/ipam-core';
import { MARGAY_API_VERSION } from '@margay/model';
import { type ResourceStore, StoreError } from '@margay/ports';
import { unavailable } from './block-writer.ts';

/**
 * The IPAMHandle objects: which blocks a handle has addresses in. Blocks are
 * the truth; a handle object only tells a process that has not seen a block
 * yet where to look, so a stale one does no harm.
 */
export class Handles {
  readonly #store: ResourceStore;

  constructor({ store }: { readonly store: ResourceStore }) {
    this.#store = store;
  }

  /** Notes that a handle has `count` addresses in a block. */
  async record(handle: string, block: Cidr, count: number): Promise<void> {
    const name = handleName(handle);
    try {
      const spec = { handleID: handle, block: { [block]: count } };
      await this.#store.create('IPAMHandle', {
        apiVersion: MARGAY_API_VERSION,
        kind: 'IPAMHandle',
        metadata: { name },
        spec,
      });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'ALREADY_EXISTS') throw unavailable(error);
      await this.#store
        .patch('IPAMHandle', { name }, { spec: { block: { [block]: count } } })
        .catch((failure: unknown) => {
          throw unavailable(failure);
        });
    }
  }

  /** CIDRs of the blocks that the handle object names; empty when there is none. */
  async blocks(handle: string): Promise<Cidr[]> {
    const found = await this.#store.get('IPAMHandle', { name: handleName(handle) }).catch((error: unknown) => {
      throw unavailable(error);
    });
    return Object.keys(found?.spec.block ?? {}) as Cidr[];
  }

  async forget(handle: string): Promise<void> {
    try {
      await this.#store.delete('IPAMHandle', { name: handleName(handle) });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'NOT_FOUND') throw unavailable(error);
    }
  }
}
