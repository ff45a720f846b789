import { createClientNodeStore, KUBE_API_OPTIONS, readApiOptions } from '@margay/kube';
import { runProcess } from '@margay/runtime';
import { createIpam } from './create-ipam.ts';

await runProcess(
  {
    name: 'ipam',
    description: 'hands out address blocks and addresses.',
    options: KUBE_API_OPTIONS,
  },
  async ({ options, server, health, metrics, clock, logger, signal, background }) => {
    const store = await createClientNodeStore(readApiOptions(options));
    const ipam = createIpam({ store, server, health, metrics, clock, logger, random: Math.random });
    background('IPAM', ipam.run(signal));
  },
);
