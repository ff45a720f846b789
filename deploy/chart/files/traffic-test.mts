// Runs in a pod of `helm test` and sends real traffic: to a pod on every node,
// to a Service by its name, to the outside. One line for each; exit 1 when one
// of them does not work.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { BlockList, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

interface Pod {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly {
      readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
    }[];
  };
}

interface Pool {
  readonly spec: { readonly cidr: string; readonly natOutgoing?: boolean };
}

interface Server {
  readonly node: string;
  readonly address: string;
}

const {
  NAMESPACE = '',
  NODE_NAME: here = '',
  POD_IP: podAddress = '',
  HOST_IP: nodeAddress = '',
  OUTSIDE_PORT = '',
  OUTSIDE_ADDRESS = '',
  TIMEOUT_SECONDS = '',
  KUBERNETES_SERVICE_HOST = '',
  KUBERNETES_SERVICE_PORT = '',
} = process.env;
const deadlineMs = Date.now() + Number(TIMEOUT_SECONDS) * 1_000;
/** Where a pod finds who it is. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
/** How long one attempt may take, milliseconds. */
const ATTEMPT_MS = 3_000;

let failures = 0;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Tries until it works or the time is over, and prints which. */
async function check<T>(name: string, attempt: () => Promise<T>): Promise<T | undefined> {
  for (;;) {
    try {
      const result = await attempt();
      say(`ok      ${name}`);
      return result;
    } catch (error) {
      if (Date.now() < deadlineMs) {
        await delay(500);
        continue;
      }
      failures += 1;
      say(`FAILED  ${name}: ${reasonOf(error)}`);
      return undefined;
    }
  }
}

/** With the cause: fetch says only `fetch failed` by itself. */
function reasonOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

async function get(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(ATTEMPT_MS) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${url} answers ${response.status}: ${body.slice(0, 200)}`);
  return body;
}

/** Asks the Kubernetes API, through its Service. */
async function api<T>(path: string): Promise<T> {
  const options = {
    host: KUBERNETES_SERVICE_HOST,
    port: KUBERNETES_SERVICE_PORT,
    path,
    ca: readFileSync(`${ACCOUNT}/ca.crt`),
    headers: { authorization: `Bearer ${readFileSync(`${ACCOUNT}/token`, 'utf8')}` },
    signal: AbortSignal.timeout(ATTEMPT_MS),
  };
  const asked = request(options).end();
  // What goes wrong after the answer began is the answer's error too.
  asked.on('error', () => undefined);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`GET ${path} answers ${response.statusCode}: ${body.slice(0, 200)}`);
  return JSON.parse(body) as T;
}

/** Whether this pod's packets to the outside carry its node's address. */
async function hasNat(): Promise<boolean> {
  const { items } = await api<{ items: Pool[] }>('/apis/networking.margay.dev/v1/ippools');
  const pool = items.find(({ spec }) => {
    const [network = '', prefix] = spec.cidr.split('/');
    const range = new BlockList();
    range.addSubnet(network, Number(prefix));
    return range.check(podAddress);
  });
  if (pool === undefined) throw new Error(`${podAddress} is in no pool`);
  return pool.spec.natOutgoing === true;
}

/** The ready servers of one kind; every node that was given one has to have it. */
async function servers(component: string): Promise<Server[]> {
  const selector = encodeURIComponent(`app.kubernetes.io/name=margay,app.kubernetes.io/component=${component}`);
  const path = `/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${selector}`;
  const { items } = await api<{ items: Pod[] }>(path);
  const pods = items.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const late = pods.filter(
    ({ status }) => !status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True'),
  );
  if (pods.length === 0) throw new Error(`there is no pod of ${component}`);
  if (late.length > 0) throw new Error(`not ready: ${late.map(whyLate).join('; ')}`);
  return pods.map(({ spec, status }) => ({ node: spec.nodeName ?? '', address: status.podIP ?? '' }));
}

function whyLate({ spec, status }: Pod): string {
  const waiting = status.containerStatuses?.[0]?.state?.waiting;
  const condition = status.conditions?.find(({ status: is, message }) => is === 'False' && message !== undefined);
  const why = [waiting?.reason, waiting?.message ?? condition?.message].filter((text) => text !== undefined).join(': ');
  return `${spec.nodeName ?? 'on no node'} (${why === '' ? 'no reason is known' : why})`;
}

/** Asks a server who it sees, and holds that against who it should see. */
async function seenAs(address: string, port: string, expected: string): Promise<void> {
  const seen = (await get(`http://${address}:${port}/clientip`)).replace(/:\d+$/, '');
  if (seen !== expected) throw new Error(`the server sees ${seen}, not ${expected}`);
}

function connects(address: string): Promise<void> {
  const colon = address.lastIndexOf(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)) });
    socket.setTimeout(ATTEMPT_MS, () => socket.destroy(new Error('no answer')));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

say(`From ${podAddress} on ${here}:`);
const inside = await check('the Kubernetes API through its Service, and a server on every node', () =>
  servers('test-inside'),
);
for (const { node, address } of inside ?? []) {
  await check(`to the pod ${address} on ${node === here ? 'the same node' : node}`, () =>
    seenAs(address, '8080', podAddress),
  );
}
await check(`to the Service margay-test-inside.${NAMESPACE} by its name`, () =>
  get(`http://margay-test-inside.${NAMESPACE}/hostname`),
);
const outside = await check('a server on the own address of every node', () => servers('test-outside'));
const nat = await check('the pool of this pod', hasNat);
const sender = nat === true ? nodeAddress : podAddress;
for (const { node, address } of (outside ?? []).filter((server) => server.node !== here)) {
  const name = `to the outside, seen as the ${nat === true ? "node's address" : "pod's own address"}: ${address} of ${node}`;
  await check(name, () => seenAs(address, OUTSIDE_PORT, sender));
}
if (outside?.length === 1) say('skipped the outside: the only node is this one; tests.outside names another address');
if (OUTSIDE_ADDRESS !== '') await check(`to the outside: ${OUTSIDE_ADDRESS}`, () => connects(OUTSIDE_ADDRESS));
say(failures === 0 ? 'The network works.' : `${failures} of these do not work.`);
process.exitCode = failures === 0 ? 0 : 1;
