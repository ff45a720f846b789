import type { Clock, Logger } from '@margay/ports';
import type { ApiClient } from '../cluster/api-client.ts';
import type { ClusterView } from '../cluster/cluster-view.ts';
import { runLevelTriggered } from '../cluster/run-level-triggered.ts';
import { type Binding, planBindings } from './plan-bindings.ts';

/** Answers that mean the pod has changed or gone since; the view will tell. */
const SETTLED = [201, 200, 404, 409];

/** Binds pods to nodes until the signal aborts. */
export function runScheduler(options: {
  readonly view: ClusterView;
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { view, api, clock, logger, signal } = options;
  const loop = runLevelTriggered({
    name: 'The scheduler',
    clock,
    logger,
    signal,
    act: async () => {
      if (!view.pods.hasSynced || !view.nodes.hasSynced) return;
      const bindings = planBindings(view.pods.list(), view.nodes.list());
      await Promise.all(bindings.map((binding) => bind(api, binding)));
    },
  });
  view.onChange((kind) => {
    if (kind === 'Pod' || kind === 'Node') loop.fire();
  });
  return loop.done;
}

/** POST …/binding, as kube-scheduler does it. @throws on an answer that a later try may better. */
async function bind(api: ApiClient, { namespace, pod, node }: Binding): Promise<void> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/binding`;
  const { status, text } = await api.send('POST', path, {
    apiVersion: 'v1',
    kind: 'Binding',
    metadata: { name: pod, namespace },
    target: { apiVersion: 'v1', kind: 'Node', name: node },
  });
  if (!SETTLED.includes(status)) throw new Error(`binding ${namespace}/${pod} to ${node}: ${status} ${text}`);
}
