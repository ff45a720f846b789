import { parseCidr } from '@margay/ip';
import { createClientNodeStore, KUBECONFIG_OPTION } from '@margay/kube';
import { clientCredentials, OptionError, runProcess } from '@margay/runtime';
import { createClient } from '@margay/wire';
import { createController } from './create-controller.ts';

await runProcess(
  {
    name: 'controller',
    description: 'keeps cluster-wide state: the default pool, removed nodes, leaked addresses.',
    options: {
      kubeconfig: KUBECONFIG_OPTION,
      'ipam-address': { help: 'Where the IPAM service is.', value: 'HOST:PORT' },
      'default-pool-cidr': {
        help: 'Makes an IP-in-IP pool of this network when there is no pool at all; not given: none.',
        value: 'CIDR',
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
    const store = await createClientNodeStore({ kubeconfig: options.kubeconfig });
    const ipam = createClient('margay.ipam.v1.Ipam', options.ipamAddress, { credentials: clientCredentials() });
    const { defaultPoolCidr } = options;
    const controller = createController({
      store,
      ipam,
      ...(defaultPoolCidr !== undefined && { defaultPool: parseCidr(defaultPoolCidr) }),
      leakGraceMs,
      health,
      metrics,
      clock,
      logger,
    });
    background('Controller', controller.run(signal));
  },
);
