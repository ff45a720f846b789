import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { parseCidr } from '@margay/ip';
import {
  createClientNodeStore,
  createEndpointFinder,
  KUBE_API_OPTIONS,
  readApiOptions,
  readServiceAddress,
  serviceAddressOption,
} from '@margay/kube';
import { clientCredentials, OptionError, runProcess } from '@margay/runtime';
import { createClient } from '@margay/wire';
import { createController, type PoolsToMake } from './create-controller.ts';
import { readPoolsFile } from './pools/read-pools-file.ts';

await runProcess(
  {
    name: 'controller',
    description: 'keeps cluster-wide state: the first pools, removed nodes, leaked addresses.',
    options: {
      ...KUBE_API_OPTIONS,
      'ipam-address': serviceAddressOption('the IPAM service'),
      'default-pool-cidr': {
        help: 'Makes an IP-in-IP pool of this network when there is no pool at all; not given: none.',
        value: 'CIDR',
        optional: true,
      },
      'pools-file': {
        help: 'Makes the IPPools of this file (a YAML list), each once: what an operator changed or deleted stays so. Needs --leader-election-namespace.',
        value: 'FILE',
        optional: true,
      },
      'leader-election-namespace': {
        help: 'Of several controllers one leads, by the Lease margay-controller in this namespace; not given: this one does all.',
        value: 'NAMESPACE',
        optional: true,
      },
      'pod-name': {
        help: "What this controller is called in the Lease; not given: the machine's name.",
        value: 'NAME',
        optional: true,
      },
      'leak-grace-seconds': {
        help: 'How long the pod of an address must be gone before the address is freed.',
        value: 'SECONDS',
        default: '900',
      },
    },
  },
  async ({ options, health, metrics, clock, logger, signal, background }) => {
    const leakGraceMs = Number(options.leakGraceSeconds) * 1000;
    if (!(leakGraceMs >= 0))
      throw new OptionError(`--leak-grace-seconds is '${options.leakGraceSeconds}', but must be a number.`);
    const { defaultPoolCidr, leaderElectionNamespace: namespace } = options;
    const ipamAddress = readServiceAddress(options.ipamAddress, 'ipam-address');
    const pools = readPools(options.poolsFile, namespace);
    const store = await createClientNodeStore(readApiOptions(options));
    const ipam = createClient('margay.ipam.v1.Ipam', ipamAddress, {
      credentials: clientCredentials(),
      findEndpoints: createEndpointFinder(store),
    });
    const identity = `${options.podName ?? hostname()}_${randomUUID()}`;
    const controller = createController({
      store,
      ipam,
      ...(defaultPoolCidr !== undefined && { defaultPool: parseCidr(defaultPoolCidr) }),
      ...(pools !== undefined && { pools }),
      ...(namespace !== undefined && { election: { namespace, identity } }),
      leakGraceMs,
      health,
      metrics,
      clock,
      logger,
    });
    background('Controller', controller.run(signal));
  },
);

function readPools(file: string | undefined, namespace: string | undefined): PoolsToMake | undefined {
  if (file === undefined) return undefined;
  if (namespace === undefined) {
    throw new OptionError(
      '--pools-file needs --leader-election-namespace: which pools were made is remembered there, in the ConfigMap margay-pools.',
    );
  }
  return { wanted: readPoolsFile(file), namespace };
}
