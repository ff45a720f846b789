import type { Server } from '@grpc/grpc-js';
import { PolicyCompiler } from '@margay/policy-core';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import { createTrigger, type Health, type Metrics } from '@margay/runtime';
import { addService } from '@margay/wire';
import { followCluster } from './cluster/follow-cluster.ts';
import { addPolicyMetrics } from './policy-metrics.ts';
import { ProblemReporter } from './problems/problem-reporter.ts';
import { PolicyViews, type WatcherLimits } from './views/policy-views.ts';
import { serveViews } from './views/serve-views.ts';

/**
 * How long changes are collected before they are told as one step,
 * milliseconds: long enough that `kubectl apply` of many objects makes few
 * steps, and little beside the time in which a policy must be in force.
 */
const COALESCE_MS = 2;

export interface PolicyOptions {
  readonly store: ResourceStore;
  readonly server: Server;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How far a watcher may fall behind. */
  readonly limits?: WatcherLimits;
}

/** Adds the policy views to the server; the result runs until its signal aborts. */
export function createPolicy(options: PolicyOptions): { run(signal: AbortSignal): Promise<void> } {
  const { store, server, health, metrics, clock, logger, limits } = options;
  const compiler = new PolicyCompiler();
  const views = new PolicyViews({ compiler, ...(limits && { limits }) });
  const problems = new ProblemReporter({ store, clock, logger });
  const measured = addPolicyMetrics(metrics, { compiler, views, clock });
  const changed = createTrigger();
  const cluster = followCluster({ store, compiler, problems, clock, logger, measured, onChange: () => changed.fire() });
  addService(server, 'margay.policy.v1.PolicyViews', serveViews(views), {
    onError: (error, method) => logger.warn({ method, reason: (error as Error).message }, 'A watcher was turned away'),
  });

  async function publish(signal: AbortSignal): Promise<void> {
    // A pod's endpoint must not be told before the policies that select it are known.
    await cluster.waitForSync(signal);
    measured.compile(() => views.open());
    measured.stepDone();
    health.setReady(true);
    logger.info({ ...compiler.counts }, 'The cluster is known; serving policy');
    for (;;) {
      await changed.wait(signal);
      await clock.sleep(COALESCE_MS, signal);
      measured.compile(() => views.flush());
      measured.stepDone();
    }
  }

  return {
    async run(signal) {
      const published = publish(signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        views.close();
      });
      await Promise.all([cluster.run(signal), problems.run(signal), published]);
    },
  };
}
