import { join } from 'node:path';
import type { Kubectl } from '../cluster/kubectl.ts';
import { spawnCommand } from '../cluster/spawn-command.ts';
import { FABRIC, POD_CIDR } from '../fabric/plan.ts';
import type { Mode } from '../options.ts';
import { MARGAY_IMAGES } from './images.ts';

const CHART = join(import.meta.dirname, '../../../deploy/chart');

/** Where Margay is installed. */
export const MARGAY_NAMESPACE = 'margay-system';

/** How long Helm and then the nodes may take, each. */
const LIMIT = '240s';

/** The chart's values for a mode. Pure. */
export function valuesOf(mode: Mode): object {
  const encapsulated = mode === 'encapsulated';
  return {
    image: { tag: MARGAY_IMAGES.tag, pullPolicy: 'Never' },
    provider: 'bare-metal',
    ipIpEncapsulation: encapsulated ? 'Always' : 'Never',
    natOutgoing: encapsulated,
    // Not the nodes' InternalIP: that is in kind's network, which is for management.
    interfaceDetectionMethod: `cidr=${FABRIC.cidr}`,
    pools: { ipv4: [{ cidr: POD_CIDR }] },
  };
}

/**
 * `helm install`, until every node is Ready and the cluster's DNS is
 * available. Answers the seconds that it took.
 *
 * @throws Error with what Helm or kubectl printed.
 */
export async function installMargay(options: {
  readonly mode: Mode;
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  readonly signal: AbortSignal;
  /** Called once Helm has done its part, before the nodes are waited for. */
  readonly onInstalled: () => void;
}): Promise<number> {
  const { mode, kubeconfig, kubectl, signal, onInstalled } = options;
  const startedMs = performance.now();
  const where = ['--kubeconfig', kubeconfig, '--namespace', MARGAY_NAMESPACE];
  await helm(
    ['install', 'margay', CHART, ...where, '--create-namespace', '--values', '-', '--wait', '--timeout', LIMIT],
    { input: JSON.stringify(valuesOf(mode)), signal },
  );
  onInstalled();
  await kubectl.run(['wait', '--for=condition=Ready', 'nodes', '--all', `--timeout=${LIMIT}`]);
  await kubectl.run([
    'wait',
    '--for=condition=Available',
    'deployment/coredns',
    '-n',
    'kube-system',
    `--timeout=${LIMIT}`,
  ]);
  return (performance.now() - startedMs) / 1_000;
}

/** The release's own tests. @throws Error with what they printed. */
export async function testRelease(kubeconfig: string): Promise<void> {
  await helm([
    'test',
    'margay',
    '--kubeconfig',
    kubeconfig,
    '--namespace',
    MARGAY_NAMESPACE,
    '--logs',
    '--timeout',
    LIMIT,
  ]);
}

async function helm(
  parameters: readonly string[],
  options: { readonly input?: string; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const command = spawnCommand('helm', parameters, { input: '', ...options });
  const code = await command.ended;
  if (code !== 0) throw new Error(`helm ${parameters[0]}: ${(command.errors() + command.output()).trim()}`);
}
