import { allocationsOf, blockNode } from '@margay/ipam-core';
import type { IPAMBlock } from '@margay/model';

/** Every node that a block names: as its owner, or as the home of one of its addresses. */
export function nodesInBlocks(blocks: readonly IPAMBlock[]): Set<string> {
  const nodes = new Set<string>();
  for (const { spec } of blocks) {
    const owner = blockNode(spec);
    if (owner !== undefined) nodes.add(owner);
    for (const { attributes } of allocationsOf(spec)) if (attributes.node !== undefined) nodes.add(attributes.node);
  }
  return nodes;
}

/** Nodes that hold blocks or addresses although the cluster has no such node. */
export function removedNodes(blocks: readonly IPAMBlock[], existing: ReadonlySet<string>): string[] {
  return [...nodesInBlocks(blocks)].filter((node) => !existing.has(node)).sort();
}
