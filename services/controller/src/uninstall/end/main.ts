import { createThinTransport, KUBE_API_OPTIONS } from '@margay/kube';
import { systemClock } from '@margay/runtime';
import { readTimeout, runOnce } from '../../run-once.ts';
import { ApiObjects } from '../api-objects.ts';
import { endUninstall } from './end-uninstall.ts';

// The program end-uninstall of the control-plane image: the first step of
// `helm install` and `helm upgrade`.

const EXIT_FAILED = 3;

await runOnce(
  {
    name: 'end-uninstall',
    description: `Ends an uninstall of Margay that Helm gave up on; does nothing when there is none.

Ends with 0 when that is done, 2 for wrong options, 3 when the Kubernetes API does not answer, or refuses.`,
    options: {
      namespace: { help: 'Where Margay was installed.', value: 'NAMESPACE' },
      kubeconfig: KUBE_API_OPTIONS.kubeconfig,
      'timeout-seconds': {
        help: 'How long to try, and to wait for each of what runs to end.',
        value: 'SECONDS',
        default: '30',
      },
    },
  },
  async ({ namespace, kubeconfig, timeoutSeconds }) => {
    const timeoutMs = readTimeout(timeoutSeconds);
    const objects = new ApiObjects(createThinTransport({ kubeconfig }));
    const print = (text: string): void => void process.stdout.write(text);
    try {
      await endUninstall({ objects, namespace, timeoutMs, clock: systemClock, print });
      return 0;
    } catch (error) {
      process.stderr.write(`The old uninstall could not be ended: ${(error as Error).message}\n`);
      return EXIT_FAILED;
    }
  },
);
