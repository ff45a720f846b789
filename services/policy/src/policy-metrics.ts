import type { PolicyCompiler } from '@margay/policy-core';
import type { Clock } from '@margay/ports';
import type { Metrics } from '@margay/runtime';
import type { PolicyViews } from './views/policy-views.ts';

/** Adds up the time that the compiler works for one step. */
export interface CompileTimer {
  /** Runs `action` as part of the current step. */
  compile(action: () => void): void;
  /** The step is told: observes its time. */
  stepDone(): void;
}

interface Measured {
  readonly compiler: PolicyCompiler;
  readonly views: PolicyViews;
  readonly clock: Clock;
}

export function addPolicyMetrics(metrics: Metrics, { compiler, views, clock }: Measured): CompileTimer {
  const compileSeconds = metrics.histogram({
    name: 'margay_policy_compile_seconds',
    help: 'Time to compile the changes of one step.',
    buckets: [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  });
  const gauge = (name: string, help: string, read: () => number): void => {
    metrics.gauge({
      name,
      help,
      collect() {
        this.set(read());
      },
    });
  };
  gauge('margay_policy_policies', 'Policies that some node needs.', () => compiler.counts.policies);
  gauge('margay_policy_sets', 'Address sets that some node needs.', () => compiler.counts.sets);
  gauge('margay_policy_members', 'Members of those sets.', () => compiler.counts.members);
  gauge('margay_policy_endpoints', 'Pods that policy can apply to.', () => compiler.counts.endpoints);
  gauge('margay_policy_watchers', 'Open streams of policy views.', () => views.watcherCount);
  let spentMs = 0;
  return {
    compile(action) {
      const startMs = clock.monotonicMs();
      action();
      spentMs += clock.monotonicMs() - startMs;
    },
    stepDone() {
      compileSeconds.observe(spentMs / 1_000);
      spentMs = 0;
    },
  };
}
