import type { StartedNode } from '@margay/kind-node';
import { inNode } from './bench-cluster.ts';
import { hostCommand } from './host-command.ts';

/**
 * The network namespace of the pod with this address, as a file that this
 * machine can open, so that a program of the machine can run in it: node
 * images differ in what they bring. Needs root, and Docker on this machine.
 *
 * @throws {Error} when the node has no such pod.
 */
export async function podNetns(node: StartedNode, podIp: string, signal: AbortSignal): Promise<string> {
  // containerd keeps them where `ip netns` looks.
  for (const name of (await inNode(node, ['ls', '/run/netns'])).split('\n').filter((line) => line !== '')) {
    const addresses = await inNode(node, ['ip', '-netns', name, '-oneline', '-4', 'address', 'show']);
    if (!addresses.includes(` inet ${podIp}/`)) continue;
    const pid = await hostCommand(['docker', 'inspect', '--format', '{{.State.Pid}}', node.containerId], { signal });
    return `/proc/${pid.trim()}/root/run/netns/${name}`;
  }
  throw new Error(`${node.name} has no network namespace with ${podIp}.`);
}
