import { createClientNodeStore, KUBECONFIG_OPTION } from '@margay/kube';
import { runProcess } from '@margay/runtime';
import { createFanout } from './create-fanout.ts';

await runProcess(
  {
    name: 'fanout',
    description: 'sends every node its part of the routing and policy state.',
    options: {
      kubeconfig: KUBECONFIG_OPTION,
      'policy-address': { help: 'Where the policy service is.', value: 'HOST:PORT' },
    },
  },
  async ({ options, server, health, metrics, clock, logger, signal, background }) => {
    const store = await createClientNodeStore({ kubeconfig: options.kubeconfig });
    const { policyAddress } = options;
    const fanout = createFanout({ store, policyAddress, server, health, metrics, clock, logger });
    background('Fanout', fanout.run(signal));
  },
);
