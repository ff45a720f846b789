// Waits until every node has taken away what Margay put there. Runs in a Job
// of `helm uninstall`, deletes then what did it, and ends; what it prints is
// shown when it fails. Exit codes: 0
// done, 1 not in time, 3 the API does not answer.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
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
  KEEP_KINDS = '',
  KUBERNETES_SERVICE_HOST = '',
  KUBERNETES_SERVICE_PORT = '',
} = process.env;
/** Where a pod finds who it is. */
const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';
const deadlineMs = Date.now() + Number(TIMEOUT_SECONDS) * 1_000;

async function ask(method: 'GET' | 'DELETE', path: string): Promise<string> {
  const options = {
    method,
    host: KUBERNETES_SERVICE_HOST,
    port: KUBERNETES_SERVICE_PORT,
    path,
    ca: readFileSync(`${ACCOUNT}/ca.crt`),
    headers: { authorization: `Bearer ${readFileSync(`${ACCOUNT}/token`, 'utf8')}` },
    signal: AbortSignal.timeout(10_000),
  };
  const asked = request(options).end();
  // What goes wrong after the answer began is the answer's error too.
  asked.on('error', () => undefined);
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const body = await text(response);
  // Deleting what is gone is done.
  const gone = method === 'DELETE' && response.statusCode === 404;
  const isDone = response.statusCode === 200 || response.statusCode === 202 || gone;
  if (!isDone) throw new Error(`${method} ${path} answers ${response.statusCode}: ${body.slice(0, 300)}`);
  return body;
}

const read = async <T,>(path: string): Promise<T> => JSON.parse(await ask('GET', path)) as T;

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
  const words = (await ask('GET', log).catch(() => '')).trim();
  const last = words.split('\n').at(-1) ?? '';
  if (last !== '') return reasonIn(last);
  const [container] = status.initContainerStatuses ?? [];
  const { waiting } = container?.state ?? {};
  const said = container?.lastState?.terminated?.message ?? waiting?.message ?? waiting?.reason;
  return said?.trim() ?? 'it has not started yet';
}

/** Of a log line, why the program waits; other lines as they are. */
function reasonIn(line: string): string {
  try {
    const { reason, message } = JSON.parse(line) as { readonly reason?: string; readonly message?: string };
    return reason ?? message ?? line;
  } catch {
    return line;
  }
}

/** What did the work has none any more; and what the controller keeps of its own goes with what it speaks of. */
async function removeRest(): Promise<void> {
  const rights = '/apis/rbac.authorization.k8s.io/v1';
  await ask('DELETE', `/apis/apps/v1/namespaces/${NAMESPACE}/daemonsets/margay-uninstall`);
  await ask('DELETE', `${rights}/clusterrolebindings/margay-uninstall`);
  await ask('DELETE', `${rights}/clusterroles/margay-uninstall`);
  await ask('DELETE', `/api/v1/namespaces/${NAMESPACE}/serviceaccounts/margay-uninstall`);
  // What the last `helm test` left to read.
  await ask('DELETE', `/api/v1/namespaces/${NAMESPACE}/pods/margay-test`);
  await ask('DELETE', `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases/margay-controller`);
  if (KEEP_KINDS !== 'true') await ask('DELETE', `/api/v1/namespaces/${NAMESPACE}/configmaps/margay-pools`);
}

let failure: unknown;
let isClean = false;
while (Date.now() < deadlineMs) {
  try {
    failure = undefined;
    isClean ||= await allDone();
    if (isClean) {
      await removeRest();
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
    'Each is cleaned as soon as no pod on it needs the network: delete those pods, and whatever makes them anew.',
    'Then delete what does the cleaning:',
    `  kubectl -n ${NAMESPACE} delete daemonset,serviceaccount margay-uninstall`,
    '  kubectl delete clusterrole,clusterrolebinding margay-uninstall',
    ...(KEEP_KINDS === 'true' ? [] : ['  kubectl get crd -o name | grep networking.margay.dev | xargs kubectl delete']),
    '',
  ].join('\n'),
);
process.exit(1);
