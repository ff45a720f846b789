import type { Container, Pod } from '@margay/model';
import type { FieldError } from '../error.ts';
import { invalidValue, labelErrors } from '../registry/metadata.ts';
import { nameErrors } from '../registry/names.ts';
import type { ApiObject } from '../storage/entry.ts';
import { portNameErrors, portNumberErrors } from './port-validation.ts';

/** What is wrong with a pod, beyond its schema; the rules are those of the Kubernetes API reference. */
export function podSpecErrors(object: ApiObject): FieldError[] {
  const { spec } = object as unknown as Pod;
  const containers = spec?.containers ?? [];
  const errors: FieldError[] = [];
  if (containers.length === 0) {
    errors.push({ field: 'spec.containers', type: 'FieldValueRequired', message: 'Required value' });
  }
  const initContainers = (spec?.initContainers ?? []) as Container[];
  errors.push(...containersErrors(containers, 'spec.containers', spec?.hostNetwork === true));
  errors.push(...containersErrors(initContainers, 'spec.initContainers', spec?.hostNetwork === true));
  errors.push(...duplicates(containers, 'spec.containers'));
  errors.push(...duplicates(initContainers, 'spec.initContainers', containers));
  errors.push(...duplicates((spec?.volumes ?? []) as { name: string }[], 'spec.volumes'));
  errors.push(...labelErrors(spec?.nodeSelector, 'spec.nodeSelector'));
  if (spec?.nodeName) errors.push(...nameErrors(spec.nodeName, 'subdomain', 'spec.nodeName'));
  const grace = spec?.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0) {
    errors.push(invalidValue('spec.terminationGracePeriodSeconds', grace, 'must be greater than or equal to 0'));
  }
  return errors;
}

function containersErrors(containers: readonly Container[], path: string, hostNetwork: boolean): FieldError[] {
  return containers.flatMap((container, index) => {
    const place = `${path}[${index}]`;
    return [
      ...nameErrors(container.name, 'label', `${place}.name`),
      ...(container.image === undefined || container.image.trim() === ''
        ? [{ field: `${place}.image`, type: 'FieldValueRequired', message: 'Required value' } as const]
        : []),
      ...portsErrors(container, place, hostNetwork),
    ];
  });
}

function portsErrors({ ports = [] }: Container, path: string, hostNetwork: boolean): FieldError[] {
  const errors = ports.flatMap((port, index) => {
    const place = `${path}.ports[${index}]`;
    const { hostPort } = port as { hostPort?: number };
    return [
      ...portNumberErrors(port.containerPort, `${place}.containerPort`),
      ...(port.name === undefined ? [] : portNameErrors(port.name, `${place}.name`)),
      ...(hostPort === undefined ? [] : portNumberErrors(hostPort, `${place}.hostPort`)),
      ...(hostNetwork && hostPort !== undefined && hostPort !== port.containerPort
        ? [invalidValue(`${place}.hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true')]
        : []),
    ];
  });
  return [...errors, ...duplicates(ports, `${path}.ports`)];
}

/** Names must differ within a list, and from those of the lists before it. */
function duplicates(
  items: readonly { readonly name?: string }[],
  path: string,
  before: readonly { readonly name?: string }[] = [],
): FieldError[] {
  const seen = new Set(before.map(({ name }) => name));
  const errors: FieldError[] = [];
  for (const [index, { name }] of items.entries()) {
    if (name === undefined) continue;
    const message = `Duplicate value: ${JSON.stringify(name)}`;
    if (seen.has(name)) errors.push({ field: `${path}[${index}].name`, type: 'FieldValueDuplicate', message });
    seen.add(name);
  }
  return errors;
}

/** Of a running pod's spec only few fields may change: the images, the deadline, and the node while it has none. */
export function podUpdateErrors(object: ApiObject, previous: ApiObject): FieldError[] {
  if (JSON.stringify(fixedPart(object)) === JSON.stringify(fixedPart(previous))) return [];
  return [
    {
      field: 'spec',
      type: 'FieldValueForbidden',
      message:
        'Forbidden: pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, ' +
        '`spec.activeDeadlineSeconds`, `spec.tolerations` (only additions) and `spec.terminationGracePeriodSeconds`',
    },
  ];
}

function fixedPart(object: ApiObject): unknown {
  const spec = structuredClone((object.spec ?? {}) as Record<string, unknown>);
  for (const field of ['activeDeadlineSeconds', 'tolerations', 'terminationGracePeriodSeconds']) delete spec[field];
  for (const list of ['containers', 'initContainers']) {
    for (const container of (spec[list] ?? []) as Record<string, unknown>[]) delete container.image;
  }
  return sorted(spec);
}

/** The same value whatever the order of keys. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
