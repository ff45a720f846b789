import { connect } from 'node:net';
import type { CniServer } from '@margay/cni-plugin';
import type { Pod } from '@margay/model';
import type { Clock, Kernel, ResourceStore } from '@margay/ports';
import { reasonOf } from '../cni/cni-error.ts';
import { podDevice } from '../endpoints/endpoint-record.ts';
import { EndpointStore } from '../endpoints/endpoint-store.ts';
import { NodeRegistration } from '../node/node-registration.ts';
import { NodeChanges } from '../state/node-changes.ts';
import { handoverDirsOf, takeHandover } from '../state/state-directory.ts';
import { type ClearNodeOptions, clearNode } from './clear-node.ts';
import { serveDeletions } from './serve-deletions.ts';

/** Between two looks at what is waited for, milliseconds. */
const LOOK_INTERVAL_MS = 1_000;
/** No agent has answered for so many looks: one that is restarted is not gone. */
const SILENT_LOOKS = 3;

export interface UninstallOptions extends Omit<ClearNodeOptions, 'changes' | 'endpoints'> {
  readonly nodeName: string;
  readonly store: Pick<ResourceStore, 'get' | 'list' | 'patch'>;
  readonly clock: Clock;
  /** For an agent to end and pods to go, milliseconds. */
  readonly timeoutMs: number;
}

export type UninstallOutcome =
  | { readonly kind: 'done' }
  /** Nothing was taken away: in words, what needs Margay still. */
  | { readonly kind: 'needed'; readonly by: string }
  /** Tried, and to be tried again. */
  | { readonly kind: 'failed'; readonly reasons: readonly string[] };

/**
 * Makes the node what it was before Margay: waits until no agent answers or is
 * to run here, and no pod of this node needs the network or is connected still,
 * then takes all of Margay away. While it waits, pods can be deleted, but not
 * started; an agent that comes back takes over, and is waited for again.
 * Harmless when called again.
 */
export async function uninstallNode(options: UninstallOptions): Promise<UninstallOutcome> {
  const { nodeName, store, clock, stateDir, confDir, binDir, cniSocket, kernel, logger, timeoutMs } = options;
  const deadlineMs = clock.monotonicMs() + timeoutMs;
  let endpoints: EndpointStore;
  for (;;) {
    logger.info({ reason: 'the node agent has to end first' }, 'waiting');
    if (!(await agentIsGone(cniSocket, clock, deadlineMs))) {
      return { kind: 'needed', by: `a node agent still answers at ${cniSocket}` };
    }
    await takeHandover({ stateDir, handoverDirs: handoverDirsOf({ cniSocket, confDir, binDir }), logger });
    // Anew after another agent: it has made pods meanwhile.
    endpoints = await EndpointStore.load(stateDir);
    const server = await serveDeletions({ socketPath: cniSocket, endpoints, podLinks: kernel.podLinks, logger });
    let pods: PodsOutcome;
    try {
      pods = await waitForPods({ ...options, endpoints, server }, deadlineMs);
    } finally {
      await server.close();
    }
    if (pods.kind === 'needed') return pods;
    // Margay was installed again while this waited: what is here belongs to that agent, even if it is silent again.
    if (pods.kind === 'gone' && !(await answers(cniSocket))) break;
  }
  const reasons = await clearNode({ ...options, endpoints, changes: await NodeChanges.load(stateDir, logger) });
  try {
    await new NodeRegistration({ store, name: nodeName, clock }).withdraw();
  } catch (error) {
    reasons.push(`Node ${nodeName}: ${reasonOf(error)}`);
  }
  return reasons.length === 0 ? { kind: 'done' } : { kind: 'failed', reasons };
}

/**
 * A pod that has an address of this node's: the kubelet says so, or, since that
 * may be late, the agent's record. One that has ended holds none, and one that
 * waits for its first gets none: no agent answers any more.
 */
function needsNetwork({ metadata, spec, status }: Pod, endpoints: Pick<EndpointStore, 'byDevice'>): boolean {
  if (spec?.hostNetwork === true || status?.phase === 'Succeeded' || status?.phase === 'Failed') return false;
  return Boolean(status?.podIP) || endpoints.byDevice(podDevice(metadata.namespace ?? '', metadata.name)) !== undefined;
}

/**
 * Pods that DEL was not called for yet, though the API may have forgotten them
 * (one without a grace period): without the network configuration the runtime
 * could never end them. One that is gone without DEL has no link either.
 */
async function connectedPods({ podLinks }: Kernel, endpoints: EndpointStore): Promise<string[]> {
  const devices = new Set((await podLinks.list()).map(({ hostDevice }) => hostDevice));
  return endpoints.all().flatMap(({ device, namespace, pod }) => (devices.has(device) ? [`${namespace}/${pod}`] : []));
}

async function agentIsGone(socket: string, clock: Clock, deadlineMs: number): Promise<boolean> {
  for (let silent = 0; silent < SILENT_LOOKS; ) {
    silent = (await answers(socket)) ? 0 : silent + 1;
    if (silent === 0 && clock.monotonicMs() >= deadlineMs) return false;
    if (silent < SILENT_LOOKS) await clock.sleep(LOOK_INTERVAL_MS);
  }
  return true;
}

/** The agent's pod, as the chart labels it: one that is listed answers soon, if it does not yet. */
function isAgent({ metadata: { labels = {} } }: Pod): boolean {
  return labels['app.kubernetes.io/name'] === 'margay' && labels['app.kubernetes.io/component'] === 'node-agent';
}

interface Waited extends UninstallOptions {
  readonly endpoints: EndpointStore;
  readonly server: Pick<CniServer, 'ownsPath'>;
}

type PodsOutcome =
  | { readonly kind: 'gone' }
  /** Callers of the plugin do not come here any more. */
  | { readonly kind: 'taken-over' }
  /** At the deadline: in words, who is still there. */
  | { readonly kind: 'needed'; readonly by: string };

async function waitForPods(
  { nodeName, store, clock, logger, kernel, endpoints, server }: Waited,
  deadlineMs: number,
): Promise<PodsOutcome> {
  let told = '';
  for (;;) {
    let by: string | undefined;
    try {
      const { items } = await store.list('Pod', { fieldSelector: `spec.nodeName=${nodeName}` });
      const needing = items
        .filter((pod) => needsNetwork(pod, endpoints))
        .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);
      const names = new Set([...needing, ...(await connectedPods(kernel, endpoints))]);
      if (items.some(isAgent)) by = 'a pod of the node agent is on this node';
      else if (names.size > 0) by = `pods of this node need the network: ${[...names].toSorted().join(', ')}`;
    } catch (error) {
      by = `the pods of this node are not known: ${reasonOf(error)}`;
    }
    if (!(await server.ownsPath())) return { kind: 'taken-over' };
    if (by === undefined) return { kind: 'gone' };
    if (clock.monotonicMs() >= deadlineMs) return { kind: 'needed', by };
    if (by !== told) logger.info({ reason: by }, 'waiting');
    told = by;
    await clock.sleep(LOOK_INTERVAL_MS);
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
