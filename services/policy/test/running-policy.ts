import { entryKey, type FeedEntry, type Scope } from '@margay/feed-core';
import type { Logger, ResourceStore } from '@margay/ports';
import {
  addHealth,
  clientCredentials,
  createGrpcServer,
  createMetrics,
  type Health,
  listen,
  type Metrics,
  shutdownServer,
  systemClock,
} from '@margay/runtime';
import { createClient, decodeViewBatch, type ServiceClient, serverStream, type ViewBatchMessage } from '@margay/wire';
import { createPolicy } from '../src/create-policy.ts';
import type { WatcherLimits } from '../src/views/policy-views.ts';

export const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silent,
};

/** The whole service on a loopback port, over a given store. */
export class RunningPolicy implements AsyncDisposable {
  readonly metrics: Metrics = createMetrics();
  readonly health: Health;
  readonly client: ServiceClient<'margay.policy.v1.PolicyViews'>;
  readonly #stop: () => Promise<void>;

  private constructor(parts: { health: Health; port: number; stop: () => Promise<void>; metrics: Metrics }) {
    this.health = parts.health;
    this.metrics = parts.metrics;
    this.client = createClient('margay.policy.v1.PolicyViews', `127.0.0.1:${parts.port}`, {
      credentials: clientCredentials(),
    });
    this.#stop = parts.stop;
  }

  static async start(store: ResourceStore, limits?: WatcherLimits): Promise<RunningPolicy> {
    const server = createGrpcServer();
    const health = addHealth(server);
    const metrics = createMetrics();
    const common = { store, server, health, metrics, clock: systemClock, logger: silent };
    const policy = createPolicy({ ...common, ...(limits && { limits }) });
    const controller = new AbortController();
    const running = policy.run(controller.signal);
    const port = await listen(server, '127.0.0.1:0');
    const stop = async (): Promise<void> => {
      controller.abort(new DOMException('stopping', 'AbortError'));
      await running;
      await shutdownServer(server);
    };
    return new RunningPolicy({ health, port, stop, metrics });
  }

  watch(): ViewReader {
    return new ViewReader(serverStream(this.client, 'watch', {}, { waitForReady: true }));
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.client.close();
    await this.#stop();
  }
}

/** Takes over whole steps, as fanout does. */
export class ViewReader {
  readonly entries = new Map<string, FeedEntry>();
  readonly spans = new Map<Scope, Set<string>>();
  readonly batches: ViewBatchMessage[] = [];
  readonly #stream: AsyncIterator<Parameters<typeof decodeViewBatch>[0]>;
  steps = 0;

  constructor(stream: AsyncIterable<Parameters<typeof decodeViewBatch>[0]>) {
    this.#stream = stream[Symbol.asyncIterator]();
  }

  /** Reads steps until `reached`; throws what ends the stream. */
  async until(reached: (view: this) => boolean): Promise<void> {
    do await this.readStep();
    while (!reached(this));
  }

  async readStep(): Promise<void> {
    const parts: ViewBatchMessage[] = [];
    do {
      const { value, done } = await this.#stream.next();
      if (done) throw new Error('the stream has ended');
      parts.push(decodeViewBatch(value));
    } while (!parts.at(-1)?.complete);
    this.steps++;
    this.batches.push(...parts);
    if (parts[0]?.snapshotStart) {
      this.entries.clear();
      this.spans.clear();
    }
    for (const { spans, upserts, removes } of parts) {
      for (const { scope, add, remove } of spans) {
        const nodes = this.spans.get(scope) ?? new Set();
        for (const node of add) nodes.add(node);
        for (const node of remove) nodes.delete(node);
        this.spans.set(scope, nodes);
      }
      for (const { entry } of upserts) this.entries.set(entryKey(entry), entry);
      for (const key of removes) this.entries.delete(key);
    }
  }

  async close(): Promise<void> {
    await this.#stream.return?.();
  }
}
