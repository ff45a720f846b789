import { KernelError, type Logger, type PodLink, type PodLinks } from '@margay/ports';
import { type EndpointRecord, linkSpecOf } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';

/**
 * The pod links of the recorded pods. A link that was removed or set down by
 * hand is made again, as long as the pod's namespace is there; links that no
 * record names are left alone.
 */
export class LinkKeeper {
  readonly #podLinks: PodLinks;
  readonly #endpoints: EndpointStore;
  readonly #logger: Logger;
  /** Records whose link is gone and cannot come back. */
  #missing = new WeakSet<EndpointRecord>();

  constructor(parts: { readonly podLinks: PodLinks; readonly endpoints: EndpointStore; readonly logger: Logger }) {
    this.#podLinks = parts.podLinks;
    this.#endpoints = parts.endpoints;
    this.#logger = parts.logger;
  }

  exists(record: EndpointRecord): boolean {
    return !this.#missing.has(record);
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
        if (!isGone) failure ??= error;
      }
    }
    this.#missing = missing;
    if (failure) throw failure;
  }

  /** @throws {KernelError} as `PodLinks.create` */
  create(record: Omit<EndpointRecord, 'hostMac' | 'podMac'>): Promise<PodLink> {
    return this.#podLinks.create(linkSpecOf({ ...record, hostMac: '', podMac: '' }));
  }
}
