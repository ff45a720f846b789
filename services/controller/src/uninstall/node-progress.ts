import type { DaemonSet, Node, Pod } from '@margay/model';

/** A node that is not as it was before, and why. */
export interface LateNode {
  readonly node: string;
  readonly reason: string;
}

/** How many nodes a message names; of large clusters the rest is counted. */
const MAX_NAMED = 20;

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: { readonly message?: string };
}

/** True once the pod on every node has said that its node is done. */
export function isDone({ metadata, status = {} }: DaemonSet): boolean {
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) return false;
  return status.numberReady !== undefined && status.numberReady === status.desiredNumberScheduled;
}

/** Why the pod that cleans a node is not done: in its own last words, else in those of the kubelet. */
export function reasonOf({ status }: Pod, log: string): string {
  const last = log.trim().split('\n').at(-1) ?? '';
  if (last !== '') return saidIn(last);
  const [container] = (status?.initContainerStatuses ?? []) as readonly {
    readonly state?: ContainerState;
    readonly lastState?: ContainerState;
  }[];
  const { waiting } = container?.state ?? {};
  const said = container?.lastState?.terminated?.message ?? waiting?.message ?? waiting?.reason;
  return said?.trim() ?? 'it has not started yet';
}

/**
 * Why nothing can be done on a node: its kubelet is silent. Undefined where it
 * is not, also where it says that it is not ready: without a network it is not.
 */
export function silenceOf(node: Node | undefined): string | undefined {
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.status !== 'Unknown') return undefined;
  const said = ready.message === undefined ? '' : ` (${ready.message.replace(/\.$/, '')})`;
  return `the node does not answer${said}: it is cleaned when it comes back; if it never does, delete the Node`;
}

/** One line a node, by name. */
export function linesOf(late: readonly LateNode[]): string[] {
  const sorted = late.toSorted((a, b) => (a.node < b.node ? -1 : 1));
  const more = sorted.length - MAX_NAMED;
  return [
    ...sorted.slice(0, MAX_NAMED).map(({ node, reason }) => `- ${node}: ${reason}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ];
}

/** Of a line of the program's log, why it waits; any other line as it is. */
function saidIn(line: string): string {
  try {
    const { reason, message } = JSON.parse(line) as { readonly reason?: string; readonly message?: string };
    return reason ?? message ?? line;
  } catch {
    return line;
  }
}
