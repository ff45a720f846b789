import type { FieldError } from '../error.ts';
import { invalidValue, labelErrors } from '../registry/metadata.ts';
import { nameErrors } from '../registry/names.ts';
import type { ApiObject } from '../storage/entry.ts';
import { type ContainerSpec, containersErrors } from './container-validation.ts';
import { duplicateNames, forbidden, required } from './field-errors.ts';

interface PodSpec {
  readonly containers?: readonly ContainerSpec[];
  readonly initContainers?: readonly ContainerSpec[];
  readonly volumes?: readonly Volume[];
  readonly tolerations?: readonly Toleration[];
  readonly nodeSelector?: Record<string, string>;
  readonly nodeName?: string;
  readonly hostNetwork?: boolean;
  readonly activeDeadlineSeconds?: number;
}

interface Volume {
  readonly name: string;
  readonly hostPath?: { readonly path?: string };
  readonly [source: string]: unknown;
}

interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** What is wrong with a pod, beyond its schema; the rules are those of the Kubernetes API reference. */
export function podSpecErrors(object: ApiObject): FieldError[] {
  const spec = (object.spec ?? {}) as PodSpec;
  const { containers = [], initContainers = [], volumes = [], tolerations = [] } = spec;
  const parts = { hostNetwork: spec.hostNetwork === true, volumes: new Set(volumes.map(({ name }) => name)) };
  return [
    ...volumes.flatMap((volume, index) => volumeErrors(volume, `spec.volumes[${index}]`)),
    ...duplicateNames(volumes, 'spec.volumes'),
    ...(containers.length === 0 ? [required('spec.containers')] : []),
    ...containersErrors(containers, 'spec.containers', parts),
    ...containersErrors(initContainers, 'spec.initContainers', parts),
    ...duplicateNames(containers, 'spec.containers'),
    ...duplicateNames(initContainers, 'spec.initContainers', containers),
    ...labelErrors(spec.nodeSelector, 'spec.nodeSelector'),
    ...(spec.nodeName ? nameErrors(spec.nodeName, 'subdomain', 'spec.nodeName') : []),
    ...deadlineErrors(spec),
    ...tolerations.flatMap((toleration, index) => tolerationErrors(toleration, `spec.tolerations[${index}]`)),
  ];
}

/** Variables and ports that stand twice: allowed, but hardly meant. */
export function podWarnings(object: ApiObject): string[] {
  const { containers = [], initContainers = [] } = (object.spec ?? {}) as PodSpec;
  return [
    ...initContainers.flatMap((container, index) => containerWarnings(container, `spec.initContainers[${index}]`)),
    ...containers.flatMap((container, index) => containerWarnings(container, `spec.containers[${index}]`)),
  ];
}

function containerWarnings({ env = [], ports = [] }: ContainerSpec, path: string): string[] {
  const names = env.map(({ name }) => name);
  const places = ports.map((port) => JSON.stringify([port.containerPort, (port as { protocol?: string }).protocol]));
  const repeated = (list: readonly unknown[]): number[] =>
    list.flatMap((item, index) => (list.indexOf(item) < index ? [index] : []));
  return [
    ...repeated(names).map((index) => `${path}.env[${index}]: ${names[index]} stands twice: the last one counts`),
    ...repeated(places).map((index) => `${path}.ports[${index}]: the port stands twice`),
  ];
}

function volumeErrors(volume: Volume, path: string): FieldError[] {
  const sources = Object.keys(volume).filter((name) => name !== 'name');
  return [
    ...nameErrors(volume.name, 'label', `${path}.name`),
    ...sources.slice(1).map((source) => forbidden(`${path}.${source}`, 'a volume has one source only')),
    ...(volume.hostPath !== undefined && !volume.hostPath.path ? [required(`${path}.hostPath.path`)] : []),
  ];
}

function deadlineErrors({ activeDeadlineSeconds: deadline }: PodSpec): FieldError[] {
  if (deadline === undefined || deadline > 0) return [];
  return [invalidValue('spec.activeDeadlineSeconds', deadline, 'must be 1 at least')];
}

function tolerationErrors(toleration: Toleration, path: string): FieldError[] {
  const { key = '', operator = 'Equal', value = '', effect = '', tolerationSeconds } = toleration;
  const errors = key === '' ? [] : labelErrors({ [key]: '' }, `${path}.key`);
  if (key === '' && operator !== 'Exists') {
    errors.push(invalidValue(`${path}.operator`, operator, 'must be Exists when `key` is empty: then all keys match'));
  }
  if (tolerationSeconds !== undefined && effect !== 'NoExecute') {
    errors.push(invalidValue(`${path}.effect`, effect, 'must be NoExecute when `tolerationSeconds` is set'));
  }
  if (operator === 'Exists' && value !== '') {
    errors.push(invalidValue(`${path}.operator`, value, '`value` must be empty when `operator` is Exists'));
  }
  return errors;
}
