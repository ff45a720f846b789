import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import type { ApiObject } from '../storage/entry.ts';
import { shapeObject } from './definitions.ts';
import { forbidden } from './field-errors.ts';
import { fillPod } from './pod-defaults.ts';

type Fields = Record<string, unknown>;

interface Spec {
  readonly containers?: readonly Fields[];
  readonly initContainers?: readonly Fields[];
  readonly tolerations?: readonly Fields[];
  readonly schedulingGates?: readonly { readonly name: string }[];
  readonly activeDeadlineSeconds?: number;
  readonly terminationGracePeriodSeconds?: number;
}

/** What an update of a pod may not change: most of its spec. Source: the Kubernetes API reference, "Pod update". */
export function podUpdateErrors(object: ApiObject, previous: ApiObject): FieldError[] {
  const spec = specOf(object);
  const before = specOf(previous);
  const counts = (['containers', 'initContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).length === (before[list] ?? []).length
      ? []
      : [forbidden(`spec.${list}`, 'no containers can be added to a pod or taken from it')],
  );
  if (counts.length > 0) return counts;
  const errors = [...deadlineErrors(spec, before), ...tolerationErrors(spec, before), ...gateErrors(spec, before)];
  if (errors.length > 0 || isDeepStrictEqual(fixedPart(spec), fixedPart(before))) return errors;
  return [
    forbidden(
      'spec',
      'of a pod only images of containers, `activeDeadlineSeconds` (downwards), ' +
        '`tolerations` (more of them) and `schedulingGates` (fewer of them) can change',
    ),
  ];
}

/** With all defaults: the stored pod may be older than they are. */
function specOf(pod: ApiObject): Spec {
  const copy = structuredClone(pod);
  fillPod(copy);
  shapeObject(copy, 'io.k8s.api.core.v1.Pod');
  return (copy.spec ?? {}) as Spec;
}

function deadlineErrors({ activeDeadlineSeconds: next }: Spec, { activeDeadlineSeconds: before }: Spec): FieldError[] {
  const field = 'spec.activeDeadlineSeconds';
  if (next === undefined) {
    return before === undefined ? [] : [invalidValue(field, null, 'a deadline cannot be taken away')];
  }
  if (before !== undefined && next > before) {
    return [invalidValue(field, next, `a deadline cannot be moved back: it is ${before}`)];
  }
  return [];
}

function tolerationErrors({ tolerations = [] }: Spec, { tolerations: before = [] }: Spec): FieldError[] {
  const isKept = ({ tolerationSeconds: _, ...wanted }: Fields): boolean =>
    tolerations.some(({ tolerationSeconds: __, ...found }) => isDeepStrictEqual(found, wanted));
  if (before.every(isKept)) return [];
  return [forbidden('spec.tolerations', 'tolerations can only be added, or change in `tolerationSeconds`')];
}

function gateErrors({ schedulingGates = [] }: Spec, { schedulingGates: before = [] }: Spec): FieldError[] {
  const known = new Set(before.map(({ name }) => name));
  const added = schedulingGates.filter(({ name }) => !known.has(name));
  if (added.length === 0) return [];
  return [forbidden('spec.schedulingGates', 'scheduling gates can only be taken away')];
}

function fixedPart(spec: Spec): unknown {
  const { activeDeadlineSeconds: _, tolerations: __, schedulingGates: ___, ...rest } = structuredClone(spec);
  for (const container of [...(rest.containers ?? []), ...(rest.initContainers ?? [])]) delete container.image;
  return rest;
}
