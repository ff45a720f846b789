import { createHash } from 'node:crypto';
import { type Overlap, overlappingPools } from '@margay/ipam-core';
import { type Event, type IPPool, MARGAY_API_VERSION, toKubernetesTime } from '@margay/model';
import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { overlapText } from './pool-condition.ts';

export const OVERLAP_REASON = 'PoolOverlaps';
const COMPONENT = 'margay-controller';

/** Events about objects without a namespace are in this one, as Kubernetes has it. */
const NAMESPACE = 'default';

/** Longest part of a pool's name in an event's: a name has 253 characters at most. */
const MAX_NAME_PART = 230;

/**
 * Tells a pool's owner, by an Event on the pool, that no address is taken from
 * it. An event's name is made of both pools' UIDs, so that neither a restart
 * nor a second replica adds another.
 */
export class OverlapReporter {
  readonly #store: ResourceStore;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #reported: ReadonlySet<string> = new Set();

  constructor({
    store,
    clock,
    logger,
  }: { readonly store: ResourceStore; readonly clock: Clock; readonly logger: Logger }) {
    this.#store = store;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** @throws {StoreError} the API cannot be used */
  async report(pools: readonly IPPool[]): Promise<void> {
    const seen = new Set<string>();
    for (const overlap of overlappingPools(pools)) {
      const name = eventName(overlap);
      if (!this.#reported.has(name)) await this.#write(name, overlap);
      seen.add(name);
    }
    this.#reported = seen;
  }

  async #write(name: string, overlap: Overlap): Promise<void> {
    const { pool, older } = overlap;
    const message = `spec.cidr: ${overlapText(overlap)}; no address is taken from this pool; delete it, or the older one`;
    this.#logger.warn({ pool: pool.metadata.name, older: older.metadata.name }, message);
    const timestamp = toKubernetesTime(this.#clock.nowMs());
    const event: Event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace: NAMESPACE },
      involvedObject: {
        apiVersion: MARGAY_API_VERSION,
        kind: 'IPPool',
        name: pool.metadata.name,
        ...(pool.metadata.uid && { uid: pool.metadata.uid }),
        fieldPath: 'spec.cidr',
      },
      type: 'Warning',
      reason: OVERLAP_REASON,
      message,
      count: 1,
      firstTimestamp: timestamp,
      lastTimestamp: timestamp,
      source: { component: COMPONENT },
      reportingComponent: COMPONENT,
    };
    try {
      await this.#store.create('Event', event);
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === 'UNAVAILABLE') throw error;
      if (error.code === 'ALREADY_EXISTS') return;
      // It may not be allowed: the log has the problem.
      this.#logger.warn({ reason: error.message }, 'Cannot write an event about a pool');
    }
  }
}

function eventName({ pool, older }: Overlap): string {
  const identity = JSON.stringify([pool.metadata.uid, older.metadata.uid, older.metadata.name]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 16);
  return `${pool.metadata.name.slice(0, MAX_NAME_PART).replace(/[-.]+$/, '')}.${hash}`;
}
