import { type Clock, KernelError, type Logger, type PodLink, type PodLinks } from '@margay/ports';
import { type EndpointRecord, linkSpecOf } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';

/** Pods to look into before others get their turn: one takes 0.15 ms. */
const PODS_AT_ONCE = 8;
/** Between two groups of pods, milliseconds. */
const GROUP_PAUSE_MS = 20;

/**
 * The pod links of the recorded pods. A link that was removed or set down by
 * hand is made again, as long as the pod's namespace is there; what was
 * removed at its pod's end is put back. Links that no record names are left
 * alone.
 */
export class LinkKeeper {
  readonly #podLinks: PodLinks;
  readonly #endpoints: EndpointStore;
  readonly #logger: Logger;
  /** Records whose link is gone and cannot come back. */
  #missing = new WeakSet<EndpointRecord>();
  /** Those of them whose pod's network namespace is gone too. */
  #lost = new WeakSet<EndpointRecord>();
  /** Records of which the log says already that they could not be repaired. */
  readonly #refused = new WeakSet<EndpointRecord>();

  constructor(parts: { readonly podLinks: PodLinks; readonly endpoints: EndpointStore; readonly logger: Logger }) {
    this.#podLinks = parts.podLinks;
    this.#endpoints = parts.endpoints;
    this.#logger = parts.logger;
  }

  exists(record: EndpointRecord): boolean {
    return !this.#missing.has(record);
  }

  /** True when at the last look neither the link nor the pod's network namespace was there. */
  isLost(record: EndpointRecord): boolean {
    return this.#lost.has(record);
  }

  /**
   * Compares with the kernel and repairs. Every link is tried.
   *
   * @throws {KernelError} the first that could not be made again
   */
  async mend(): Promise<void> {
    // Records first: a link that is made meanwhile has a record that is not looked at.
    const records = this.#endpoints.all();
    const up = new Set((await this.#podLinks.list()).filter((link) => link.up).map((link) => link.hostDevice));
    const missing = new WeakSet<EndpointRecord>();
    const lost = new WeakSet<EndpointRecord>();
    let failure: unknown;
    for (const record of records) {
      if (up.has(record.device) || this.#endpoints.get(record.containerId) !== record) continue;
      try {
        await this.#podLinks.create(linkSpecOf(record));
        if (!this.#endpoints.byDevice(record.device)) await this.#podLinks.remove(record.device);
        this.#logger.info({ pod: `${record.namespace}/${record.pod}` }, 'made a lost pod link again');
      } catch (error) {
        missing.add(record);
        const isGone = error instanceof KernelError && error.code === 'NAMESPACE_MISSING';
        if (isGone) lost.add(record);
        else failure ??= error;
      }
    }
    this.#missing = missing;
    this.#lost = lost;
    if (failure) throw failure;
  }

  /**
   * Looks into every pod, a few at a time, and puts back what its link needs
   * there. Never rejects: what one pod does to itself is no fault of the node,
   * so that it is told in the log only.
   */
  async repairPods(clock: Clock, signal: AbortSignal): Promise<void> {
    const records = this.#endpoints.all();
    for (let at = 0; at < records.length && !signal.aborted; at += PODS_AT_ONCE) {
      for (const record of records.slice(at, at + PODS_AT_ONCE)) await this.#repair(record);
      await clock.sleep(GROUP_PAUSE_MS, signal).catch(() => undefined);
    }
  }

  async #repair(record: EndpointRecord): Promise<void> {
    if (this.#endpoints.get(record.containerId) !== record) return;
    const pod = `${record.namespace}/${record.pod}`;
    try {
      const faults = await this.#podLinks.repair(linkSpecOf(record));
      this.#refused.delete(record);
      if (faults.length > 0) this.#logger.info({ pod, faults }, 'repaired a pod link');
    } catch (error) {
      if (this.#refused.has(record)) return;
      this.#refused.add(record);
      this.#logger.warn({ pod, reason: String(error) }, 'a pod link cannot be repaired');
    }
  }

  /** @throws {KernelError} as `PodLinks.create` */
  create(record: Omit<EndpointRecord, 'hostMac' | 'podMac'>): Promise<PodLink> {
    return this.#podLinks.create(linkSpecOf({ ...record, hostMac: '', podMac: '' }));
  }
}
