import { isReady, type KindName, type Pod } from '@margay/model';
import { type Clock, type ResourceStore, StoreError } from '@margay/ports';
import { HOOK_SELECTOR, NODE_HOOK as NAME } from './hook-objects.ts';
import { isDone, type LateNode, linesOf, reasonOf, silenceOf } from './node-progress.ts';

/** The DaemonSet of an installed release. */
const AGENT = 'margay-node-agent';
const PODS = 'app.kubernetes.io/name=margay,app.kubernetes.io/component=uninstall';

/** Between two looks, milliseconds. */
const LOOK_INTERVAL_MS = 1_000;
/** Between two reports of nodes that are late, milliseconds: every change is told, but not each second of many nodes. */
const REPORT_INTERVAL_MS = 5_000;

export interface WaitOptions {
  readonly store: Pick<ResourceStore, 'get' | 'list' | 'delete'>;
  /** The last lines that a pod's container printed. */
  readonly readLog: (pod: Pod) => Promise<string>;
  readonly namespace: string;
  readonly timeoutMs: number;
  /** Deletes Margay's kinds with all their objects; absent: they stay. */
  readonly deleteKinds?: (() => Promise<void>) | undefined;
  /** Takes away the account that this runs with, last of all. */
  readonly removeAccount: () => Promise<void>;
  readonly clock: Clock;
  /** Takes whole lines. Whoever gives up earlier has been told how far it is. */
  readonly print: (text: string) => void;
}

/** `late`: nodes are not clean in time, which was printed. `unknown`: the API does not answer, or refuses. */
export type WaitOutcome = 'done' | 'late' | 'unknown';

/**
 * Waits until every node has taken away what Margay put there, and deletes
 * then what did it, with all else that Helm does not know of. What is a new
 * release's as well stays when there is one by then.
 */
export async function waitForNodes(options: WaitOptions): Promise<WaitOutcome> {
  const { clock, print, timeoutMs } = options;
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  const report = new Report(options);
  let failure: unknown;
  let late: readonly LateNode[] = [];
  let isClean = false;
  while (clock.monotonicMs() < deadlineMs) {
    try {
      isClean ||= await allAreDone(options);
      if (isClean) {
        await removeRest(options);
        await options.removeAccount();
        print('Every node is as it was before.\n');
        return 'done';
      }
      late = await findLate(options);
      failure = undefined;
      report.tell(late);
    } catch (error) {
      failure = error;
    }
    await clock.sleep(LOOK_INTERVAL_MS);
  }
  if (failure !== undefined) {
    print(
      `The Kubernetes API does not answer, or refuses: ${failure instanceof Error ? failure.message : String(failure)}\n`,
    );
    return 'unknown';
  }
  print(lateText(`After ${timeoutMs / 1_000} s these`, late, options));
  return 'late';
}

/** Says who is late when that changes. */
class Report {
  readonly #options: WaitOptions;
  #text = '';
  #toldMs = Number.NEGATIVE_INFINITY;

  constructor(options: WaitOptions) {
    this.#options = options;
  }

  tell(late: readonly LateNode[]): void {
    const { clock, print } = this.#options;
    const text = linesOf(late).join('\n');
    const nowMs = clock.monotonicMs();
    if (text === '' || text === this.#text || nowMs - this.#toldMs < REPORT_INTERVAL_MS) return;
    print(lateText('These', late, this.#options));
    this.#text = text;
    this.#toldMs = nowMs;
  }
}

async function allAreDone({ store, namespace }: WaitOptions): Promise<boolean> {
  const daemonSet = await store.get('DaemonSet', { namespace, name: NAME });
  if (daemonSet === undefined) throw new StoreError('NOT_FOUND', `there is no DaemonSet ${namespace}/${NAME} any more`);
  return isDone(daemonSet);
}

async function findLate({ store, namespace, readLog }: WaitOptions): Promise<LateNode[]> {
  const { items } = await store.list('Pod', { namespace, labelSelector: PODS });
  const late = items.filter((pod) => !isReady(pod));
  return Promise.all(
    late.map(async (pod) => {
      const node = pod.spec?.nodeName ?? pod.metadata.name;
      const silence = silenceOf(await store.get('Node', { name: node }));
      // One that has not started yet has no log, and the API says so by an error.
      return { node, reason: silence ?? reasonOf(pod, await readLog(pod).catch(() => '')) };
    }),
  );
}

/** Helm deletes none of these: some it has made as hooks that outlive it, some others have made. */
async function removeRest(options: WaitOptions): Promise<void> {
  const { deleteKinds, print } = options;
  const own = ['DaemonSet', 'ClusterRoleBinding', 'ClusterRole', 'ServiceAccount'] as const;
  for (const kind of own) await remove(options, kind, NAME);
  if (await isInstalledAgain(options)) {
    print('Margay was installed again meanwhile: what it uses stays.\n');
    return;
  }
  // What the last `helm test` left to read.
  await remove(options, 'Pod', 'margay-test');
  // The controller's: of its leader, and of the pools that it has made.
  await remove(options, 'Lease', 'margay-controller');
  if (!deleteKinds) return;
  await remove(options, 'ConfigMap', 'margay-pools');
  await deleteKinds();
}

/** By its DaemonSet, since the names of all that both have are the same. */
async function isInstalledAgain({ store, namespace }: WaitOptions): Promise<boolean> {
  const agent = await store.get('DaemonSet', { namespace, name: AGENT });
  return agent !== undefined && agent.metadata.deletionTimestamp === undefined;
}

async function remove({ store, namespace }: WaitOptions, kind: KindName, name: string): Promise<void> {
  const isClusterWide = kind === 'ClusterRole' || kind === 'ClusterRoleBinding';
  try {
    await store.delete(kind, { name, ...(!isClusterWide && { namespace }) });
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'NOT_FOUND') throw error;
  }
}

/** What is left is deleted by labels that no release has: what that is depends on the release of Helm. */
function lateText(these: string, late: readonly LateNode[], { namespace, deleteKinds }: WaitOptions): string {
  const own = `-l '${HOOK_SELECTOR}'`;
  return [
    `${these} nodes still have what Margay put there:`,
    ...linesOf(late),
    'Each is cleaned as soon as no pod on it needs the network: delete those pods, and whatever makes them anew.',
    'If Helm has given up, wait until all are ready here, then delete what did the cleaning:',
    `  kubectl -n ${namespace} get daemonset ${NAME}`,
    `  kubectl -n ${namespace} delete daemonset,job,serviceaccount,role,rolebinding,configmap ${own}`,
    `  kubectl delete clusterrole,clusterrolebinding ${own}`,
    ...(deleteKinds ? ['  kubectl get crd -o name | grep networking.margay.dev | xargs kubectl delete'] : []),
    '',
  ].join('\n');
}
