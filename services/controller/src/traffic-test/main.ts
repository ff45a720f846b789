import { createThinStore, KUBE_API_OPTIONS } from '@margay/kube';
import { systemClock } from '@margay/runtime';
import { readTimeout, runOnce } from '../run-once.ts';
import { testTraffic } from './test-traffic.ts';

// The program traffic-test of the control-plane image, which `helm test` runs in a pod.

await runOnce(
  {
    name: 'traffic-test',
    description: `Sends real traffic, from the pod that it runs in: to a pod on every node, to a Service, to the outside.

Ends with 0 when all of it works, 1 when something does not (it says what, and why), 2 for wrong options.`,
    options: {
      namespace: { help: 'Where the servers of the test are.', value: 'NAMESPACE' },
      kubeconfig: KUBE_API_OPTIONS.kubeconfig,
      'node-name': { help: 'The node of this pod.', value: 'NAME' },
      'pod-address': { help: "This pod's address.", value: 'ADDRESS' },
      'node-address': { help: "The node's address.", value: 'ADDRESS' },
      'inside-port': { help: 'Port of the servers in pods.', value: 'PORT', default: '8080' },
      'outside-port': { help: "Port of the servers on the nodes' own addresses.", value: 'PORT' },
      'service-url': { help: 'The servers in pods, by the name of their Service.', value: 'URL' },
      'outside-address': {
        help: 'Somebody outside who must answer over TCP; not given: nobody.',
        value: 'HOST:PORT',
        optional: true,
      },
      'timeout-seconds': { help: 'How long to try, all in all.', value: 'SECONDS', default: '120' },
    },
  },
  async ({ kubeconfig, timeoutSeconds, ...options }) => {
    const failures = await testTraffic({
      ...options,
      store: createThinStore({ kubeconfig }),
      timeoutMs: readTimeout(timeoutSeconds),
      clock: systemClock,
      print: (line) => process.stdout.write(`${line}\n`),
    });
    return failures === 0 ? 0 : 1;
  },
);
