import { createClientNodeStore, KUBECONFIG_OPTION } from '@margay/kube';
import { runProcess } from '@margay/runtime';
import { createIpam } from './create-ipam.ts';

await runProcess(
  {
    name: 'ipam',
    description: 'hands out address blocks and addresses.',
    options: { kubeconfig: KUBECONFIG_OPTION },
  },
  async ({ options, server, health, metrics, clock, logger, signal, background }) => {
    const store = await createClientNodeStore({ kubeconfig: options.kubeconfig });
    const ipam = createIpam({ store, server, health, metrics, clock, logger, random: Math.random });
    background('IPAM', ipam.run(signal));
  },
);
