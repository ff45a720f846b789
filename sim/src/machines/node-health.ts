import type { Node } from '@margay/model';
import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { NODE_LEASE_NAMESPACE } from '../nodes/node/node-lease.ts';
import { mergeConditions } from '../nodes/status/pod-status.ts';
import { Heartbeats, unknownConditions } from './heartbeats.ts';

/** Keeps pods off a node that is lost. Source: Kubernetes' well-known taints. */
export const UNREACHABLE_TAINT = { key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' };

/** Pause between two looks, milliseconds: one list of small objects. */
const LOOK_MS = 2_000;

/**
 * The part of Kubernetes' node lifecycle controller that a cluster in a
 * simulator can miss: a node whose kubelet is silent gets Ready=Unknown and a
 * taint. The kubelet makes the node Ready again when it is back; the taint goes
 * with that. Pods are not evicted. Works until the signal aborts.
 */
export async function runNodeHealth(options: {
  readonly nodes: () => readonly Node[];
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { clock, logger, signal } = options;
  const heartbeats = new Heartbeats();
  let missedLook = false;
  while (!signal.aborted) {
    try {
      await look(options, heartbeats, missedLook);
      missedLook = false;
    } catch (error) {
      if (signal.aborted) return;
      // While the API is away, the leases that nodes would renew are away as well.
      if (!missedLook) logger.warn({ reason: String(error) }, 'Cannot look after the nodes; trying again');
      missedLook = true;
    }
    await clock.sleep(LOOK_MS, signal).catch(() => undefined);
  }
}

async function look(
  { nodes, store, clock, logger, signal }: Parameters<typeof runNodeHealth>[0],
  heartbeats: Heartbeats,
  missedLook: boolean,
): Promise<void> {
  const { items } = await store.list('Lease', { namespace: NODE_LEASE_NAMESPACE, signal });
  const now = clock.monotonicMs();
  const present = nodes().filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  heartbeats.listen(
    present.map(({ metadata }) => metadata.name),
    items,
    now,
  );
  if (missedLook) heartbeats.forgive(now);
  for (const node of present) {
    const { name } = node.metadata;
    const isLost = heartbeats.isLost(name, now);
    if (isLost && readyOf(node) !== 'Unknown') {
      logger.warn({ node: name }, 'The node is silent: it is not Ready any more');
      const unknown = unknownConditions(node, { wasHeard: heartbeats.wasHeard(name) });
      const at = new Date(clock.nowMs()).toISOString();
      const conditions = mergeConditions(node.status?.conditions ?? [], at, unknown);
      await write(store, node, { status: { conditions } }, 'status');
    } else {
      await setTaint(store, node, readyOf(node) === 'Unknown');
    }
  }
}

async function setTaint(store: ResourceStore, node: Node, wanted: boolean): Promise<void> {
  const taints = node.spec?.taints ?? [];
  const others = taints.filter(
    ({ key, effect }) => !(key === UNREACHABLE_TAINT.key && effect === UNREACHABLE_TAINT.effect),
  );
  if (others.length < taints.length === wanted) return;
  await write(store, node, { spec: { taints: wanted ? [...others, UNREACHABLE_TAINT] : others } });
}

/** The version makes a lost race visible; the next look sees the node as it is then. */
async function write(store: ResourceStore, node: Node, patch: object, subresource?: 'status'): Promise<void> {
  const { name, resourceVersion } = node.metadata;
  try {
    await store.patch(
      'Node',
      { name },
      { metadata: { resourceVersion }, ...patch },
      subresource ? { subresource } : {},
    );
  } catch (error) {
    if (!(error instanceof StoreError) || !['NOT_FOUND', 'CONFLICT'].includes(error.code)) throw error;
  }
}

function readyOf(node: Node): string | undefined {
  return node.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
}
