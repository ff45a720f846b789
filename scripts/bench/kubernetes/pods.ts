import { isReady, type Pod } from '@margay/model';
import type { BenchCluster } from './bench-cluster.ts';
import { until } from './host-command.ts';

const NAMESPACE = 'default';

/** In every node image, so that nothing is pulled. */
const IMAGE = 'registry.k8s.io/pause:3.10.1';

/** Longest that a round may take, ms. */
const TIMEOUT_MS = 120_000;

/** A pod that does nothing, on this node: the scheduler has no part in it. */
export function pausePod(name: string, nodeName: string): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE },
    spec: {
      nodeName,
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ operator: 'Exists' }],
      containers: [{ name: 'pause', image: IMAGE, imagePullPolicy: 'IfNotPresent' }],
    },
  };
}

export interface Started {
  readonly name: string;
  readonly podIp: string;
  /** From before the request to create it until a watch says Ready. */
  readonly readyMs: number;
}

/** Creates all at once, and waits until all are Ready. @throws {Error} when one is not in time. */
export async function startPods(
  { store, signal: interrupted }: BenchCluster,
  pods: readonly Pod[],
): Promise<Started[]> {
  const { resourceVersion } = await store.list('Pod', { namespace: NAMESPACE });
  const end = AbortSignal.timeout(TIMEOUT_MS);
  const stop = new AbortController();
  const signal = AbortSignal.any([end, stop.signal, interrupted]);
  const events = store.watch('Pod', { namespace: NAMESPACE, resourceVersion, signal });
  const waiting = new Map<string, number>();
  const started: Started[] = [];
  const watched = (async (): Promise<void> => {
    for await (const event of events) {
      if (event.type === 'BOOKMARK') continue;
      const { metadata, status } = event.object;
      const createdMs = waiting.get(metadata.name);
      if (createdMs === undefined || !isReady(event.object)) continue;
      waiting.delete(metadata.name);
      started.push({ name: metadata.name, podIp: status?.podIP ?? '', readyMs: performance.now() - createdMs });
      if (started.length === pods.length) return;
    }
  })();
  try {
    await Promise.all([
      watched,
      ...pods.map(async (pod) => {
        waiting.set(pod.metadata.name, performance.now());
        await store.create('Pod', pod);
      }),
    ]);
  } finally {
    stop.abort();
  }
  interrupted.throwIfAborted();
  if (started.length < pods.length) throw new Error(`Not Ready in time: ${[...waiting.keys()].join(', ')}.`);
  return started;
}

/** Deletes the pods, and waits until the API has none of them: their sandboxes are gone by then. */
export async function deletePods({ store, signal }: BenchCluster, names: readonly string[]): Promise<void> {
  await Promise.all(names.map((name) => store.delete('Pod', { name, namespace: NAMESPACE })));
  await until(`The pods are gone: ${names.join(', ')}`, { signal, timeoutMs: TIMEOUT_MS }, async () => {
    const { items } = await store.list('Pod', { namespace: NAMESPACE });
    return items.some(({ metadata }) => names.includes(metadata.name)) ? undefined : true;
  });
}
