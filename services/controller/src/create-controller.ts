import type { Cidr } from '@margay/ip';
import { createInformer, runElected } from '@margay/kube';
import type { IPPool, Pod } from '@margay/model';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import { createTrigger, type Health, keepTrying, type Metrics } from '@margay/runtime';
import { type ServiceClient, unary } from '@margay/wire';
import { findLeaks, givenTimes, isLeaked, type Leak, LeakWatch } from './garbage/leaks.ts';
import { removedNodes } from './nodes/node-cleanup.ts';
import { ensureDefaultPool } from './pools/default-pool.ts';
import { ensurePools } from './pools/ensure-pools.ts';
import { OverlapReporter } from './pools/overlap-reporter.ts';
import { PoolStatusWriter } from './pools/pool-status-writer.ts';

export interface ControllerOptions {
  readonly store: ResourceStore;
  readonly ipam: ServiceClient<'margay.ipam.v1.Ipam'>;
  /** Makes a pool of this network where there is none; undefined: none is made. */
  readonly defaultPool?: Cidr;
  /** Pools to make, each once. */
  readonly pools?: PoolsToMake;
  /** Only the elected process of several does anything; undefined: this one does. */
  readonly election?: { readonly namespace: string; readonly identity: string };
  /** How long an address must look leaked before it is freed, milliseconds. */
  readonly leakGraceMs: number;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PoolsToMake {
  readonly wanted: readonly IPPool[];
  /** Where it is remembered which were made. */
  readonly namespace: string;
}

/** Of the Lease that the leader holds. */
const LEASE_NAME = 'margay-controller';

/** How often the cluster is looked over though nothing was announced, milliseconds. */
const SCAN_MS = 30_000;

/** Cluster-wide housekeeping: level-triggered, every pass looks at the whole state. */
export function createController(options: ControllerOptions): { run(signal: AbortSignal): Promise<void> } {
  const {
    store,
    ipam,
    defaultPool,
    pools: poolsToMake,
    election,
    leakGraceMs,
    health,
    metrics,
    clock,
    logger,
  } = options;
  const trigger = createTrigger();
  const common = { store, clock, logger, onSynced: (): void => trigger.fire() };
  const poolStatuses = new PoolStatusWriter({ store, clock, logger });
  const pools = createInformer({
    ...common,
    kind: 'IPPool',
    onChange: (event) => {
      if (poolStatuses.needsLook(event)) trigger.fire();
    },
  });
  const blocks = createInformer({ ...common, kind: 'IPAMBlock' });
  const pods = createInformer({
    ...common,
    kind: 'Pod',
    trim: trimPod,
    // A removed node's pods are deleted long after it (Kubernetes' garbage collector waits 40 s and more): what it held waits for the last.
    onChange: ({ type, object }) => {
      const node = object.spec?.nodeName;
      if (type === 'delete' && node !== undefined && nodes.get({ name: node }) === undefined) trigger.fire();
    },
  });
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
  const overlapReporter = new OverlapReporter({ store, clock, logger });
  let isLeader = election === undefined;
  metrics.gauge({
    name: 'margay_controller_leader',
    help: '1 while this process does the housekeeping.',
    collect() {
      this.set(isLeader ? 1 : 0);
    },
  });
  metrics.gauge({
    name: 'margay_controller_leak_candidates',
    help: 'Addresses that look leaked and are watched.',
    collect() {
      this.set(leakWatch.candidates);
    },
  });

  async function pass(signal: AbortSignal): Promise<void> {
    if (poolsToMake !== undefined) await ensurePools({ store, present: pools.list(), ...poolsToMake, logger });
    if (defaultPool !== undefined) await ensureDefaultPool({ store, cidr: defaultPool, pools: pools.list(), logger });
    await overlapReporter.report(pools.list());
    await poolStatuses.write(pools.list(), signal);
    const existing = new Set(nodes.list().map(({ metadata }) => metadata.name));
    for (const node of removedNodes(blocks.list(), existing)) {
      signal.throwIfAborted();
      await cleanUp(node, signal);
    }
    const leaks = findLeaks(blocks.list(), (namespace, name) => pods.get({ namespace, name }));
    for (const leak of leakWatch.observe(leaks, clock.monotonicMs())) {
      signal.throwIfAborted();
      await free(leak, signal);
    }
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
    const current = await store.get('Pod', { namespace, name: pod });
    if (!isLeaked(leak, current, givenTimes(blocks.list()))) return;
    await unary(ipam, 'releaseAddresses', { addresses: [{ address, handle }] }, { signal });
    freed.inc();
    logger.info({ address, namespace, pod }, 'Freed the address of a pod or container that is gone');
  }

  /** Until something was announced, or the time for a look has come. */
  async function waitForWork(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    await Promise.race([trigger.wait(either), clock.sleep(SCAN_MS, either)]).finally(() => over.abort());
  }

  async function synced(signal: AbortSignal): Promise<void> {
    await Promise.all(informers.map((informer) => informer.waitForSync(signal)));
  }

  /** One that leads, and one that would lead next, are both ready. */
  async function tellReady(signal: AbortSignal): Promise<void> {
    try {
      await synced(signal);
      health.setReady(true);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  const keepHouse = (signal: AbortSignal): Promise<void> =>
    keepTrying(loop, { name: 'Housekeeping', clock, logger, signal });

  async function lead(signal: AbortSignal): Promise<void> {
    if (election === undefined) return keepHouse(signal);
    const onChange = (leads: boolean): void => {
      isLeader = leads;
    };
    await runElected({ store, ...election, name: LEASE_NAME, clock, logger, onChange }, keepHouse, signal);
  }

  async function loop(signal: AbortSignal, succeeded: () => void): Promise<void> {
    await synced(signal);
    for (;;) {
      await pass(signal);
      succeeded();
      await waitForWork(signal);
    }
  }

  return {
    run: async (signal): Promise<void> => {
      await Promise.all([...informers.map((informer) => informer.run(signal)), tellReady(signal), lead(signal)]);
    },
  };
}

/** What tells a leak. */
function trimPod({ metadata, spec, status: { podIP, podIPs } = {} }: Pod): Pod {
  const on = spec?.nodeName === undefined ? {} : { spec: { nodeName: spec.nodeName } };
  return { metadata, ...on, status: { ...(podIP !== undefined && { podIP }), ...(podIPs && { podIPs }) } };
}
