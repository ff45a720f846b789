import { type ApiError, badRequest, type FieldError, invalid } from '../error.ts';
import type { FieldValidation } from '../registry/context.ts';

/** How a client wants a write treated, as its query says. */
export interface QueriedOptions {
  readonly dryRun: boolean;
  readonly fieldValidation: FieldValidation;
}

const VALIDATIONS = ['Ignore', 'Strict', 'Warn'];
const MAX_MANAGER_BYTES = 128;
const KINDS: Readonly<Record<string, string>> = { POST: 'CreateOptions', PUT: 'UpdateOptions', PATCH: 'PatchOptions' };

/**
 * Reads the options of a create, an update or a patch. `fieldManager` is held to
 * its rules and then forgotten: there is no field ownership here.
 *
 * @throws {ApiError} 422
 */
export function writeOptionsOf(query: URLSearchParams, method: string): QueriedOptions {
  const kind = KINDS[method] ?? 'CreateOptions';
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  if (!VALIDATIONS.includes(fieldValidation)) {
    throw refused(kind, notSupported('fieldValidation', fieldValidation, VALIDATIONS));
  }
  if (query.has('force') && method === 'PATCH') {
    throw refused(kind, {
      field: 'force',
      type: 'FieldValueForbidden',
      message: 'Forbidden: only an apply can be forced',
    });
  }
  checkManager(query.get('fieldManager') ?? '', kind);
  return { dryRun: dryRunOf(query, kind), fieldValidation: fieldValidation as FieldValidation };
}

/** @throws {ApiError} 422 */
export function dryRunOf(query: URLSearchParams, kind: string): boolean {
  const values = query.getAll('dryRun');
  const wrong = values.find((value) => value !== 'All');
  if (wrong !== undefined) throw refused(kind, notSupported('dryRun', wrong, ['All']));
  return values.length > 0;
}

/** @throws {ApiError} 400 */
export function wholeNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[+-]?\d{1,15}$/.test(text))
    throw badRequest(`${name}: Invalid value: ${JSON.stringify(text)}: must be a whole number`);
  return Number(text);
}

function checkManager(manager: string, kind: string): void {
  const field = 'fieldManager';
  if (Buffer.byteLength(manager) > MAX_MANAGER_BYTES) {
    const message = `Too long: may not be more than ${MAX_MANAGER_BYTES} bytes`;
    throw refused(kind, { field, type: 'FieldValueTooLong', message });
  }
  if (/[\p{Cc}\p{Cn}\p{Co}\p{Cs}]/u.test(manager)) {
    const message = `Invalid value: ${JSON.stringify(manager)}: must have printable characters only`;
    throw refused(kind, { field, type: 'FieldValueInvalid', message });
  }
}

function notSupported(field: string, value: string, allowed: readonly string[]): FieldError {
  const values = allowed.map((item) => JSON.stringify(item)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${values}`;
  return { field, type: 'FieldValueNotSupported', message };
}

function refused(kind: string, error: FieldError): ApiError {
  return invalid({ group: 'meta.k8s.io', plural: '', kind }, '', [error]);
}
