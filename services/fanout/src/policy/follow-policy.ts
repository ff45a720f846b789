import { type Feed, type Scope, type ScopedEntry, Spans } from '@margay/feed-core';
import type { Clock, FindEndpoints, Logger } from '@margay/ports';
import { clientCredentials, keepTrying } from '@margay/runtime';
import { createClient, decodeViewBatch, serverStream, type ViewBatchMessage } from '@margay/wire';

export interface FollowPolicyOptions {
  /** Of the policy service: HOST:PORT, or that of a Service. */
  readonly address: string;
  readonly findEndpoints?: FindEndpoints;
  readonly feed: Feed;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
}

/** The compiled policy of all nodes, kept as entries of the feed. */
export interface PolicyFollower {
  /** True once a whole snapshot has come. What came stays in force while the policy service is away. */
  readonly hasSynced: boolean;
  readonly connected: boolean;
  run(signal: AbortSignal): Promise<void>;
}

/** Keys and scopes that the policy service brings; the others come from the API. */
const POLICY_KEY = /^(policy|set|member|endpoint)\//;

export function followPolicy(options: FollowPolicyOptions): PolicyFollower {
  const { address, findEndpoints, feed, clock, logger, onChange } = options;
  let hasSynced = false;
  let connected = false;

  function take(step: Step): void {
    const changes = step.snapshot
      ? feed.replacement((item) => 'scope' in item || POLICY_KEY.test(item.key), step.target())
      : step.changes();
    const news = feed.apply(changes);
    if (news || !hasSynced) {
      hasSynced = true;
      onChange();
    }
  }

  async function follow(signal: AbortSignal, succeeded: () => void): Promise<void> {
    const client = createClient('margay.policy.v1.PolicyViews', address, {
      credentials: clientCredentials(),
      ...(findEndpoints && { findEndpoints }),
    });
    try {
      let step: Step | undefined;
      for await (const message of serverStream(client, 'watch', {}, { signal })) {
        const batch = decodeViewBatch(message);
        if (batch.snapshotStart || step === undefined) step = new Step(batch.snapshotStart);
        step.add(batch);
        if (!batch.complete) continue;
        take(step);
        step = undefined;
        if (!connected) logger.info({ address }, 'Policy is in sync');
        connected = true;
        succeeded();
      }
      throw new Error('the policy service ended the stream');
    } finally {
      connected = false;
      client.close();
    }
  }

  return {
    get hasSynced(): boolean {
      return hasSynced;
    },
    get connected(): boolean {
      return connected;
    },
    run: (signal) =>
      keepTrying(follow, { name: 'Following policy', clock, logger, signal, initialMs: 50, maxMs: 1_000 }),
  };
}

/** The batches of one step, to be taken over together. */
class Step {
  readonly snapshot: boolean;
  readonly #batches: ViewBatchMessage[] = [];

  constructor(snapshot: boolean) {
    this.snapshot = snapshot;
  }

  add(batch: ViewBatchMessage): void {
    this.#batches.push(batch);
  }

  changes(): { spans: ViewBatchMessage['spans']; upserts: ScopedEntry[]; removes: string[] } {
    return {
      spans: this.#batches.flatMap(({ spans }) => spans),
      upserts: this.#batches.flatMap(({ upserts }) => upserts),
      removes: this.#batches.flatMap(({ removes }) => removes),
    };
  }

  /** A snapshot's whole state. */
  target(): { entries: ScopedEntry[]; spans: ReadonlyMap<Scope, ReadonlySet<string>> } {
    const { spans, upserts } = this.changes();
    const state = new Spans();
    for (const span of spans) state.apply(span);
    return { entries: upserts, spans: new Map(state.entries()) };
  }
}
