import { createInformer, type Informer } from '@margay/kube';
import type { IPAMBlock, IPPool, Node, Pod } from '@margay/model';
import type { Clock, Logger, ResourceStore } from '@margay/ports';

/** What the simulator itself watches of the Kubernetes API. */
export interface ClusterView {
  readonly pods: Informer<Pod>;
  readonly nodes: Informer<Node>;
  readonly blocks: Informer<IPAMBlock>;
  readonly pools: Informer<IPPool>;
  /** Called after every change; returns the function that ends it. */
  onChange(listener: (kind: ViewKind) => void): () => void;
  /** Follows the API until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
}

export type ViewKind = 'Pod' | 'Node' | 'IPAMBlock' | 'IPPool';

export function createClusterView(options: {
  readonly store: ResourceStore;
  readonly clock: Clock;
  readonly logger: Logger;
}): ClusterView {
  const listeners = new Set<(kind: ViewKind) => void>();
  const tell = (kind: ViewKind) => (): void => {
    for (const listener of listeners) listener(kind);
  };
  // Started together with the API server: the first tries fail, and the next ones should come soon.
  const backoff = { initialMs: 25, maxMs: 500 };
  const common = { ...options, backoff };
  const pods = createInformer({ ...common, kind: 'Pod', onChange: tell('Pod'), onSynced: tell('Pod') });
  const nodes = createInformer({ ...common, kind: 'Node', onChange: tell('Node'), onSynced: tell('Node') });
  const blocks = createInformer({ ...common, kind: 'IPAMBlock', onChange: tell('IPAMBlock') });
  const pools = createInformer({ ...common, kind: 'IPPool', onChange: tell('IPPool') });
  return {
    pods,
    nodes,
    blocks,
    pools,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async run(signal) {
      await Promise.all([pods, nodes, blocks, pools].map((informer) => informer.run(signal)));
    },
  };
}

/** namespace/name */
export function podKey(pod: Pod): string {
  return `${pod.metadata.namespace ?? 'default'}/${pod.metadata.name}`;
}

/** The address that a pod answers at; empty while it has none. */
export function podAddress(pod: Pod): string {
  return pod.status?.podIP ?? '';
}

export function isRunning(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && podAddress(pod) !== '' && pod.metadata.deletionTimestamp === undefined;
}
