import type { Node } from '@margay/model';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, pathColumn, textColumn } from './columns.ts';

const ROLE_LABEL = 'node-role.kubernetes.io/';

export const NODE = builtIn({
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
  shortNames: ['no'],
  subresources: ['status'],
  selectableFields: { 'spec.unschedulable': (object) => String(fieldAt('spec.unschedulable')(object) === 'true') },
  strategy: { fill: fillNode },
  columns: [
    NAME,
    textColumn('Status', 'Whether the node is ready.', statusOf),
    textColumn('Roles', 'What the node is for.', rolesOf),
    AGE,
    pathColumn('Version', '.status.nodeInfo.kubeletVersion'),
    textColumn('Internal-IP', 'Its address inside the cluster.', (object) => addressOf(object, 'InternalIP'), 1),
    textColumn('External-IP', 'Its address outside.', (object) => addressOf(object, 'ExternalIP'), 1),
    pathColumn('OS-Image', '.status.nodeInfo.osImage', 1),
    pathColumn('Kernel-Version', '.status.nodeInfo.kernelVersion', 1),
    pathColumn('Container-Runtime', '.status.nodeInfo.containerRuntimeVersion', 1),
  ],
});

/** What a node always has on the wire, empty or not. */
function fillNode(object: ApiObject): void {
  object.spec ??= {};
  object.status ??= {};
}

function statusOf(object: ApiObject): string {
  const { spec, status } = object as unknown as Node;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  const text = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady';
  return spec?.unschedulable === true ? `${text},SchedulingDisabled` : text;
}

function rolesOf({ metadata }: ApiObject): string {
  const roles = Object.keys(metadata.labels ?? {})
    .filter((label) => label.startsWith(ROLE_LABEL))
    .map((label) => label.slice(ROLE_LABEL.length));
  return roles.length === 0 ? '<none>' : roles.sort().join(',');
}

function addressOf(object: ApiObject, type: string): string | undefined {
  return (object as unknown as Node).status?.addresses?.find((item) => item.type === type)?.address;
}
