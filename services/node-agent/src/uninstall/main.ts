import { createLinuxKernel } from '@margay/kernel-linux';
import { createThinStore, KUBE_API_OPTIONS } from '@margay/kube';
import { createLogger, helpText, OptionError, type OptionSpecs, parseOptions, systemClock } from '@margay/runtime';
import { uninstallNode } from './uninstall-node.ts';

const OPTIONS = {
  'node-name': { help: 'Name of the Node that this is.', value: 'NAME' },
  kubeconfig: KUBE_API_OPTIONS.kubeconfig,
  'cni-socket': { help: "The agent's unix socket.", value: 'FILE', default: '/run/margay/cni.sock' },
  'cni-bin-dir': { help: 'Where the agent installed plugins.', value: 'DIR', default: '/opt/cni/bin' },
  'cni-conf-dir': { help: 'Where the network configuration is.', value: 'DIR', default: '/etc/cni/net.d' },
  'state-dir': { help: "Where the agent's state is.", value: 'DIR', default: '/var/lib/margay' },
  'timeout-seconds': {
    help: 'How long to wait for the agent to end and for pods to go.',
    value: 'SECONDS',
    default: '60',
  },
} as const satisfies OptionSpecs;

const DESCRIPTION = `Takes Margay off this node, once no agent runs here and no pod of the node needs the network.

Ends with 0 when that is done, 1 when something needs Margay still (it says what; nothing was taken away),
2 for wrong options, 3 when something could not be taken away.`;

if (process.argv.includes('--help')) {
  process.stdout.write(helpText('margay uninstall-node', DESCRIPTION, OPTIONS));
} else {
  process.exitCode = await main();
}

async function main(): Promise<number> {
  try {
    const options = parseOptions(OPTIONS, { argv: process.argv.slice(2), env: process.env });
    const outcome = await uninstallNode({
      nodeName: options.nodeName,
      binDir: options.cniBinDir,
      confDir: options.cniConfDir,
      stateDir: options.stateDir,
      cniSocket: options.cniSocket,
      timeoutMs: readSeconds(options.timeoutSeconds) * 1_000,
      kernel: createLinuxKernel(),
      store: createThinStore({ kubeconfig: options.kubeconfig }),
      clock: systemClock,
      logger: createLogger({ name: 'uninstall-node', level: 'info' }),
    });
    switch (outcome.kind) {
      case 'done':
        process.stdout.write('Margay is gone from this node.\n');
        return 0;
      case 'needed':
        process.stderr.write(`Margay stays on this node: ${outcome.by}.\n`);
        return 1;
      case 'failed':
        process.stderr.write(`Not all of Margay could be taken off this node: ${outcome.reasons.join('; ')}.\n`);
        return 3;
    }
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return error instanceof OptionError ? 2 : 3;
  }
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new OptionError(`--timeout-seconds is '${text}', but must be a number of seconds.`);
}
