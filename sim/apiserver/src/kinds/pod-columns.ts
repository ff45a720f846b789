import type { ApiObject } from '../storage/entry.ts';
import type { Column } from '../table/column.ts';
import { ageOf } from '../table/duration.ts';
import { AGE, NAME, pathColumn, textColumn } from './columns.ts';
import { type ContainerStatus, podStatusText, type ShownPod, sidecarNames } from './pod-status-text.ts';

export const POD_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Ready', 'How many of its containers are ready.', readyOf),
  textColumn('Status', 'What the pod is doing.', (object) => podStatusText(podOf(object))),
  {
    name: 'Restarts',
    type: 'string',
    description: 'How often containers were started again.',
    priority: 0,
    cell: restartsOf,
  },
  AGE,
  textColumn('IP', 'The address of the pod.', (object) => podOf(object).status?.podIP, 1),
  textColumn('Node', 'The node that runs it.', (object) => podOf(object).spec?.nodeName, 1),
  pathColumn('Nominated Node', '.status.nominatedNodeName', 1),
  textColumn('Readiness Gates', 'How many of the conditions beyond its containers hold.', gatesOf, 1),
];

function podOf(object: ApiObject): ShownPod {
  return object as unknown as ShownPod;
}

/** The containers that run together: those beside which init containers are over, and the ones that stay. */
function lastingStatuses(pod: ShownPod): ContainerStatus[] {
  const sidecars = sidecarNames(pod);
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  return [...initContainerStatuses.filter(({ name }) => sidecars.has(name)), ...containerStatuses];
}

function readyOf(object: ApiObject): string {
  const pod = podOf(object);
  const ready = lastingStatuses(pod).filter((status) => status.ready === true);
  return `${ready.length}/${(pod.spec?.containers ?? []).length + sidecarNames(pod).size}`;
}

/** While the pod starts, its init containers count. */
function restartsOf(object: ApiObject, nowMs: number): string {
  const pod = podOf(object);
  const starts = podStatusText(pod).startsWith('Init:');
  const statuses = starts ? (pod.status?.initContainerStatuses ?? []) : lastingStatuses(pod);
  const restarts = statuses.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0);
  const ended = statuses.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []).sort();
  const last = ended.at(-1);
  return restarts === 0 || last === undefined ? String(restarts) : `${restarts} (${ageOf(last, nowMs)} ago)`;
}

function gatesOf(object: ApiObject): string | undefined {
  const { spec, status } = podOf(object);
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return undefined;
  const holds = gates.filter(({ conditionType }) =>
    status?.conditions?.some((condition) => condition.type === conditionType && condition.status === 'True'),
  );
  return `${holds.length}/${gates.length}`;
}
