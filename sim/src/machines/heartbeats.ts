import type { Condition, Lease, Node } from '@margay/model';
import { LEASE_SECONDS } from '../nodes/node/node-lease.ts';

/**
 * Silence after which a node counts as lost, milliseconds. Source: Kubernetes'
 * node-monitor-grace-period, which is 40 s or more; here the lease's own time.
 */
export const NODE_GRACE_MS = LEASE_SECONDS * 1_000;

/** The same for a node that was never heard. Source: Kubernetes' node-startup-grace-period. */
export const STARTUP_GRACE_MS = 60_000;

/**
 * When each node was heard last, by the clock of who listens: a heartbeat is a
 * lease whose text has changed, so that the clocks of nodes do not matter.
 */
export class Heartbeats {
  readonly #nodes = new Map<string, { readonly renewTime: string | undefined; readonly heardMs: number }>();

  /** The leases as they are at `nowMs`, with the nodes that are there; others are forgotten. */
  listen(nodes: readonly string[], leases: readonly Lease[], nowMs: number): void {
    const renewTimes = new Map(leases.map(({ metadata, spec }) => [metadata.name, spec?.renewTime]));
    for (const name of this.#nodes.keys()) if (!nodes.includes(name)) this.#nodes.delete(name);
    for (const name of nodes) {
      const renewTime = renewTimes.get(name);
      const before = this.#nodes.get(name);
      if (before === undefined || before.renewTime !== renewTime) this.#nodes.set(name, { renewTime, heardMs: nowMs });
    }
  }

  /** Nobody could have been heard until now: every silence starts anew. */
  forgive(nowMs: number): void {
    for (const [name, { renewTime }] of this.#nodes) this.#nodes.set(name, { renewTime, heardMs: nowMs });
  }

  isLost(node: string, nowMs: number): boolean {
    const known = this.#nodes.get(node);
    if (known === undefined) return false;
    return nowMs - known.heardMs > (known.renewTime === undefined ? STARTUP_GRACE_MS : NODE_GRACE_MS);
  }

  /** True once there was a lease. */
  wasHeard(node: string): boolean {
    return this.#nodes.get(node)?.renewTime !== undefined;
  }
}

/** Conditions that the kubelet alone can tell. Source: Kubernetes' node lifecycle controller. */
const KUBELET_CONDITIONS = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** What is left to say of a node that is silent; the time of its last heartbeat stays. Pure. */
export function unknownConditions(node: Node, { wasHeard }: { readonly wasHeard: boolean }): Condition[] {
  const existing = node.status?.conditions ?? [];
  return KUBELET_CONDITIONS.map((type): Condition => {
    const heartbeat = existing.find((condition) => condition.type === type)?.lastHeartbeatTime;
    return {
      type,
      status: 'Unknown',
      reason: wasHeard ? 'NodeStatusUnknown' : 'NodeStatusNeverUpdated',
      message: wasHeard
        ? `nothing was heard of the kubelet for ${NODE_GRACE_MS / 1_000} s`
        : 'nothing was ever heard of the kubelet',
      ...(heartbeat !== undefined && { lastHeartbeatTime: heartbeat }),
    };
  });
}
