import type { Cidr } from '@margay/ip';
import { affinityName } from '@margay/ipam-core';
import { type BlockAffinity, MARGAY_API_VERSION } from '@margay/model';
import { type ResourceStore, StoreError } from '@margay/ports';
import { unavailable } from './block-writer.ts';

/** The BlockAffinity objects: who claims a block. Pending before the block is made, confirmed after. */
export class Affinities {
  readonly #store: ResourceStore;

  constructor({ store }: { readonly store: ResourceStore }) {
    this.#store = store;
  }

  /** Claims a block; one that an earlier, interrupted claim left is taken over. */
  async claim(node: string, cidr: Cidr): Promise<void> {
    const metadata = { name: affinityName(node, cidr) };
    const spec: BlockAffinity['spec'] = { state: 'pending', node, cidr, type: 'host' };
    try {
      await this.#store.create('BlockAffinity', {
        apiVersion: MARGAY_API_VERSION,
        kind: 'BlockAffinity',
        metadata,
        spec,
      });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'ALREADY_EXISTS') throw unavailable(error);
    }
  }

  async confirm(node: string, cidr: Cidr): Promise<void> {
    await this.#store
      .patch('BlockAffinity', { name: affinityName(node, cidr) }, { spec: { state: 'confirmed' } })
      .catch((error: unknown) => {
        throw unavailable(error);
      });
  }

  async drop(node: string, cidr: Cidr): Promise<void> {
    try {
      await this.#store.delete('BlockAffinity', { name: affinityName(node, cidr) });
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'NOT_FOUND') throw unavailable(error);
    }
  }

  async ofNode(node: string): Promise<BlockAffinity[]> {
    const { items } = await this.#store.list('BlockAffinity').catch((error: unknown) => {
      throw unavailable(error);
    });
    return items.filter(({ spec }) => spec.node === node);
  }
}
