import type { Clock, ResourceStore } from '@margay/ports';
import { Checks } from './checks.ts';
import { ATTEMPT_MS, expectConnects, expectSeenAs, get } from './probes.ts';
import { goesAsNode, readyServers, type Server } from './servers.ts';

export interface TrafficOptions {
  readonly store: Pick<ResourceStore, 'get' | 'list'>;
  readonly namespace: string;
  /** Where this pod is, and who it is. */
  readonly nodeName: string;
  readonly podAddress: string;
  readonly nodeAddress: string;
  /** Ports of the servers in pods, and of those on the nodes' own addresses. */
  readonly insidePort: string;
  readonly outsidePort: string;
  /** Of the servers in pods, by the name of their Service. */
  readonly serviceUrl: string;
  /** HOST:PORT of somebody outside who must answer. */
  readonly outsideAddress?: string | undefined;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

/**
 * Sends real traffic from this pod: to a pod on every node, to a Service by
 * its name, to the other nodes' own addresses, to the outside. Prints one line
 * for each, and returns how many did not work.
 */
export async function testTraffic(options: TrafficOptions): Promise<number> {
  const { store, nodeName: here, podAddress, nodeAddress, insidePort, outsidePort, print } = options;
  const checks = new Checks(options);
  print(`From ${podAddress} on ${here}:`);
  const inside = await checks.check('the Kubernetes API through its Service, and a server on every node', () =>
    serversOf(options, 'test-inside'),
  );
  for (const { node, address } of inside ?? []) {
    await checks.check(`to the pod ${address} on ${node === here ? 'the same node' : node}`, () =>
      expectSeenAs(`${address}:${insidePort}`, podAddress),
    );
  }
  await checks.check(`to a Service by its name, ${options.serviceUrl}`, () => get(options.serviceUrl));
  const outside = await checks.check('a server on the own address of every node', () =>
    serversOf(options, 'test-outside'),
  );
  const asNode = await checks.check('the pool of this pod', async () => {
    const { items } = await store.list('IPPool', { signal: AbortSignal.timeout(ATTEMPT_MS) });
    return goesAsNode(items, podAddress);
  });
  const [whose, sender] = asNode === true ? ["its node's address", nodeAddress] : ["the pod's own address", podAddress];
  for (const { node, address } of (outside ?? []).filter((server) => server.node !== here)) {
    await checks.check(`to the node ${node} at ${address}, where it is seen as ${whose}, ${sender}`, () =>
      expectSeenAs(`${address}:${outsidePort}`, sender),
    );
  }
  if (outside?.length === 1) {
    print('skipped the nodes: the only one is this; tests.outside names another address');
  }
  const { outsideAddress } = options;
  if (outsideAddress !== undefined) {
    await checks.check(`to the outside: ${outsideAddress}`, () => expectConnects(outsideAddress));
  }
  print(checks.failures === 0 ? 'The network works.' : `${checks.failures} of these do not work.`);
  return checks.failures;
}

async function serversOf({ store, namespace }: TrafficOptions, component: string): Promise<Server[]> {
  const name = `margay-${component}`;
  const labelSelector = `app.kubernetes.io/name=margay,app.kubernetes.io/component=${component}`;
  const signal = AbortSignal.timeout(ATTEMPT_MS);
  // The list first: it gives up early where the API does not answer.
  const { items } = await store.list('Pod', { namespace, labelSelector, signal });
  const daemonSet = await store.get('DaemonSet', { namespace, name });
  if (daemonSet === undefined) throw new Error(`there is no DaemonSet ${namespace}/${name}`);
  return readyServers(daemonSet, items);
}
