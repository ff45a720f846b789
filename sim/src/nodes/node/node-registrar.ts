import { type Clock, type Logger, type ResourceStore, StoreError } from '@margay/ports';
import { createBackoff, createTrigger } from '@margay/runtime';
import { messageOf } from '../error.ts';
import { type NodeFacts, nodeLabels, nodeObject, nodeStatus } from './node-object.ts';

export interface NodeRegistrarOptions {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** As they are now. */
  readonly facts: () => NodeFacts;
}

/** Pause between two heartbeats, milliseconds. Source: the kubelet's nodeStatusUpdateFrequency. */
const HEARTBEAT_MS = 10_000;

/** Creates the Node object at start, and keeps its status current. A Node deleted later is not made again. */
export class NodeRegistrar {
  readonly #options: NodeRegistrarOptions;
  readonly #changed = createTrigger();
  #registered = false;

  constructor(options: NodeRegistrarOptions) {
    this.#options = options;
  }

  /** The facts have changed: write them at once. */
  update(): void {
    this.#changed.fire();
  }

  /** Resolves when the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    const backoff = createBackoff();
    while (!signal.aborted) {
      let pauseMs = HEARTBEAT_MS;
      try {
        await this.#sync();
        backoff.reset();
      } catch (error) {
        pauseMs = backoff.nextMs();
        logger.warn({ error: messageOf(error) }, 'Cannot write the node; trying again');
      }
      await this.#pause(clock, pauseMs, signal);
    }
  }

  async #pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    try {
      await Promise.race([clock.sleep(ms, either), this.#changed.wait(either)]);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      over.abort();
    }
  }

  async #sync(): Promise<void> {
    const { store } = this.#options;
    const facts = this.#options.facts();
    const ref = { name: facts.name };
    if (!this.#registered) {
      await this.#register(facts);
      this.#registered = true;
    }
    const current = await store.get('Node', ref);
    if (!current) return;
    try {
      // The version makes a lost race visible: conditions are one list of several writers.
      const { resourceVersion } = current.metadata;
      await store.patch(
        'Node',
        ref,
        { metadata: { resourceVersion }, status: nodeStatus(current, facts) },
        { subresource: 'status' },
      );
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
