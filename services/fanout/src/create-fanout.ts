import { randomUUID } from 'node:crypto';
import type { Server } from '@grpc/grpc-js';
import { Feed } from '@margay/feed-core';
import type { Clock, FindEndpoints, Logger, ResourceStore } from '@margay/ports';
import type { Health, Metrics } from '@margay/runtime';
import { addService, CallError } from '@margay/wire';
import { followCluster } from './cluster/follow-cluster.ts';
import { serveFeed } from './feed/serve-feed.ts';
import { Subscribers } from './feed/subscribers.ts';
import { followPolicy } from './policy/follow-policy.ts';

export interface FanoutOptions {
  readonly store: ResourceStore;
  readonly policyAddress: string;
  /** Needed where that is the address of a Service. */
  readonly findEndpoints?: FindEndpoints;
  readonly server: Server;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Adds the feed to the server; the result runs until its signal aborts. */
export function createFanout(options: FanoutOptions): { run(signal: AbortSignal): Promise<void> } {
  const { store, policyAddress, findEndpoints, server, health, metrics, clock, logger } = options;
  const feed = new Feed();
  const subscribers = new Subscribers();
  const isReady = (): boolean => cluster.hasSynced && policy.hasSynced;
  const onChange = (): void => {
    health.setReady(isReady());
    subscribers.wake();
  };
  const cluster = followCluster({ store, feed, clock, logger, onChange });
  const policy = followPolicy({
    address: policyAddress,
    ...(findEndpoints && { findEndpoints }),
    feed,
    clock,
    logger,
    onChange,
  });
  const handlers = serveFeed({ feed, epoch: randomUUID(), subscribers, logger, isReady });
  addService(server, 'margay.feed.v1.Feed', handlers);
  addMetrics(metrics, { feed, subscribers, isPolicyConnected: () => policy.connected });
  return {
    run: async (signal): Promise<void> => {
      const close = (): void => subscribers.close(new CallError('UNAVAILABLE', 'this fanout is stopping; try again'));
      if (signal.aborted) close();
      else signal.addEventListener('abort', close, { once: true });
      await Promise.all([cluster.run(signal), policy.run(signal)]);
    },
  };
}

interface Measured {
  readonly feed: Feed;
  readonly subscribers: Subscribers;
  readonly isPolicyConnected: () => boolean;
}

function addMetrics(metrics: Metrics, { feed, subscribers, isPolicyConnected }: Measured): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    metrics.gauge({
      name,
      help,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('margay_fanout_subscribers', 'Nodes with an open feed.', () => subscribers.count);
  gauge('margay_fanout_entries', 'Entries of the feed, over all nodes.', () => feed.size);
  gauge('margay_fanout_revision', 'Revision of the feed; it counts the steps since the start.', () =>
    Number(feed.revision),
  );
  gauge('margay_fanout_sent_entries', 'Entries sent to all nodes since the start.', () => subscribers.entriesSent);
  gauge('margay_fanout_policy_connected', '1 while the policy service is followed.', () =>
    isPolicyConnected() ? 1 : 0,
  );
}
