import type { Node, Pod } from '@margay/model';

/**
 * For how long a pod may be bound to a node that is not there, milliseconds: a
 * Node may be on its way. Source: Kubernetes' pod garbage collector, which waits 40 s.
 */
export const LOST_POD_GRACE_MS = 10_000;

/** Pods that no kubelet will ever end, since their node is not there. */
export class LostPods {
  /** Since when a node is missed, by the caller's clock. */
  readonly #missedSinceMs = new Map<string, number>();

  /**
   * The pods that are lost at `nowMs`, and in how long the next ones will be.
   *
   * @param awaits true of a node that will register: its pods can wait for it.
   * @param isGone true of a node that was taken away: its pods have nothing to wait for.
   */
  find(options: {
    readonly pods: readonly Pod[];
    readonly nodes: readonly Node[];
    readonly awaits: (node: string) => boolean;
    readonly isGone: (node: string) => boolean;
    readonly nowMs: number;
  }): { readonly lost: readonly Pod[]; readonly nextMs: number | undefined } {
    const { pods, nodes, awaits, isGone, nowMs } = options;
    const present = new Set(nodes.map(({ metadata }) => metadata.name));
    const missed = new Set(
      pods.map(({ spec }) => spec?.nodeName ?? '').filter((name) => name !== '' && !present.has(name) && !awaits(name)),
    );
    for (const name of this.#missedSinceMs.keys()) if (!missed.has(name)) this.#missedSinceMs.delete(name);
    const waits: number[] = [];
    const lostNodes = new Set<string>();
    for (const name of missed) {
      const since = this.#missedSinceMs.get(name) ?? nowMs;
      this.#missedSinceMs.set(name, since);
      const restMs = isGone(name) ? 0 : since + LOST_POD_GRACE_MS - nowMs;
      if (restMs <= 0) lostNodes.add(name);
      else waits.push(restMs);
    }
    return {
      lost: pods.filter(({ spec }) => lostNodes.has(spec?.nodeName ?? '')),
      nextMs: waits.length === 0 ? undefined : Math.min(...waits),
    };
  }
}
