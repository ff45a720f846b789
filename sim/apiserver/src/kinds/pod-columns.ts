import type { Pod } from '@margay/model';
import type { ApiObject } from '../storage/entry.ts';
import type { Column } from '../table/column.ts';
import { ageOf } from '../table/duration.ts';
import { AGE, NAME, pathColumn, textColumn } from './columns.ts';

interface ContainerStatus {
  ready?: boolean;
  restartCount?: number;
  state?: { waiting?: { reason?: string }; terminated?: { reason?: string; exitCode?: number } };
  lastState?: { terminated?: { finishedAt?: string } };
}

export const POD_COLUMNS: readonly Column[] = [
  NAME,
  textColumn('Ready', 'How many of its containers are ready.', readyOf),
  textColumn('Status', 'What the pod is doing.', statusOf),
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
  textColumn('Readiness Gates', 'Conditions beyond its containers.', () => undefined, 1),
];

function podOf(object: ApiObject): Pod {
  return object as unknown as Pod;
}

function containerStatuses(object: ApiObject): ContainerStatus[] {
  return (podOf(object).status?.containerStatuses ?? []) as ContainerStatus[];
}

function readyOf(object: ApiObject): string {
  const ready = containerStatuses(object).filter((status) => status.ready === true).length;
  return `${ready}/${podOf(object).spec?.containers?.length ?? 0}`;
}

/** The phase, or what is more telling: why a container waits or ended, or that the pod is being deleted. */
function statusOf(object: ApiObject): string {
  const { metadata, status } = podOf(object);
  const states = containerStatuses(object).map(({ state }) => state);
  const telling = states
    .map((state) => state?.waiting?.reason ?? state?.terminated?.reason)
    .find((reason) => reason !== undefined && reason !== '');
  const text = status?.reason ?? telling ?? status?.phase ?? 'Unknown';
  if (metadata.deletionTimestamp === undefined) return text;
  return status?.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function restartsOf(object: ApiObject, nowMs: number): string {
  const statuses = containerStatuses(object);
  const restarts = statuses.reduce((sum, { restartCount }) => sum + (restartCount ?? 0), 0);
  const ended = statuses.flatMap(({ lastState }) => lastState?.terminated?.finishedAt ?? []).sort();
  const last = ended.at(-1);
  return restarts === 0 || last === undefined ? String(restarts) : `${restarts} (${ageOf(last, nowMs)} ago)`;
}
