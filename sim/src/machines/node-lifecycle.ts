import type { Clock, Logger, ResourceStore } from '@margay/ports';
import { StoreError } from '@margay/ports';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { runLevelTriggered } from '../cluster/run-level-triggered.ts';
import type { NodeMachines } from './node-machines.ts';
import { planLateNode } from './plan-late-node.ts';

export interface NodeLifecycle {
  readonly done: Promise<void>;
  /** Nodes that cannot have a machine, and why. */
  refusals(): readonly string[];
}

/**
 * Follows the Node objects until the signal aborts: a Node without a machine
 * gets one, a machine whose Node was deleted is taken away, and with it, as
 * Kubernetes' pod garbage collector does, the pods that were bound to it.
 */
export function followNodes(options: {
  readonly machines: NodeMachines;
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
  /** Nodes that were deleted: only their pods are lost. A node that has not registered yet may have pods already. */
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

  const collectPods = async (): Promise<void> => {
    const lost = view.pods.list().filter(({ spec }) => gone.has(spec?.nodeName ?? ''));
    for (const { metadata } of lost) {
      const ref = { name: metadata.name, ...(metadata.namespace && { namespace: metadata.namespace }) };
      const same = { gracePeriodSeconds: 0, ...(metadata.uid && { uid: metadata.uid }) };
      await store.delete('Pod', ref, same).catch((error: unknown) => {
        if (!(error instanceof StoreError) || !['NOT_FOUND', 'CONFLICT'].includes(error.code)) throw error;
      });
    }
  };

  const loop = runLevelTriggered({ name: 'Following the Nodes', act, clock, logger, signal });
  view.onChange((kind) => {
    if (kind === 'Node' || kind === 'Pod') loop.fire();
  });
  return { done: loop.done, refusals: () => [...refused.values()] };
}
