import { createClientNodeStore, KUBECONFIG_OPTION } from '@margay/kube';
import { runProcess } from '@margay/runtime';
import { createPolicy } from './create-policy.ts';

await runProcess(
  {
    name: 'policy',
    description: 'compiles network policy to what each node needs.',
    options: { kubeconfig: KUBECONFIG_OPTION },
  },
  async ({ options, server, health, metrics, clock, logger, signal, background }) => {
    const store = await createClientNodeStore({ kubeconfig: options.kubeconfig });
    const policy = createPolicy({ store, server, health, metrics, clock, logger });
    background('Policy', policy.run(signal));
  },
);
