import { allocationsOf, blockNode } from '@margay/ipam-core';
import type { IPAMBlock } from '@margay/model';

/**
 * The blocks as this process last saw them: from the watch, and from its own
 * writes, which it must see at once. It may be behind another writer; the
 * compare-and-swap of every write tells.
 */
export class BlockCache {
  readonly #blocks = new Map<string, IPAMBlock>();
  readonly #byNode = new Map<string, Set<string>>();
  readonly #byHandle = new Map<string, Set<string>>();

  get(name: string): IPAMBlock | undefined {
    return this.#blocks.get(name);
  }

  list(): IPAMBlock[] {
    return [...this.#blocks.values()];
  }

  /** Blocks with an affinity for `node`. */
  ofNode(node: string): IPAMBlock[] {
    return this.#pick(this.#byNode.get(node));
  }

  /** Blocks in which `handle` has an address. */
  ofHandle(handle: string): IPAMBlock[] {
    return this.#pick(this.#byHandle.get(handle));
  }

  /** Takes a block over unless a newer state of it is known. */
  put(block: IPAMBlock): void {
    const { name } = block.metadata;
    const known = this.#blocks.get(name);
    if (known && isNewer(known, block)) return;
    this.#unindex(known);
    this.#blocks.set(name, block);
    for (const [index, key] of keysOf(block)) {
      const map = this.#index(index);
      const names = map.get(key);
      if (names) names.add(name);
      else map.set(key, new Set([name]));
    }
  }

  /** Forgets a block; with `uid` only that one, not one made again under its name. */
  delete(name: string, uid?: string): void {
    const known = this.#blocks.get(name);
    if (!known || (uid !== undefined && known.metadata.uid !== uid)) return;
    this.#unindex(known);
    this.#blocks.delete(name);
  }

  #unindex(block: IPAMBlock | undefined): void {
    if (!block) return;
    for (const [index, key] of keysOf(block)) {
      const map = this.#index(index);
      const names = map.get(key);
      names?.delete(block.metadata.name);
      if (names?.size === 0) map.delete(key);
    }
  }

  #index(index: 'node' | 'handle'): Map<string, Set<string>> {
    return index === 'node' ? this.#byNode : this.#byHandle;
  }

  #pick(names: ReadonlySet<string> | undefined): IPAMBlock[] {
    return [...(names ?? [])].map((name) => this.#blocks.get(name) as IPAMBlock);
  }
}

function keysOf({ spec }: IPAMBlock): ['node' | 'handle', string][] {
  const node = blockNode(spec);
  const handles = new Set(allocationsOf(spec).map(({ handle }) => handle));
  const keys: ['node' | 'handle', string][] = [];
  for (const handle of handles) if (handle !== undefined) keys.push(['handle', handle]);
  if (node !== undefined) keys.push(['node', node]);
  return keys;
}

/** Resource versions of one object grow (Kubernetes' API concepts: they may be compared for order since 1.35, and always could on etcd). */
function isNewer(known: IPAMBlock, other: IPAMBlock): boolean {
  if (known.metadata.uid !== other.metadata.uid) return false;
  const [a, b] = [known, other].map(({ metadata }) => metadata.resourceVersion ?? '');
  if (!/^\d+$/.test(a as string) || !/^\d+$/.test(b as string)) return false;
  return BigInt(a as string) > BigInt(b as string);
}
