/** A container of a pod, as far as columns show it. */
interface Container {
  readonly name?: string;
  readonly restartPolicy?: string;
}

interface State {
  readonly running?: object;
  readonly waiting?: { readonly reason?: string };
  readonly terminated?: {
    readonly reason?: string;
    readonly exitCode?: number;
    readonly signal?: number;
    readonly finishedAt?: string | null;
  };
}

export interface ContainerStatus {
  readonly name?: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: State;
  readonly lastState?: State;
}

/** A pod, as far as columns show it. */
export interface ShownPod {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly spec?: {
    readonly nodeName?: string;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly readinessGates?: readonly { readonly conditionType: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly podIP?: string;
    readonly nominatedNodeName?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** Init containers that run beside the others. */
export function sidecarNames({ spec }: ShownPod): ReadonlySet<string | undefined> {
  const all = spec?.initContainers ?? [];
  return new Set(all.filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
}

/**
 * What the pod is doing, in one word: what it waits for, why it failed or
 * ended, else its phase. Source: the column Status of Kubernetes' table of pods.
 */
export function podStatusText(pod: ShownPod): string {
  const { metadata, status = {} } = pod;
  if (metadata.deletionTimestamp !== undefined) {
    if (status.reason === 'NodeLost') return 'Unknown';
    if (status.phase !== 'Succeeded' && status.phase !== 'Failed') return 'Terminating';
  }
  const starting = initText(pod);
  if (starting !== undefined && !isInitialized(pod)) return starting;
  return containersText(pod, starting) ?? starting ?? restingText(pod);
}

/** What holds when no container says more. */
function restingText({ status = {} }: ShownPod): string {
  const gated = status.conditions?.find(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  return gated?.reason ?? (status.reason || status.phase || 'Unknown');
}

function isInitialized({ status = {} }: ShownPod): boolean {
  return (
    status.conditions?.some((condition) => condition.type === 'Initialized' && condition.status === 'True') ?? false
  );
}

/** The first init container that is not done; undefined: all are. */
function initText(pod: ShownPod): string | undefined {
  const all = pod.spec?.initContainers ?? [];
  const sidecars = sidecarNames(pod);
  for (const [index, { name, started, state }] of (pod.status?.initContainerStatuses ?? []).entries()) {
    if (state?.terminated?.exitCode === 0 && state.terminated !== undefined) continue;
    if (sidecars.has(name) && started === true) continue;
    if (state?.terminated !== undefined) return `Init:${endText(state.terminated)}`;
    const reason = state?.waiting?.reason ?? '';
    return reason === '' || reason === 'PodInitializing' ? `Init:${index}/${all.length}` : `Init:${reason}`;
  }
  return undefined;
}

/** What the containers say, the first before the others; undefined: nothing beyond the phase. */
function containersText({ status = {} }: ShownPod, starting: string | undefined): string | undefined {
  const statuses = status.containerStatuses ?? [];
  const text = statuses
    .map(({ state }) => {
      if (state?.waiting?.reason) return state.waiting.reason;
      return state?.terminated === undefined ? undefined : endText(state.terminated);
    })
    .find((found) => found !== undefined);
  // A container that has done its work beside one that runs: the pod runs.
  if ((text ?? starting) !== 'Completed') return text;
  const isRunning = statuses.some(({ ready, state }) => ready === true && state?.running !== undefined);
  if (!isRunning) return text;
  const isReady = status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return isReady === true ? 'Running' : 'NotReady';
}

function endText({ reason, signal, exitCode }: NonNullable<State['terminated']>): string {
  if (reason !== undefined && reason !== '') return reason;
  return signal === undefined || signal === 0 ? `ExitCode:${exitCode ?? 0}` : `Signal:${signal}`;
}
