import { setTimeout as sleep } from 'node:timers/promises';
import { KindError } from './kind-error.ts';
import type { Programs } from './programs.ts';

/**
 * How far a node is. `running`: its container runs. `kubelet`: it has reported
 * to the API since its container started. `ready`: and it is Ready, which needs
 * a CNI.
 */
export type NodeStage = 'running' | 'kubelet' | 'ready';

export interface WaitForNodes {
  /** Names; a control plane's container is asked for all of them. */
  readonly nodes: readonly string[];
  readonly controlPlanes: readonly string[];
  readonly stage: NodeStage;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** Milliseconds from one look to the next. */
const POLL_MS = 500;

/** @throws {KindError} `NODE_NOT_READY` with the reason of each node that is late, `ABORTED`. */
export async function waitForNodes(programs: Programs, wait: WaitForNodes): Promise<void> {
  const { nodes, controlPlanes, stage, timeoutMs, signal } = wait;
  const until = performance.now() + timeoutMs;
  let late = new Map<string, string>();
  do {
    late = await findLate(programs, nodes, controlPlanes, stage, signal);
    if (late.size === 0) return;
    await sleep(POLL_MS, undefined, signal ? { signal } : {}).catch(() => {});
    if (signal?.aborted) {
      const message = 'Waiting for nodes was ended, as its caller asked. Nothing is to be done.';
      throw new KindError('ABORTED', message, { cause: signal.reason });
    }
  } while (performance.now() < until);
  const reasons = [...late].map(([node, reason]) => `${node} (${reason})`).join(', ');
  const what = stage === 'ready' ? 'Ready' : stage === 'kubelet' ? 'reporting to the API' : 'running';
  const remedy = 'Wait longer, install a CNI if there is none, or look into the logs (exportLogs).';
  throw new KindError('NODE_NOT_READY', `After ${timeoutMs / 1000} s not ${what}: ${reasons}. ${remedy}`);
}

async function findLate(
  programs: Programs,
  nodes: readonly string[],
  controlPlanes: readonly string[],
  stage: NodeStage,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const options = signal ? { signal } : {};
  const late = new Map<string, string>();
  const format = '{{.Name}}\t{{.State.Status}}\t{{.State.StartedAt}}';
  const inspected = await programs.check('docker', ['inspect', '--format', format, ...nodes], options);
  const started = new Map<string, number>();
  for (const line of inspected.trim().split('\n')) {
    const [name = '', status = '', at = ''] = line.replace(/^\//, '').split('\t');
    started.set(name, Date.parse(at));
    if (status !== 'running') late.set(name, `its container is ${status}`);
  }
  if (late.size > 0 || stage === 'running') return late;
  const reported = await askApi(programs, controlPlanes, signal);
  for (const name of nodes) {
    const ready = reported?.get(name);
    if (reported === undefined) late.set(name, 'the API does not answer');
    else if (ready === undefined) late.set(name, 'the API does not know it yet');
    else if (Date.parse(ready.lastHeartbeatTime) < wholeSecond(started.get(name))) {
      late.set(name, 'its kubelet has not reported since it started');
    } else if (ready.status === 'Unknown') late.set(name, ready.reason);
    else if (stage === 'ready' && ready.status !== 'True') late.set(name, `${ready.reason}: ${ready.message}`);
  }
  return late;
}

/** The API gives times in whole seconds, rounded down. */
function wholeSecond(timeMs: number | undefined): number {
  return Math.floor((timeMs ?? 0) / 1000) * 1000;
}

/** Source: NodeCondition in Kubernetes' core/v1. */
interface ReadyCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
  readonly lastHeartbeatTime: string;
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status?: { readonly conditions?: readonly ReadyCondition[] };
  }[];
}

/** The Ready condition of every node; undefined while no control plane answers. */
async function askApi(
  programs: Programs,
  controlPlanes: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, ReadyCondition> | undefined> {
  const kubectl = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', '--request-timeout=5s'];
  for (const container of controlPlanes) {
    const argv = ['exec', container, ...kubectl, 'get', 'nodes', '--output=json'];
    const { exitCode, stdout } = await programs.call('docker', argv, { timeoutMs: 15_000, ...(signal && { signal }) });
    if (exitCode !== 0) continue;
    const { items } = JSON.parse(stdout) as NodeList;
    return new Map(
      items.flatMap(({ metadata, status }) => {
        const ready = status?.conditions?.find(({ type }) => type === 'Ready');
        return ready ? [[metadata.name, ready] as const] : [];
      }),
    );
  }
  return undefined;
}
