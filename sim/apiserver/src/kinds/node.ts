import type { Node } from '@margay/model';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, textColumn } from './columns.ts';
import { nodeErrors, nodeUpdateErrors } from './node-validation.ts';

const UNKNOWN = '<unknown>';

const ROLE_LABEL = 'node-role.kubernetes.io/';

export const NODE = builtIn({
  kind: 'Node',
  plural: 'nodes',
  namespaced: false,
  shortNames: ['no'],
  subresources: ['status'],
  selectableFields: { 'spec.unschedulable': (object) => String(fieldAt('spec.unschedulable')(object) === 'true') },
  strategy: { fill: fillNode, validate: nodeErrors, validateUpdate: nodeUpdateErrors },
  columns: [
    NAME,
    textColumn('Status', 'Whether the node is ready.', statusOf),
    textColumn('Roles', 'What the node is for.', rolesOf),
    AGE,
    textColumn('Version', 'The version of its kubelet.', (object) => infoOf(object).kubeletVersion ?? ''),
    textColumn('Internal-IP', 'Its address inside the cluster.', (object) => addressOf(object, 'InternalIP'), 1),
    textColumn('External-IP', 'Its address outside.', (object) => addressOf(object, 'ExternalIP'), 1),
    textColumn('OS-Image', 'Its system.', (object) => infoOf(object).osImage || UNKNOWN, 1),
    textColumn('Kernel-Version', 'The version of its kernel.', (object) => infoOf(object).kernelVersion || UNKNOWN, 1),
    textColumn(
      'Container-Runtime',
      'What runs its containers.',
      (object) => infoOf(object).containerRuntimeVersion || UNKNOWN,
      1,
    ),
  ],
});

/**
 * `podCIDR` is the first of `podCIDRs`: either may be given alone. Without another word all that a node has may be
 * allocated.
 */
function fillNode(object: ApiObject): void {
  object.spec ??= {};
  const spec = object.spec as { podCIDR?: string; podCIDRs?: string[] };
  if ((spec.podCIDR ?? '') === '') {
    const [first] = spec.podCIDRs ?? [];
    if (first !== undefined) spec.podCIDR = first;
  } else if (spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR as string];
  const status = object.status as { capacity?: object; allocatable?: object } | undefined;
  if (status?.capacity !== undefined) status.allocatable ??= { ...status.capacity };
}

function infoOf(object: ApiObject): Readonly<Record<string, string>> {
  return (object.status as { nodeInfo?: Record<string, string> } | undefined)?.nodeInfo ?? {};
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
