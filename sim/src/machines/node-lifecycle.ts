import type { Clock, Logger, ResourceStore } from '@margay/ports';
import { StoreError } from '@margay/ports';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { runLevelTriggered } from '../cluster/run-level-triggered.ts';
import { NODE_LEASE_NAMESPACE } from '../nodes/node/node-lease.ts';
import { LostPods } from './lost-pods.ts';
import type { NodeMachines } from './node-machines.ts';
import { planLateNode } from './plan-late-node.ts';

export interface NodeLifecycle {
  readonly done: Promise<void>;
  /** Nodes that cannot have a machine, and why. */
  refusals(): readonly string[];
}

/** What is asked of the machines here. */
export type Machines = Pick<NodeMachines, 'add' | 'awaits' | 'get' | 'remove' | 'topology'>;

/**
 * Follows the Node objects until the signal aborts: a Node without a machine
 * gets one, a machine whose Node was deleted is taken away. Pods that are bound
 * to a node that is not there are deleted for good, as Kubernetes' pod garbage
 * collector does it: nobody else could end them.
 */
export function followNodes(options: {
  readonly machines: Machines;
  readonly view: ClusterView;
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): NodeLifecycle {
  const { machines, view, store, clock, logger, signal } = options;
  /** Machines whose kubelet has registered: only those can be missed. */
  const registered = new Set<string>();
  const refused = new Map<string, string>();
  /** Nodes that were deleted, and their machines with them: their pods are lost at once. */
  const gone = new Set<string>();

  const act = async (): Promise<void> => {
    if (!view.nodes.hasSynced || !view.pods.hasSynced) return;
    const present = new Set(view.nodes.list().map(({ metadata }) => metadata.name));
    for (const name of registered) {
      if (present.has(name)) continue;
      registered.delete(name);
      gone.add(name);
      logger.info({ node: name }, 'The Node was deleted: its machine is taken away');
      await machines.remove(name);
      await unlessGone(store.delete('Lease', { name, namespace: NODE_LEASE_NAMESPACE }));
    }
    for (const name of refused.keys()) if (!present.has(name)) refused.delete(name);
    for (const node of view.nodes.list()) {
      const { name, deletionTimestamp } = node.metadata;
      if (machines.get(name) === undefined && deletionTimestamp === undefined) {
        const plan = planLateNode(machines.topology(), node);
        if ('refusal' in plan) {
          refused.set(name, plan.refusal);
          continue;
        }
        refused.delete(name);
        logger.info({ node: name, address: plan.spec.interfaces[0].address }, 'A new Node gets a machine');
        await machines.add(plan.spec);
      }
      registered.add(name);
      gone.delete(name);
    }
    await collectPods();
  };

  const lostPods = new LostPods();
  let waiting = new AbortController();
  const collectPods = async (): Promise<void> => {
    const { lost, nextMs } = lostPods.find({
      pods: view.pods.list(),
      nodes: view.nodes.list(),
      awaits: (name) => machines.awaits(name),
      isGone: (name) => gone.has(name),
      nowMs: clock.monotonicMs(),
    });
    for (const { metadata, spec } of lost) {
      // The view may be behind, and what is deleted now nobody brings back.
      if ((await store.get('Node', { name: spec?.nodeName ?? '' })) !== undefined) continue;
      const ref = { name: metadata.name, ...(metadata.namespace && { namespace: metadata.namespace }) };
      logger.info({ pod: `${metadata.namespace}/${metadata.name}`, node: spec?.nodeName }, 'A pod without a node goes');
      await unlessGone(store.delete('Pod', ref, { gracePeriodSeconds: 0, ...(metadata.uid && { uid: metadata.uid }) }));
    }
    waiting.abort();
    waiting = new AbortController();
    if (nextMs === undefined) return;
    void clock.sleep(nextMs, AbortSignal.any([signal, waiting.signal])).then(
      () => loop.fire(),
      () => undefined,
    );
  };

  const loop = runLevelTriggered({ name: 'Following the Nodes', act, clock, logger, signal });
  view.onChange((kind) => {
    if (kind === 'Node' || kind === 'Pod') loop.fire();
  });
  return { done: loop.done, refusals: () => [...refused.values()] };
}

/** What is gone, or another by now, needs no deletion. */
async function unlessGone(deletion: Promise<void>): Promise<void> {
  await deletion.catch((error: unknown) => {
    if (!(error instanceof StoreError) || !['NOT_FOUND', 'CONFLICT'].includes(error.code)) throw error;
  });
}
