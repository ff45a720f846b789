import { isLabelKey, isLabelValue } from '@margay/selector';
import type { FieldError } from '../error.ts';
import type { ApiObject, StoredMeta } from '../storage/entry.ts';
import { nameErrors } from './names.ts';
import type { ServedResource } from './served-resource.ts';

/** Kubernetes' limit for all annotations of one object together. */
const MAX_ANNOTATION_BYTES = 256 * 1024;

/** What is wrong with the metadata of an object, apart from types. */
export function metadataErrors(object: ApiObject, resource: ServedResource): FieldError[] {
  const { metadata } = object;
  return [
    ...nameErrors(metadata.name, resource.strategy.nameRule ?? 'subdomain', 'metadata.name'),
    ...labelErrors(metadata.labels, 'metadata.labels'),
    ...annotationErrors(metadata.annotations),
    ...ownerErrors(metadata.ownerReferences),
    ...finalizerErrors(metadata.finalizers, resource),
  ];
}

/** Kubernetes' own, which need no domain. Source: Kubernetes, "Finalizers" and "Garbage Collection". */
const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion'];

/** Custom kinds take finalizers without a domain. */
function finalizerErrors(finalizers: readonly string[] = [], { custom }: ServedResource): FieldError[] {
  const why = 'must be a qualified name, as example.com/name';
  const errors: FieldError[] = [];
  for (const [index, finalizer] of finalizers.entries()) {
    if (!isLabelKey(finalizer)) errors.push(invalidValue('metadata.finalizers', finalizer, why));
    if (custom || finalizer.includes('/') || STANDARD_FINALIZERS.includes(finalizer)) continue;
    errors.push(invalidValue(`metadata.finalizers[${index}]`, finalizer, why));
  }
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalidValue('metadata.finalizers', finalizers, 'take orphan or foregroundDeletion, not both'));
  }
  return errors;
}

function ownerErrors(owners: StoredMeta['ownerReferences'] = []): FieldError[] {
  const fields = ['apiVersion', 'kind', 'name', 'uid'] as const;
  return owners.flatMap((owner) =>
    fields
      .filter((field) => (owner[field] ?? '') === '')
      .map((field) => invalidValue(`metadata.ownerReferences.${field}`, '', 'must not be empty')),
  );
}

export function labelErrors(labels: Record<string, string> | undefined, field: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (!isLabelKey(key)) errors.push(invalidValue(field, key, 'is not a label key: write name or example.com/name'));
    if (!isLabelValue(value)) {
      errors.push(
        invalidValue(
          field,
          value,
          "a label value must be empty or have at most 63 letters, digits, '-', '_' or '.', and start and end with a letter or a digit",
        ),
      );
    }
  }
  return errors;
}

function annotationErrors(annotations: Record<string, string> | undefined): FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    // Upper case is allowed here: Kubernetes lowers the key before it checks.
    if (!isLabelKey(key.toLowerCase())) {
      errors.push(
        invalidValue('metadata.annotations', key, 'is not an annotation key: write name or example.com/name'),
      );
    }
  }
  if (bytes > MAX_ANNOTATION_BYTES) {
    errors.push({
      field: 'metadata.annotations',
      type: 'FieldValueInvalid',
      message: `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`,
    });
  }
  return errors;
}

/** What an update may not change: a field that it leaves out keeps its value (filled in here). */
export function keepMetadata(metadata: Partial<StoredMeta>, previous: StoredMeta): FieldError[] {
  const errors: FieldError[] = [];
  const fixed = ['uid', 'name', 'namespace', 'creationTimestamp'] as const;
  for (const field of fixed) {
    if (metadata[field] !== undefined && metadata[field] !== previous[field] && field !== 'creationTimestamp') {
      errors.push(invalidValue(`metadata.${field}`, metadata[field], 'field is immutable'));
    }
  }
  const server = [...fixed, 'generateName', 'generation', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;
  for (const field of server) {
    delete metadata[field];
    if (previous[field] !== undefined) Object.assign(metadata, { [field]: previous[field] });
  }
  if (previous.deletionTimestamp !== undefined) {
    const added = (metadata.finalizers ?? []).filter((name) => !(previous.finalizers ?? []).includes(name));
    if (added.length > 0) {
      errors.push({
        field: 'metadata.finalizers',
        type: 'FieldValueForbidden',
        message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${JSON.stringify(added)}`,
      });
    }
  }
  return errors;
}

export function invalidValue(field: string, value: unknown, why: string): FieldError {
  return { field, type: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}` };
}
