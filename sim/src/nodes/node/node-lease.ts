import type { Lease } from '@margay/model';
import { type Clock, type ResourceStore, StoreError } from '@margay/ports';

/** Where Kubernetes keeps the leases of nodes, each under its node's name. */
export const NODE_LEASE_NAMESPACE = 'kube-node-lease';

/**
 * Pause between two heartbeats, milliseconds. The kubelet renews after 10 s and
 * is given up after 40 s; here both are about a third, since people wait for it.
 */
export const LEASE_RENEW_MS = 3_000;

/** For how long a heartbeat counts, seconds: three more may get lost. */
export const LEASE_SECONDS = 12;

/**
 * One heartbeat of a node: a Lease that nobody but the simulator's node
 * lifecycle reads, so that it costs one small write, and no reader of Nodes a
 * change (Kubernetes KEP-589).
 */
export async function renewLease(options: {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly node: string;
}): Promise<void> {
  const { store, clock, node } = options;
  const spec = { holderIdentity: node, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTime(clock.nowMs()) };
  try {
    await store.patch('Lease', { name: node, namespace: NODE_LEASE_NAMESPACE }, { spec });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'NOT_FOUND') throw error;
    await createLease(store, node, spec);
  }
}

/** A node that is gone gets no new lease: it would outlive it. */
async function createLease(store: ResourceStore, node: string, spec: Lease['spec'] & object): Promise<void> {
  const owner = await store.get('Node', { name: node });
  if (owner === undefined) return;
  await store.create('Lease', {
    metadata: {
      name: node,
      namespace: NODE_LEASE_NAMESPACE,
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid: owner.metadata.uid ?? '' }],
    },
    spec,
  });
}

/** Kubernetes' MicroTime. */
function microTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
