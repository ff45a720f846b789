import { ApiError, type FieldError, invalid } from '../error.ts';
import type { DeleteOptions } from './delete.ts';

const POLICIES = ['Background', 'Foreground', 'Orphan'];

/**
 * Reads DeleteOptions as they are sent. Who depends on what is not followed
 * here, so the propagation policy has to be a known one, and does nothing.
 *
 * @param unreadable how the server that is imitated answers options of wrong
 *   types: those of a delete with 500 and no reason, those inside of an
 *   eviction with 400
 * @throws {ApiError} 400 or 500: wrong types; 422: values that cannot be
 */
export function readDeleteOptions(sent: unknown, unreadable: 'BadRequest' | 'Unknown'): DeleteOptions {
  const refuse = (what: string): ApiError => new ApiError(unreadable, `the options of a delete: ${what}`);
  if (typeof sent !== 'object' || Array.isArray(sent)) throw refuse('they must be DeleteOptions');
  const options = (sent ?? {}) as Readonly<Record<string, unknown>>;
  const { kind, dryRun, gracePeriodSeconds, preconditions, propagationPolicy, orphanDependents } = options;
  if ((kind ?? 'DeleteOptions') !== 'DeleteOptions') throw refuse(`${JSON.stringify(kind)} is not DeleteOptions`);
  if (!isListOfTexts(dryRun ?? [])) throw refuse('dryRun must be a list of texts');
  if (!Number.isInteger(gracePeriodSeconds ?? 0)) throw refuse('gracePeriodSeconds must be a whole number');
  if (typeof (preconditions ?? {}) !== 'object') throw refuse('preconditions must be an object');
  checkPolicy(propagationPolicy, orphanDependents);
  const tried = dryRun as string[] | null | undefined;
  const wrong = (tried ?? []).find((value) => value !== 'All');
  if (wrong !== undefined) throw impossible({ field: 'dryRun', value: wrong, allowed: ['All'] });
  return {
    dryRun: (tried ?? []).length > 0,
    ...(typeof gracePeriodSeconds === 'number' ? { gracePeriodSeconds } : {}),
    ...(preconditions ? { preconditions: preconditions as NonNullable<DeleteOptions['preconditions']> } : {}),
  };
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function checkPolicy(policy: unknown, orphan: unknown): void {
  if ((policy ?? undefined) === undefined) return;
  if ((orphan ?? undefined) !== undefined) {
    const message = `Invalid value: ${JSON.stringify(policy)}: give this or orphanDependents, not both`;
    throw refused({ field: 'propagationPolicy', type: 'FieldValueInvalid', message });
  }
  if (!POLICIES.includes(policy as string)) {
    throw impossible({ field: 'propagationPolicy', value: policy, allowed: POLICIES });
  }
}

function impossible({ field, value, allowed }: { field: string; value: unknown; allowed: string[] }): ApiError {
  const values = allowed.map((item) => JSON.stringify(item)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`;
  return refused({ field, type: 'FieldValueNotSupported', message });
}

function refused(error: FieldError): ApiError {
  return invalid({ group: 'meta.k8s.io', plural: '', kind: 'DeleteOptions' }, '', [error]);
}
