import type { Cidr } from '@margay/ip';
import { createInformer } from '@margay/kube';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import { createTrigger, type Health, keepTrying, type Metrics } from '@margay/runtime';
import { type ServiceClient, unary } from '@margay/wire';
import { findLeaks, isLeaked, type Leak, LeakWatch } from './garbage/leaks.ts';
import { removedNodes } from './nodes/node-cleanup.ts';
import { ensureDefaultPool } from './pools/default-pool.ts';

export interface ControllerOptions {
  readonly store: ResourceStore;
  readonly ipam: ServiceClient<'margay.ipam.v1.Ipam'>;
  /** Makes a pool of this network where there is none; undefined: none is made. */
  readonly defaultPool?: Cidr;
  /** How long an address must look leaked before it is freed, milliseconds. */
  readonly leakGraceMs: number;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How often the cluster is looked over though nothing was announced, milliseconds. */
const SCAN_MS = 30_000;

/** Cluster-wide housekeeping: level-triggered, every pass looks at the whole state. */
export function createController(options: ControllerOptions): { run(signal: AbortSignal): Promise<void> } {
  const { store, ipam, defaultPool, leakGraceMs, health, metrics, clock, logger } = options;
  const trigger = createTrigger();
  const common = { store, clock, logger, onSynced: (): void => trigger.fire() };
  const pools = createInformer({ ...common, kind: 'IPPool' });
  const blocks = createInformer({ ...common, kind: 'IPAMBlock' });
  const pods = createInformer({ ...common, kind: 'Pod', trim: ({ metadata }) => ({ metadata }) });
  const nodes = createInformer({
    ...common,
    kind: 'Node',
    trim: ({ metadata }) => ({ metadata }),
    onChange: ({ type }) => {
      if (type === 'delete') trigger.fire();
    },
  });
  const informers = [pools, blocks, pods, nodes];
  const leakWatch = new LeakWatch({ graceMs: leakGraceMs });
  const freed = metrics.counter({
    name: 'margay_controller_freed_addresses_total',
    help: 'Leaked addresses that were freed.',
  });
  metrics.gauge({
    name: 'margay_controller_leak_candidates',
    help: 'Addresses that look leaked and are watched.',
    collect() {
      this.set(leakWatch.candidates);
    },
  });

  async function pass(signal: AbortSignal): Promise<void> {
    if (defaultPool !== undefined) await ensureDefaultPool({ store, cidr: defaultPool, pools: pools.list(), logger });
    const existing = new Set(nodes.list().map(({ metadata }) => metadata.name));
    for (const node of removedNodes(blocks.list(), existing)) await cleanUp(node, signal);
    const leaks = findLeaks(blocks.list(), (namespace, name) => pods.get({ namespace, name }));
    for (const leak of leakWatch.observe(leaks, clock.monotonicMs())) await free(leak, signal);
  }

  /**
   * The informer may be behind: only the API itself says that a node is gone.
   * And a Node object may be deleted while its machine runs on (it registers
   * again): as long as pods are bound to it, its addresses are in use.
   */
  async function cleanUp(node: string, signal: AbortSignal): Promise<void> {
    if ((await store.get('Node', { name: node })) !== undefined) return;
    const { items: bound } = await store.list('Pod', { fieldSelector: `spec.nodeName=${node}`, signal });
    if (bound.length > 0) return;
    const { released, blocks: freedBlocks } = await unary(ipam, 'releaseNode', { node }, { signal });
    logger.info({ node, addresses: released.length, blocks: freedBlocks.length }, 'Freed what a removed node held');
  }

  async function free(leak: Leak, signal: AbortSignal): Promise<void> {
    const { address, handle, namespace, pod } = leak;
    if (!isLeaked(leak, await store.get('Pod', { namespace, name: pod }))) return;
    await unary(ipam, 'releaseAddresses', { addresses: [{ address, handle }] }, { signal });
    freed.inc();
    logger.info({ address, namespace, pod }, 'Freed the address of a pod that is gone');
  }

  /** Until something was announced, or the time for a look has come. */
  async function waitForWork(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    await Promise.race([trigger.wait(either), clock.sleep(SCAN_MS, either)]).finally(() => over.abort());
  }

  async function loop(signal: AbortSignal, succeeded: () => void): Promise<void> {
    await Promise.all(informers.map((informer) => informer.waitForSync(signal)));
    health.setReady(true);
    for (;;) {
      await pass(signal);
      succeeded();
      await waitForWork(signal);
    }
  }

  return {
    run: async (signal): Promise<void> => {
      await Promise.all([
        ...informers.map((informer) => informer.run(signal)),
        keepTrying(loop, { name: 'Housekeeping', clock, logger, signal }),
      ]);
    },
  };
}
