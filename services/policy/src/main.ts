import { createClientNodeStore, KUBE_API_OPTIONS, readApiOptions } from '@margay/kube';
import { runProcess } from '@margay/runtime';
import { createPolicy } from './create-policy.ts';

await runProcess(
  {
    name: 'policy',
    description: 'compiles network policy to what each node needs.',
    options: KUBE_API_OPTIONS,
  },
  async ({ options, server, health, metrics, clock, logger, signal, background }) => {
    const store = await createClientNodeStore(readApiOptions(options));
    const policy = createPolicy({ store, server, health, metrics, clock, logger });
    background('Policy', policy.run(signal));
  },
);
