// Waits until every node has taken away what Margay put there. Runs in a Job
// of `helm uninstall`; what it prints is shown when it fails. Exit codes: 0
// done, 1 not in time, 3 the API does not answer.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

interface DaemonSet {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
  };
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly message?: string };
}

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly nodeName?: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly initContainerStatuses?: readonly {
      readonly state?: ContainerState;
      readonly lastState?: ContainerState;
    }[];
  };
}

const {
  NAMESPACE = '',
  TIMEOUT_SECONDS = '',
  KUBERNETES_SERVICE_HOST = '',
  KUBERNETES_SERVICE_PORT = '',
} = process.env;
/** Where a pod finds who it is. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const deadlineMs = Date.now() + Number(TIMEOUT_SECONDS) * 1_000;

function get(path: string): Promise<string> {
  const options = {
    host: KUBERNETES_SERVICE_HOST,
    port: KUBERNETES_SERVICE_PORT,
    path,
    ca: readFileSync(`${ACCOUNT}/ca.crt`),
    headers: { authorization: `Bearer ${readFileSync(`${ACCOUNT}/token`, 'utf8')}` },
    signal: AbortSignal.timeout(10_000),
  };
  return new Promise((resolve, reject) => {
    const asked = request(options, async (response) => {
      try {
        const body = await text(response);
        if (response.statusCode !== 200)
          throw new Error(`GET ${path} answers ${response.statusCode}: ${body.slice(0, 300)}`);
        resolve(body);
      } catch (error) {
        reject(error as Error);
      }
    });
    asked.once('error', reject).end();
  });
}

const read = async <T,>(path: string): Promise<T> => JSON.parse(await get(path)) as T;

async function allDone(): Promise<boolean> {
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/daemonsets/margay-uninstall`;
  const { metadata, status = {} } = await read<DaemonSet>(path);
  if ((status.observedGeneration ?? 0) < metadata.generation) return false;
  return status.numberReady === status.desiredNumberScheduled;
}

/** One line for each node that is not done, with its own words. */
async function unfinished(): Promise<string[]> {
  const selector = encodeURIComponent('app.kubernetes.io/name=margay,app.kubernetes.io/component=uninstall');
  const pods = await read<{ items: Pod[] }>(`/api/v1/namespaces/${NAMESPACE}/pods?labelSelector=${selector}`);
  const late = pods.items.filter(
    ({ status }) => !status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
  );
  return Promise.all(late.map(async (pod) => `- ${pod.spec.nodeName ?? pod.metadata.name}: ${await wordsOf(pod)}`));
}

async function wordsOf({ metadata, status }: Pod): Promise<string> {
  const log = `/api/v1/namespaces/${NAMESPACE}/pods/${metadata.name}/log?container=uninstall&tailLines=3`;
  const words = (await get(log).catch(() => '')).trim();
  if (words !== '') return words;
  const [container] = status.initContainerStatuses ?? [];
  const { waiting } = container?.state ?? {};
  const said = container?.lastState?.terminated?.message ?? waiting?.message ?? waiting?.reason;
  return said?.trim() ?? 'it has not started yet';
}

let failure: unknown;
while (Date.now() < deadlineMs) {
  try {
    failure = undefined;
    if (await allDone()) {
      process.stdout.write('Every node is as it was before.\n');
      process.exit(0);
    }
  } catch (error) {
    failure = error;
  }
  await delay(1_000);
}
if (failure !== undefined) {
  process.stdout.write(`The Kubernetes API does not answer: ${String(failure)}\n`);
  process.exit(3);
}
process.stdout.write(
  [
    `After ${TIMEOUT_SECONDS} s these nodes still have what Margay put there:`,
    ...(await unfinished()),
    'Each is cleaned as soon as no pod on it needs the network. Delete those pods, then run `helm uninstall` again.',
    '',
  ].join('\n'),
);
process.exit(1);
