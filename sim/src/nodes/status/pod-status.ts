import type { Condition, Container, Pod } from '@margay/model';
import type { ContainerReport, ContainerState } from './container-state.ts';

export interface PodObservation {
  readonly nodeAddress: string;
  /** Undefined: there is no sandbox yet. */
  readonly sandbox: { readonly containerId: string; readonly addresses: readonly string[] } | undefined;
  readonly containers: readonly ContainerReport[];
  /** Declared ports that this kernel cannot serve, as sentences. */
  readonly unservedPorts: readonly string[];
  /** ISO 8601. */
  readonly now: string;
}

/** Condition of a pod that declares a port whose protocol the kernel lacks. */
export const PORTS_SERVED_CONDITION = 'PortsServed';
export const PORT_UNSUPPORTED_REASON = 'PortProtocolUnsupported';

type PodStatus = NonNullable<Pod['status']>;

/**
 * The status that kubectl and the services read.
 *
 * Pure. Times of conditions that do not change are kept, and so are
 * conditions of other writers.
 */
export function podStatus(pod: Pod, observation: PodObservation): PodStatus {
  const { sandbox, containers, nodeAddress, now } = observation;
  const phase = podPhase(pod, observation);
  const finished = phase === 'Succeeded' || phase === 'Failed';
  const ready = !finished && sandbox !== undefined && containers.every(({ state }) => state.kind === 'running');
  const notReady = finished ? 'PodCompleted' : 'ContainersNotReady';
  const addresses = sandbox?.addresses ?? [];
  return {
    phase,
    hostIP: nodeAddress,
    hostIPs: [{ ip: nodeAddress }],
    startTime: pod.status?.startTime ?? now,
    ...(addresses[0] !== undefined && { podIP: addresses[0], podIPs: addresses.map((ip) => ({ ip })) }),
    containerStatuses: (pod.spec?.containers ?? []).map((container) =>
      containerStatus(container, containers, sandbox?.containerId),
    ),
    conditions: mergeConditions(pod.status?.conditions ?? [], now, [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Initialized', status: 'True' },
      ready
        ? { type: 'ContainersReady', status: 'True' }
        : { type: 'ContainersReady', status: 'False', reason: notReady },
      ready ? { type: 'Ready', status: 'True' } : { type: 'Ready', status: 'False', reason: notReady },
      ...unservedCondition(observation),
    ]),
  };
}

/** Source: Kubernetes, "Pod Lifecycle", pod phase and restart policy. */
function podPhase(pod: Pod, { sandbox, containers }: PodObservation): string {
  if (!sandbox || containers.length === 0) return 'Pending';
  const states = containers.map(({ state }) => state);
  if (restartPolicy(pod) === 'Always' || !states.every(isTerminated)) return 'Running';
  return states.every((state) => isTerminated(state) && state.exitCode === 0) ? 'Succeeded' : 'Failed';
}

export function restartPolicy(pod: Pod): 'Always' | 'OnFailure' | 'Never' {
  const policy = pod.spec?.restartPolicy;
  return policy === 'Never' || policy === 'OnFailure' ? policy : 'Always';
}

function isTerminated(state: ContainerState): state is Extract<ContainerState, { kind: 'terminated' }> {
  return state.kind === 'terminated';
}

function containerStatus(
  container: Container,
  reports: readonly ContainerReport[],
  sandboxId: string | undefined,
): object {
  const report = reports.find(({ name }) => name === container.name);
  const state = report?.state ?? { kind: 'waiting', reason: 'ContainerCreating', message: '' };
  const running = state.kind === 'running';
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: '',
    ready: running,
    started: running,
    restartCount: report?.restartCount ?? 0,
    state: stateObject(state),
    ...(sandboxId !== undefined && { containerID: `margay-sim://${sandboxId}.${container.name}` }),
  };
}

function stateObject(state: ContainerState): object {
  switch (state.kind) {
    case 'running':
      return { running: { startedAt: state.startedAt } };
    case 'waiting':
      return {
        waiting: { reason: state.reason, ...(state.message !== '' && { message: state.message }) },
      };
    case 'terminated': {
      const { exitCode, startedAt, finishedAt } = state;
      return {
        terminated: { exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', startedAt, finishedAt },
      };
    }
  }
}

function unservedCondition({ unservedPorts }: PodObservation): Condition[] {
  if (unservedPorts.length === 0) return [];
  const message = unservedPorts.join('; ');
  return [{ type: PORTS_SERVED_CONDITION, status: 'False', reason: PORT_UNSUPPORTED_REASON, message }];
}

/** `wanted` in place of conditions of the same type; the others stay. */
export function mergeConditions(
  existing: readonly Condition[],
  now: string,
  wanted: readonly Condition[],
): Condition[] {
  const merged = wanted.map((condition): Condition => {
    const before = existing.find(({ type }) => type === condition.type);
    const since = before?.status === condition.status ? before.lastTransitionTime : undefined;
    return { ...condition, lastTransitionTime: since ?? now };
  });
  const others = existing.filter(({ type }) => !wanted.some((condition) => condition.type === type));
  return [...others, ...merged];
}
