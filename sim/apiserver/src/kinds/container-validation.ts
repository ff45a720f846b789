import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import { nameErrors } from '../registry/names.ts';
import { compareQuantities } from '../schema/quantity.ts';
import { duplicateNames, forbidden, missing, required } from './field-errors.ts';
import { portNameErrors, portNumberErrors } from './port-validation.ts';

interface Port {
  readonly name?: string;
  readonly containerPort: number;
  readonly hostPort?: number;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly ports?: readonly Port[];
  readonly env?: readonly { readonly name?: string }[];
  readonly resources?: Readonly<Record<'limits' | 'requests', Readonly<Record<string, string>> | undefined>>;
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath?: string }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

type Probe = Readonly<Record<string, unknown>>;

export interface PodParts {
  readonly hostNetwork: boolean;
  /** The names of the pod's volumes. */
  readonly volumes: ReadonlySet<string>;
}

/** What is wrong with containers, beyond their schema. */
export function containersErrors(containers: readonly ContainerSpec[], path: string, pod: PodParts): FieldError[] {
  return containers.flatMap((container, index) => containerErrors(container, `${path}[${index}]`, pod));
}

function containerErrors(container: ContainerSpec, path: string, { hostNetwork, volumes }: PodParts): FieldError[] {
  const { name, env = [], volumeMounts = [] } = container;
  return [
    ...nameErrors(name, 'label', `${path}.name`),
    ...imageErrors(container, path),
    ...portsErrors(container, path, hostNetwork),
    ...env.flatMap((variable, index) => (variable.name ? [] : [required(`${path}.env[${index}].name`)])),
    ...volumeMounts.flatMap((mount, index) => {
      const place = `${path}.volumeMounts[${index}]`;
      return [
        ...(volumes.has(mount.name) ? [] : [missing(`${place}.name`, mount.name)]),
        ...(mount.mountPath ? [] : [required(`${place}.mountPath`)]),
      ];
    }),
    ...resourcesErrors(container, path),
    ...(['livenessProbe', 'readinessProbe', 'startupProbe'] as const).flatMap((probe) =>
      probeErrors(container[probe], `${path}.${probe}`),
    ),
  ];
}

function imageErrors({ image = '' }: ContainerSpec, path: string): FieldError[] {
  if (image === '') return [required(`${path}.image`)];
  if (image.trim() === image) return [];
  return [invalidValue(`${path}.image`, image, 'must not begin or end with a blank')];
}

function portsErrors({ ports = [] }: ContainerSpec, path: string, hostNetwork: boolean): FieldError[] {
  const errors = ports.flatMap(({ name, containerPort, hostPort }, index) => {
    const place = `${path}.ports[${index}]`;
    return [
      ...portNumberErrors(containerPort, `${place}.containerPort`),
      ...(name === undefined || name === '' ? [] : portNameErrors(name, `${place}.name`)),
      ...(hostPort === undefined ? [] : portNumberErrors(hostPort, `${place}.hostPort`)),
      ...(hostNetwork && hostPort !== undefined && hostPort !== containerPort
        ? [invalidValue(`${place}.hostPort`, hostPort, 'must match `containerPort` when `hostNetwork` is true')]
        : []),
    ];
  });
  return [...errors, ...duplicateNames(ports, `${path}.ports`)];
}

/** No more may be needed than may be used. */
function resourcesErrors({ resources }: ContainerSpec, path: string): FieldError[] {
  return Object.entries(resources?.requests ?? {}).flatMap(([name, request]) => {
    const limit = resources?.limits?.[name];
    if (limit === undefined || compareQuantities(request, limit) <= 0) return [];
    return [invalidValue(`${path}.resources.requests`, request, `must be at most the limit for ${name}, ${limit}`)];
  });
}

const HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc'] as const;

function probeErrors(probe: Probe | undefined, path: string): FieldError[] {
  if (probe === undefined) return [];
  const given = HANDLERS.filter((handler) => probe[handler] !== undefined);
  if (given.length === 0) return [required(path)];
  return given.slice(1).map((handler) => forbidden(`${path}.${handler}`, 'a probe looks in one way only'));
}
