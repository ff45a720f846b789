import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutDirectory, type StatePaths } from '../launcher/paths.ts';
import { enterMachine, type Machine } from '../machines/machine.ts';
import { fabricKubeconfig, KUBELET, NODE_AGENT } from '../pki/credentials.ts';
import type { NodeSpec } from '../topology/types.ts';
import { CENTRAL_ADDRESS, flags } from './central-processes.ts';
import type { ProcessSpec } from './process-spec.ts';

/**
 * There is one of these processes on every node, so their memory counts: V8's
 * young generation is kept at 1 MiB, and malloc at one arena for all threads.
 * Measured on an agent with two pods: 116 MiB without, 87 with both.
 */
const SMALL_HEAP = ['--max-semi-space-size=1'];
const ONE_ARENA = { MALLOC_ARENA_MAX: '1' };

/** Where a node's simulated kubelet serves the daemon. */
export function kubeletSocket(machine: Machine): string {
  return join(machine.sharedDirectory, 'kubelet.sock');
}

export function nodeProcessNames(node: string): string[] {
  return [`node-agent.${node}`, `kubelet.${node}`];
}

/** The node's agent, inside its machine. */
export function agentProcess(paths: StatePaths, machine: Machine, node: NodeSpec): ProcessSpec {
  const main = join(checkoutDirectory(), 'services', 'node-agent', 'src', 'main.ts');
  const options = flags({
    'node-name': node.name,
    kubeconfig: giveKubeconfig(paths, machine, NODE_AGENT),
    'ipam-address': CENTRAL_ADDRESS.ipam,
    'fanout-address': CENTRAL_ADDRESS.fanout,
    'cni-socket': '/run/margay/cni.sock',
    'cni-bin-dir': '/opt/cni/bin',
    'cni-conf-dir': '/etc/cni/net.d',
    'state-dir': '/var/lib/margay',
    listen: '127.0.0.1:7010',
    'metrics-listen': '127.0.0.1:9110',
    'interface-detection-method': 'kubernetes-internal-ip',
  });
  return {
    name: `node-agent.${node.name}`,
    role: 'node-agent',
    node: node.name,
    command: enterMachine(machine, [process.execPath, ...SMALL_HEAP, main, ...options]),
    env: ONE_ARENA,
  };
}

/** The node's simulated kubelet, inside its machine. */
export function kubeletProcess(paths: StatePaths, machine: Machine, node: NodeSpec): ProcessSpec {
  const main = join(checkoutDirectory(), 'sim', 'src', 'nodes', 'main.ts');
  const options = flags({
    'node-name': node.name,
    'node-ip': node.interfaces[0].address,
    kubeconfig: giveKubeconfig(paths, machine, KUBELET),
    socket: kubeletSocket(machine),
    // In the machine's memory: it lasts as long as the machine.
    'state-dir': '/run/kubelet-sim',
    'netns-dir': '/run/netns',
  });
  return {
    name: `kubelet.${node.name}`,
    role: 'kubelet',
    node: node.name,
    command: enterMachine(machine, [process.execPath, ...SMALL_HEAP, main, ...options]),
    env: ONE_ARENA,
  };
}

/** Copies a user's kubeconfig to where the machine sees it; it sees nothing else of the simulator's. */
function giveKubeconfig(paths: StatePaths, machine: Machine, user: string): string {
  const target = join(machine.sharedDirectory, `${user.replace(':', '-')}.kubeconfig`);
  copyFileSync(fabricKubeconfig(paths, user), target);
  return target;
}
