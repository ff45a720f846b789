import { createLinuxKernel } from '@margay/kernel-linux';
import {
  createEndpointFinder,
  createThinStore,
  KUBE_API_OPTIONS,
  readApiOptions,
  readServiceAddress,
  serviceAddressOption,
} from '@margay/kube';
import { type DetectionMethod, parseDetectionMethod, RoutingError } from '@margay/routing-core';
import { clientCredentials, OptionError, runProcess } from '@margay/runtime';
import { addService, createClient } from '@margay/wire';
import { createNodeAgent } from './create-node-agent.ts';
import { readPolicyTimeout } from './policy-timeout.ts';

/** Host ports and traffic shaping, as with Calico. */
const DEFAULT_CHAIN = 'portmap,bandwidth';

await runProcess(
  {
    name: 'node-agent',
    description: 'Connects the pods of one node: CNI server, routes, tunnel, NAT and policy.',
    options: {
      'node-name': { help: 'Name of the Node that this is.', value: 'NAME' },
      ...KUBE_API_OPTIONS,
      'ipam-address': serviceAddressOption('the IPAM service'),
      'fanout-address': serviceAddressOption('the fanout service'),
      'cni-socket': {
        help: 'Unix socket for the CNI plugin.',
        value: 'FILE',
        default: '/run/margay/cni.sock',
      },
      'cni-bin-dir': { help: 'Where to install the CNI plugin.', value: 'DIR', default: '/opt/cni/bin' },
      'cni-conf-dir': { help: 'Where to write the network configuration.', value: 'DIR', default: '/etc/cni/net.d' },
      'plugins-dir': {
        help: 'Plugins to put into --cni-bin-dir where the node lacks them or has releases before 1.9; not given: none.',
        value: 'DIR',
        optional: true,
      },
      'chained-plugins': {
        help: "Plugins that run after Margay's, with commas between, or 'none'; not given: portmap,bandwidth where there is a --plugins-dir, else none.",
        value: 'NAMES',
        optional: true,
      },
      'state-dir': { help: 'Where to keep what a restart needs.', value: 'DIR', default: '/var/lib/margay' },
      'interface-detection-method': {
        help: "How to find this node's own address: kubernetes-internal-ip, first-found, interface=REGEX[,REGEX] or cidr=CIDR[,CIDR].",
        value: 'METHOD',
        default: 'kubernetes-internal-ip',
      },
      'policy-timeout-seconds': {
        help: 'How long adding a pod may take until the kernel holds its policy; below 30.',
        value: 'SECONDS',
        default: '10',
      },
    },
  },
  async ({ options, logger, clock, metrics, server, health, signal, background }) => {
    const store = createThinStore(readApiOptions(options));
    const peer = { credentials: clientCredentials(), findEndpoints: createEndpointFinder(store) };
    const ipamAddress = readServiceAddress(options.ipamAddress, 'ipam-address');
    const fanoutAddress = readServiceAddress(options.fanoutAddress, 'fanout-address');
    const agent = await createNodeAgent(
      {
        nodeName: options.nodeName,
        detectionMethod: readMethod(options.interfaceDetectionMethod),
        cniSocket: options.cniSocket,
        cniBinDir: options.cniBinDir,
        cniConfDir: options.cniConfDir,
        stateDir: options.stateDir,
        pluginsDir: options.pluginsDir,
        chainedPlugins: readNames(options.chainedPlugins ?? (options.pluginsDir === undefined ? '' : DEFAULT_CHAIN)),
        policyTimeoutMs: readPolicyTimeout(options.policyTimeoutSeconds),
        kernel: createLinuxKernel(),
        store,
        ipam: createClient('margay.ipam.v1.Ipam', ipamAddress, peer),
        feed: createClient('margay.feed.v1.Feed', fanoutAddress, peer),
        clock,
        logger,
        metrics,
        onReady: (isReady) => health.setReady(isReady),
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

function readNames(text: string): string[] {
  const names = text.split(',').filter((name) => name !== '' && name !== 'none');
  const wrong = names.find((name) => !/^[\w][\w.-]*$/.test(name));
  if (wrong !== undefined) throw new OptionError(`--chained-plugins: '${wrong}' is not the name of a plugin.`);
  return names;
}
