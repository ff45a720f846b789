import { createInformer, type InformerEvent } from '@margay/kube';
import type { NetworkPolicy } from '@margay/model';
import type { PolicyCompiler } from '@margay/policy-core';
import type { Clock, Logger, ResourceStore } from '@margay/ports';
import type { CompileTimer } from '../policy-metrics.ts';
import type { ProblemReporter } from '../problems/problem-reporter.ts';
import { trimNamespace, trimPod } from './trim.ts';

export interface FollowClusterOptions {
  readonly store: ResourceStore;
  readonly compiler: PolicyCompiler;
  readonly problems: ProblemReporter;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly measured: CompileTimer;
  /** The compiler was told something. */
  readonly onChange: () => void;
}

export interface ClusterFollower {
  run(signal: AbortSignal): Promise<void>;
  /** Resolves once every kind was listed. Rejects with the signal's reason. */
  waitForSync(signal: AbortSignal): Promise<void>;
}

/** Tells the compiler every change of Namespaces, Pods and NetworkPolicies. */
export function followCluster(options: FollowClusterOptions): ClusterFollower {
  const { store, compiler, problems, clock, logger, measured, onChange } = options;
  const tell = (action: () => void): void => {
    measured.compile(action);
    onChange();
  };
  const common = { store, clock, logger };
  const namespaces = createInformer({
    ...common,
    kind: 'Namespace',
    trim: trimNamespace,
    onChange: ({ type, object }) =>
      tell(() =>
        type === 'delete' ? compiler.removeNamespace(object.metadata.name) : compiler.upsertNamespace(object),
      ),
  });
  const pods = createInformer({
    ...common,
    kind: 'Pod',
    trim: trimPod,
    onChange: ({ type, object }) =>
      tell(() => (type === 'delete' ? compiler.removePod(nameOf(object)) : compiler.upsertPod(object))),
  });
  const policies = createInformer({
    ...common,
    kind: 'NetworkPolicy',
    onChange: (event) => tell(() => takePolicy(event, { compiler, problems })),
  });
  const all = [namespaces, pods, policies];
  return {
    run: async (signal) => {
      await Promise.all(all.map((informer) => informer.run(signal)));
    },
    waitForSync: async (signal) => {
      await Promise.all(all.map((informer) => informer.waitForSync(signal)));
    },
  };
}

interface Receivers {
  readonly compiler: PolicyCompiler;
  readonly problems: ProblemReporter;
}

function takePolicy({ type, object }: InformerEvent<NetworkPolicy>, { compiler, problems }: Receivers): void {
  const name = nameOf(object);
  if (type === 'delete') {
    compiler.removeNetworkPolicy(name);
    problems.forget(name);
  } else {
    problems.report(name, compiler.upsertNetworkPolicy(object));
  }
}

function nameOf({ metadata }: { metadata: { name: string; namespace?: string } }): { namespace: string; name: string } {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}
