import type { Metrics } from '@margay/runtime';
import type { CniCommand } from './cni/environment.ts';
import type { PassReport } from './dataplane/dataplane.ts';
import type { EndpointStore } from './endpoints/endpoint-store.ts';
import type { FeedState } from './feed/feed-state.ts';

/** From 1 ms, where a good ADD ends, to the timeout of a bad one. */
const SECONDS_BUCKETS = [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export interface AgentMetrics {
  observeCommand(command: CniCommand, outcome: { readonly seconds: number; readonly code: number }): void;
  observePass(report: PassReport): void;
}

export function createAgentMetrics(
  metrics: Metrics,
  { feed, endpoints }: { readonly feed: FeedState; readonly endpoints: EndpointStore },
): AgentMetrics {
  const commands = metrics.histogram({
    name: 'margay_agent_cni_seconds',
    help: 'Time to answer a call of the CNI plugin.',
    labelNames: ['command', 'code'],
    buckets: SECONDS_BUCKETS,
  });
  const passes = metrics.histogram({
    name: 'margay_agent_dataplane_seconds',
    help: 'Time of one pass that makes the kernel hold what the node wants.',
    buckets: SECONDS_BUCKETS,
  });
  const failures = metrics.counter({
    name: 'margay_agent_dataplane_failures_total',
    help: 'Passes after which the kernel did not hold all that the node wants.',
  });
  metrics.gauge({
    name: 'margay_agent_endpoints',
    help: 'Pods that this node connects.',
    collect() {
      this.set(endpoints.size);
    },
  });
  metrics.gauge({
    name: 'margay_agent_feed_revision',
    help: 'Revision of the feed that this node has.',
    collect() {
      this.set(Number(feed.revision));
    },
  });
  metrics.gauge({
    name: 'margay_agent_feed_connected',
    help: '1 while the feed is open.',
    collect() {
      this.set(feed.connected ? 1 : 0);
    },
  });
  return {
    observeCommand: (command, { seconds, code }) => commands.observe({ command, code: String(code) }, seconds),
    observePass({ seconds, problem }) {
      passes.observe(seconds);
      if (problem !== undefined) failures.inc();
    },
  };
}
