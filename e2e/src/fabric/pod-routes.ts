import { cidrContains, parseCidr } from '@margay/ip';
import { createInformer } from '@margay/kube';
import { ANNOTATION, type IPAMBlock, type IPPool, type Node } from '@margay/model';
import type { Logger, ResourceStore } from '@margay/ports';
import { systemClock } from '@margay/runtime';

export interface PodRoute {
  readonly destination: string;
  readonly gateway: string;
}

/** The routes that the fabric's routers must have: to the blocks of pools that cross it unencapsulated. Pure. */
export function planPodRoutes(state: {
  readonly blocks: readonly IPAMBlock[];
  readonly pools: readonly IPPool[];
  readonly nodes: readonly Node[];
}): PodRoute[] {
  const plain = state.pools
    .filter(({ spec }) => (spec.ipipMode ?? 'Never') === 'Never' && (spec.vxlanMode ?? 'Never') === 'Never')
    .map(({ spec }) => parseCidr(spec.cidr));
  return state.blocks.flatMap(({ spec }): PodRoute[] => {
    const owner = spec.affinity?.replace(/^host:/, '');
    const node = state.nodes.find(({ metadata }) => metadata.name === owner);
    const gateway = node?.metadata.annotations?.[ANNOTATION.nodeAddress]?.replace(/\/\d+$/, '');
    const cidr = parseCidr(spec.cidr);
    if (spec.deleted || gateway === undefined || !plain.some((pool) => cidrContains(pool, cidr))) return [];
    return [{ destination: spec.cidr, gateway }];
  });
}

/**
 * Does what a network administrator does: tells the routers which node has
 * which block, and follows every change until the signal aborts. `apply` gets
 * all routes that must be; a failed one is tried again at the next change.
 */
export async function followPodRoutes(options: {
  readonly store: ResourceStore;
  readonly logger: Logger;
  readonly apply: (routes: readonly PodRoute[]) => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { store, logger, apply, signal } = options;
  let wake = Promise.withResolvers<void>();
  const common = { store, clock: systemClock, logger, onChange: () => wake.resolve(), onSynced: () => wake.resolve() };
  const blocks = createInformer({ ...common, kind: 'IPAMBlock' });
  const pools = createInformer({ ...common, kind: 'IPPool' });
  const nodes = createInformer({ ...common, kind: 'Node' });
  const all = [blocks, pools, nodes];
  signal.addEventListener('abort', () => wake.resolve(), { once: true });
  const following = Promise.all(all.map((informer) => informer.run(signal)));
  while (!signal.aborted) {
    await wake.promise;
    wake = Promise.withResolvers();
    // Half a picture must not take routes away.
    if (signal.aborted || !all.every(({ hasSynced }) => hasSynced)) continue;
    await apply(planPodRoutes({ blocks: blocks.list(), pools: pools.list(), nodes: nodes.list() })).catch(
      (error: unknown) => logger.warn({ reason: String(error) }, 'The router did not take the routes'),
    );
  }
  await following;
}
