import type { Cluster } from './cluster.ts';

/** A running pod with an address of its own. */
export interface RunningPod {
  /** namespace/name */
  readonly name: string;
  readonly address: string;
  readonly node: string;
  readonly nodeAddress: string;
}

/** The running pods that are not on the host network, by name. */
export async function pods(cluster: Cluster): Promise<RunningPod[]> {
  const addresses = new Map((await cluster.nodes()).map(({ name, address }) => [name, address]));
  const objects = (await cluster.list('pod')) as unknown as {
    metadata: { name: string; namespace: string };
    spec?: { nodeName?: string; hostNetwork?: boolean };
    status?: { phase?: string; podIP?: string };
  }[];
  return objects
    .filter(({ spec, status }) => status?.phase === 'Running' && status.podIP && !spec?.hostNetwork)
    .map(({ metadata, spec, status }) => ({
      name: `${metadata.namespace}/${metadata.name}`,
      address: status?.podIP ?? '',
      node: spec?.nodeName ?? '',
      nodeAddress: addresses.get(spec?.nodeName ?? '') ?? '',
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
