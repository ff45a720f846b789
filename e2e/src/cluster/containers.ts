import type { StartedNode } from '@margay/kind-node';
import { must } from './must.ts';

/** containerd's own client, in the namespace of the kubelet's containers; every kind node has it. */
const CTR = ['ctr', '--namespace', 'k8s.io'];

/** The process of each container that runs in a node, in the node's process namespace, by the container's name. */
export async function runningContainers(node: StartedNode): Promise<Map<string, string>> {
  const table = await must(node.exec([...CTR, 'tasks', 'list']));
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  return new Map(rows.flatMap(([id = '', pid = '', status]) => (status === 'RUNNING' ? [[id, pid] as const] : [])));
}

/**
 * The path of a pod's network namespace, as the node's processes see it.
 *
 * @throws Error: the node does not run the pod, or not yet.
 */
export async function findPodNetwork(
  node: StartedNode,
  pod: { readonly namespace: string; readonly name: string },
): Promise<string> {
  const { namespace, name } = pod;
  // The labels that containerd's CRI plugin gives a pod's sandbox.
  const labels = {
    'io.cri-containerd.kind': 'sandbox',
    'io.kubernetes.pod.namespace': namespace,
    'io.kubernetes.pod.name': name,
  };
  const filter = Object.entries(labels).map(([key, value]) => `labels."${key}"=="${value}"`);
  const [ids, running] = await Promise.all([
    must(node.exec([...CTR, 'containers', 'list', '--quiet', filter.join(',')])),
    runningContainers(node),
  ]);
  const pid = ids
    .split('\n')
    .map((id) => running.get(id.trim()))
    .find((found) => found !== undefined);
  if (pid === undefined) throw new Error(`${node.name} runs no pod ${namespace}/${name}`);
  return `/proc/${pid}/ns/net`;
}
