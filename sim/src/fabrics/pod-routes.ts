import { cidrContains, parseAddress, parseCidr, tryParseAddress } from '@margay/ip';
import type { IPAMBlock, IPPool, Node } from '@margay/model';
import type { Clock, Logger } from '@margay/ports';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { runLevelTriggered } from '../cluster/run-level-triggered.ts';
import type { Topology } from '../topology/types.ts';
import { type BlockPlace, planPodRoutes } from './bare-metal/plan-pod-routes.ts';
import type { FabricKeeper } from './keeper.ts';

/**
 * Does what a network administrator does for pools that cross the fabric
 * unencapsulated: tells the routers which node has which block, and follows
 * every change until the signal aborts. Blocks of encapsulated pools get none.
 */
export function runPodRoutes(options: {
  readonly topology: () => Topology;
  readonly fabric: FabricKeeper;
  readonly view: ClusterView;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { topology, fabric, view, clock, logger, signal } = options;
  const loop = runLevelTriggered({
    name: 'Routing pod blocks in the fabric',
    clock,
    logger,
    signal,
    act: async () => {
      // Half a picture must not take routes away.
      if (![view.blocks, view.pools, view.nodes].every(({ hasSynced }) => hasSynced)) return;
      const now = topology();
      const places = placeBlocks(now, {
        blocks: view.blocks.list(),
        pools: view.pools.list(),
        nodes: view.nodes.list(),
      });
      fabric.setPodRoutes(planPodRoutes(now, places));
    },
  });
  view.onChange((kind) => {
    if (kind !== 'Pod') loop.fire();
  });
  return loop.done;
}

/** The blocks that the fabric must know. Pure. */
export function placeBlocks(
  topology: Topology,
  state: { readonly blocks: readonly IPAMBlock[]; readonly pools: readonly IPPool[]; readonly nodes: readonly Node[] },
): BlockPlace[] {
  const plain = state.pools
    .filter(({ spec }) => (spec.ipipMode ?? 'Never') === 'Never' && (spec.vxlanMode ?? 'Never') === 'Never')
    .map(({ spec }) => parseCidr(spec.cidr));
  return state.blocks.flatMap(({ spec }): BlockPlace[] => {
    const cidr = parseCidr(spec.cidr);
    const node = spec.affinity?.replace(/^host:/, '');
    const address = node === undefined ? undefined : addressOf(state.nodes, node);
    if (spec.deleted || address === undefined || !plain.some((pool) => cidrContains(pool, cidr))) return [];
    const rack = topology.racks.find((candidate) => cidrContains(candidate.cidr, parseAddress(address)));
    return rack === undefined ? [] : [{ cidr, rack: rack.name, nodeAddress: parseAddress(address) }];
  });
}

function addressOf(nodes: readonly Node[], name: string): string | undefined {
  const node = nodes.find(({ metadata }) => metadata.name === name);
  const address = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
  return address === undefined ? undefined : tryParseAddress(address);
}
