import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { createBackoff, createTrigger } from '@margay/runtime';
import { messageOf } from '../error.ts';
import { LEASE_RENEW_MS, renewLease } from './node-lease.ts';
import { type NodeFacts, nodeLabels, nodeObject, nodeStatus, saysTheSame } from './node-object.ts';

export interface NodeRegistrarOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As they are now. */
  readonly facts: () => NodeFacts;
}

/** How often the Node is compared with the facts. Source: the kubelet's nodeStatusUpdateFrequency. */
const STATUS_MS = 10_000;

/** How often a status that has not changed is written. Source: the kubelet's nodeStatusReportFrequency. */
const REPORT_MS = 300_000;

/**
 * How long one try may take. The connection of a longer one may be dead,
 * though nobody said so: the next try opens another.
 */
const TRY_MS = 5_000;

/**
 * Creates the Node object at start, keeps its status current, and renews the
 * node's lease. A Node deleted later is not made again.
 */
export class NodeRegistrar {
  readonly #options: NodeRegistrarOptions;
  readonly #changed = createTrigger();
  #registered = false;
  /** Monotonic milliseconds. */
  #statusDueMs = 0;
  #reportDueMs = 0;

  constructor(options: NodeRegistrarOptions) {
    this.#options = options;
  }

  /** The facts have changed: write them at once. */
  update(): void {
    this.#statusDueMs = 0;
    this.#changed.fire();
  }

  /** Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { logger } = this.#options;
    const backoff = createBackoff({ maxMs: 2_000 });
    while (!signal.aborted) {
      let pauseMs = LEASE_RENEW_MS;
      try {
        await this.#inTime(this.#beat(), signal);
        backoff.reset();
      } catch (error) {
        if (signal.aborted) return;
        pauseMs = backoff.nextMs();
        // The node may be taken for lost by now.
        this.#statusDueMs = 0;
        logger.warn({ error: messageOf(error) }, 'Cannot write the node; trying again');
      }
      await this.#pause(pauseMs, signal);
    }
  }

  async #inTime(work: Promise<void>, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const limit = this.#options.clock.sleep(TRY_MS, AbortSignal.any([signal, over.signal])).then(() => {
      throw new StoreError('UNAVAILABLE', `the API server has not answered for ${TRY_MS / 1000} s`);
    });
    try {
      await Promise.race([work, limit]);
    } finally {
      over.abort();
    }
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    try {
      await Promise.race([this.#options.clock.sleep(ms, either), this.#changed.wait(either)]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      over.abort();
    }
  }

  async #beat(): Promise<void> {
    const { store, clock } = this.#options;
    const facts = this.#options.facts();
    if (!this.#registered) {
      await this.#register(facts);
      this.#registered = true;
      await this.#writeStatus();
    }
    // Before the status: a node that says Ready must be heard already.
    await renewLease({ store, clock, node: facts.name });
    if (clock.monotonicMs() >= this.#statusDueMs) await this.#writeStatus();
  }

  async #writeStatus(): Promise<void> {
    const { store, clock } = this.#options;
    const facts = this.#options.facts();
    const now = clock.monotonicMs();
    this.#statusDueMs = now + STATUS_MS;
    const ref = { name: facts.name };
    const current = await store.get('Node', ref);
    if (!current) return;
    const status = nodeStatus(current, facts);
    if (now < this.#reportDueMs && saysTheSame(current.status, status)) return;
    try {
      // The version makes a lost race visible: conditions are one list of several writers.
      const { resourceVersion } = current.metadata;
      await store.patch('Node', ref, { metadata: { resourceVersion }, status }, { subresource: 'status' });
      this.#reportDueMs = now + REPORT_MS;
    } catch (error) {
      if (!(error instanceof StoreError) || error.code !== 'NOT_FOUND') throw error;
    }
  }

  async #register(facts: NodeFacts): Promise<void> {
    const { store, logger } = this.#options;
    const ref = { name: facts.name };
    const node = await store.get('Node', ref);
    if (!node) {
      try {
        await store.create('Node', nodeObject(facts));
        logger.info({ node: facts.name }, 'Registered the node');
        return;
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'ALREADY_EXISTS') throw error;
      }
    }
    const labels = nodeLabels(facts.name);
    const missing = Object.entries(labels).some(([key, value]) => node?.metadata.labels?.[key] !== value);
    if (missing) await store.patch('Node', ref, { metadata: { labels } });
  }
}
