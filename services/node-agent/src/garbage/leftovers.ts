import type { Pod } from '@margay/model';
import type { Clock, Logger, PodLinks, ResourceStore } from '@margay/ports';
import { reasonOf } from '../cni/cni-error.ts';
import type { LinkKeeper } from '../dataplane/link-keeper.ts';
import { podDevice } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import type { PodNetwork } from '../pods/pod-network.ts';
import { uidsOf } from '../pods/pod-uids.ts';

/** Between two collections, milliseconds. */
export const COLLECT_INTERVAL_MS = 60_000;

export interface LeftoversOptions {
  readonly nodeName: string;
  readonly store: Pick<ResourceStore, 'list'>;
  readonly endpoints: EndpointStore;
  readonly podLinks: Pick<PodLinks, 'list' | 'remove'>;
  readonly links: Pick<LinkKeeper, 'isLost'>;
  readonly pods: Pick<PodNetwork, 'remove'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Collects what a runtime has left behind: containerd calls no GC, and a DEL
 * may never come (a machine that crashed, a sandbox that was removed by hand).
 *
 * A pod is left over when the API has no pod of its UID on this node, and its
 * link and network namespace are gone. A pod link is left over when it has no
 * record, and no pod of this node can have it, for two looks in a row. While
 * the API cannot be read nothing is. Addresses that have no pod any more are
 * the controller's to free.
 */
export class Leftovers {
  readonly #options: LeftoversOptions;
  /** Links that looked left over at the last look. */
  #suspects: ReadonlySet<string> = new Set();

  constructor(options: LeftoversOptions) {
    this.#options = options;
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    while (!signal.aborted) {
      await clock.sleep(COLLECT_INTERVAL_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.collect(signal);
      } catch (error) {
        if (!signal.aborted) logger.warn({ reason: reasonOf(error) }, 'leftovers of pods cannot be collected now');
      }
    }
  }

  /** One look. Every leftover is tried. @throws the first failure */
  async collect(signal: AbortSignal): Promise<void> {
    const { nodeName, store, endpoints, podLinks } = this.#options;
    // Before the pods: what is made meanwhile is in neither, or in both.
    const links = await podLinks.list();
    const records = endpoints.all();
    const { items } = await store.list('Pod', { fieldSelector: `spec.nodeName=${nodeName}`, signal });
    const failures: unknown[] = [];
    const attempt = (error: unknown): void => void failures.push(error);
    const uids = new Set(items.flatMap(uidsOf));
    for (const record of records) {
      if (!uids.has(record.uid)) await this.#collectPod(record.containerId).catch(attempt);
    }
    const claimed = new Set(items.map(deviceOf));
    const orphans = links.filter(({ hostDevice }) => !claimed.has(hostDevice) && !endpoints.byDevice(hostDevice));
    const suspects = new Set(orphans.map(({ hostDevice }) => hostDevice));
    for (const device of suspects) if (this.#suspects.has(device)) await this.#collectLink(device).catch(attempt);
    this.#suspects = suspects;
    if (failures.length > 0) throw failures[0];
  }

  async #collectPod(containerId: string): Promise<void> {
    const { endpoints, links, pods, logger } = this.#options;
    const record = endpoints.get(containerId);
    if (!record || !links.isLost(record)) return;
    await pods.remove({ containerId, pod: record });
    logger.info({ pod: `${record.namespace}/${record.pod}`, containerId }, 'removed what a pod that is gone had left');
  }

  async #collectLink(device: string): Promise<void> {
    const { endpoints, podLinks, logger } = this.#options;
    if (endpoints.byDevice(device)) return;
    if (await podLinks.remove(device)) logger.info({ device }, 'removed a pod link that no pod has');
  }
}

function deviceOf({ metadata: { namespace = '', name } }: Pod): string {
  return podDevice(namespace, name);
}
