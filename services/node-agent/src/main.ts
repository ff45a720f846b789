import { createLinuxKernel } from '@margay/kernel-linux';
import { createThinStore, KUBECONFIG_OPTION } from '@margay/kube';
import { type DetectionMethod, parseDetectionMethod, RoutingError } from '@margay/routing-core';
import { clientCredentials, OptionError, runProcess } from '@margay/runtime';
import { addService, createClient } from '@margay/wire';
import { createNodeAgent } from './create-node-agent.ts';

await runProcess(
  {
    name: 'node-agent',
    description: 'Connects the pods of one node: CNI server, routes, tunnel, NAT and policy.',
    options: {
      'node-name': { help: 'Name of the Node that this is.', value: 'NAME' },
      kubeconfig: KUBECONFIG_OPTION,
      'ipam-address': { help: 'Where the IPAM service listens.', value: 'HOST:PORT' },
      'fanout-address': { help: 'Where the fanout service listens.', value: 'HOST:PORT' },
      'cni-socket': {
        help: 'Unix socket for the CNI plugin.',
        value: 'FILE',
        default: '/run/margay/cni.sock',
      },
      'cni-bin-dir': { help: 'Where to install the CNI plugin.', value: 'DIR', default: '/opt/cni/bin' },
      'cni-conf-dir': { help: 'Where to write the network configuration.', value: 'DIR', default: '/etc/cni/net.d' },
      'state-dir': { help: 'Where to keep what a restart needs.', value: 'DIR', default: '/var/lib/margay' },
      'interface-detection-method': {
        help: "How to find this node's own address: kubernetes-internal-ip, first-found, interface=REGEX[,REGEX] or cidr=CIDR[,CIDR].",
        value: 'METHOD',
        default: 'kubernetes-internal-ip',
      },
      'policy-timeout-seconds': {
        help: 'How long adding a pod may take until the kernel holds its policy.',
        value: 'SECONDS',
        default: '10',
      },
    },
  },
  async ({ options, logger, clock, metrics, server, health, signal, background }) => {
    const credentials = clientCredentials();
    const agent = await createNodeAgent(
      {
        nodeName: options.nodeName,
        detectionMethod: readMethod(options.interfaceDetectionMethod),
        cniSocket: options.cniSocket,
        cniBinDir: options.cniBinDir,
        cniConfDir: options.cniConfDir,
        stateDir: options.stateDir,
        policyTimeoutMs: readSeconds(options.policyTimeoutSeconds) * 1_000,
        kernel: createLinuxKernel(),
        store: createThinStore({ kubeconfig: options.kubeconfig }),
        ipam: createClient('margay.ipam.v1.Ipam', options.ipamAddress, { credentials }),
        feed: createClient('margay.feed.v1.Feed', options.fanoutAddress, { credentials }),
        clock,
        logger,
        metrics,
        onReady: () => health.setReady(true),
      },
      signal,
    );
    addService(server, 'margay.agent.v1.NodeAgent', agent.service);
    background('node agent', agent.run());
  },
);

function readMethod(text: string): DetectionMethod {
  try {
    return parseDetectionMethod(text);
  } catch (error) {
    if (error instanceof RoutingError) throw new OptionError(`--interface-detection-method: ${error.message}.`);
    throw error;
  }
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (Number.isFinite(seconds) && seconds > 0) return seconds;
  throw new OptionError(`--policy-timeout-seconds is '${text}', but must be a number above 0.`);
}
