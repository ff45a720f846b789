import {
  createClientNodeStore,
  createEndpointFinder,
  KUBE_API_OPTIONS,
  readApiOptions,
  readServiceAddress,
  serviceAddressOption,
} from '@margay/kube';
import { runProcess } from '@margay/runtime';
import { createFanout } from './create-fanout.ts';

await runProcess(
  {
    name: 'fanout',
    description: 'sends every node its part of the routing and policy state.',
    options: { ...KUBE_API_OPTIONS, 'policy-address': serviceAddressOption('the policy service') },
  },
  async ({ options, server, health, metrics, clock, logger, signal, background }) => {
    const policyAddress = readServiceAddress(options.policyAddress, 'policy-address');
    const store = await createClientNodeStore(readApiOptions(options));
    const findEndpoints = createEndpointFinder(store);
    const fanout = createFanout({ store, policyAddress, findEndpoints, server, health, metrics, clock, logger });
    background('Fanout', fanout.run(signal));
  },
);
