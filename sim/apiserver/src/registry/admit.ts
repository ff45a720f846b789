import { ApiError, badRequest, type FieldError, invalid } from '../error.ts';
import { type Conformance, conform } from '../schema/conform.ts';
import type { ApiObject } from '../storage/entry.ts';
import type { WriteOptions } from './context.ts';
import { metadataErrors } from './metadata.ts';
import { apiVersionOf, type ServedResource } from './served-resource.ts';

/** What a request may write of an object. */
export type Part = 'whole' | 'all but status' | 'status';

/**
 * Reads a request's object as one of its kind: unknown and repeated fields are
 * removed, or refused as the client asked; defaults are filled in. Of a custom
 * resource only `part` is taken: nothing else in it can be wrong, but for
 * fields that are unknown.
 *
 * @returns missing or impossible values, to be reported with what validation finds
 * @throws {ApiError} 400: not an object of this kind; 422: a custom resource
 *   with a wrong type, with all else that its schema forbids
 */
export function readAs(
  resource: ServedResource,
  body: unknown,
  options: WriteOptions & { readonly patch?: boolean; readonly part?: Part },
): { object: ApiObject; errors: FieldError[] } {
  const object = asObject(body, resource);
  checkTypeMeta(object, resource, options);
  // Field ownership belongs to server-side apply, which this server does not have.
  if (typeof object.metadata === 'object') delete object.metadata.managedFields;
  const { part = 'whole' } = options;
  const read = (): Conformance =>
    conform(object, resource.schema, { resolve: resource.resolve, unique: resource.custom, asGo: !resource.custom });
  let result = read();
  reportStrictErrors(result.unknownFields, { resource, object, options });
  if (resource.custom) result = withinPart(keepPart(object, part) ? read() : result, part);
  if (result.typeErrors.length > 0) {
    if (resource.custom) {
      const found = schemaErrors(object, resource, result);
      throw invalid(resource, nameOf(object), [...found, ...ruleErrors(resource, object, found, undefined)]);
    }
    const texts = result.typeErrors.map(({ field, message }) => `${field === '' ? 'the object' : field}: ${message}`);
    if (options.patch === true) throw unreadablePatch(texts);
    throw new ApiError('BadRequest', `${cannotBeHandled(resource)}: ${texts.join(', ')}`, {
      causes: result.typeErrors.map(({ field, type, message }) => ({ reason: type, message, field })),
    });
  }
  return { object, errors: result.valueErrors.filter((error) => !isNotJudged(error, resource)) };
}

/** A body as an object that has metadata, whatever stands in it. @throws {ApiError} 400 */
export function asObject(body: unknown, { custom }: ServedResource): ApiObject {
  // Go reads null as an object in which nothing is set.
  const sent = body === null && !custom ? {} : body;
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    throw badRequest('the request body must be an object');
  const object = sent as ApiObject;
  object.metadata ??= {} as ApiObject['metadata'];
  return object;
}

/** 422: a patch that does not make an object of the kind. It names no object, as kube-apiserver's answer does not. */
function unreadablePatch(mistakes: readonly string[]): ApiError {
  const message = `Invalid value: ${mistakes.join(', ')}`;
  return new ApiError('Invalid', ` "" is invalid: patch: ${message}`, {
    causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }],
  });
}

/** Takes away what does not count; returns whether anything did not. */
function keepPart(object: ApiObject, part: Part): boolean {
  const others = Object.keys(object).filter((field) => {
    if (part === 'status') return !['apiVersion', 'kind', 'metadata', 'status'].includes(field);
    return part === 'all but status' && field === 'status';
  });
  for (const field of others) delete object[field];
  return others.length > 0;
}

/** Of a status that comes alone nothing else is missing. */
function withinPart({ unknownFields, typeErrors, valueErrors }: Conformance, part: Part): Conformance {
  const counts = ({ field }: FieldError): boolean => part !== 'status' || /^(status|metadata)\b/.test(field);
  return { unknownFields, typeErrors: typeErrors.filter(counts), valueErrors: valueErrors.filter(counts) };
}

/** Fills in the kind's own defaults and validates; `errors` are those that `readAs` found. */
export function finishAdmission(
  resource: ServedResource,
  object: ApiObject,
  errors: readonly FieldError[],
  previous: ApiObject | undefined,
): void {
  const { strategy } = resource;
  const all = [...errors, ...metadataErrors(object, resource)];
  // A kind's own rules may rely on it that nothing required is missing: an empty value stands for it.
  if (resource.shape !== undefined || !errors.some(({ type }) => type === 'FieldValueRequired')) {
    strategy.fill?.(object);
    resource.shape?.(object);
    // What the schema has found already is not said again in other words.
    const known = new Set(errors.map(({ field }) => field));
    all.push(...(strategy.validate?.(object) ?? []).filter(({ field }) => !known.has(field)));
    if (previous !== undefined) all.push(...(strategy.validateUpdate?.(object, previous) ?? []));
  }
  all.push(...ruleErrors(resource, object, errors, previous));
  if (all.length > 0) throw invalid(resource, object.metadata.name, all);
}

/** Mistakes after which rules are not looked at. Source: Kubernetes, apiextensions-apiserver; measured with 1.34. */
const BLOCKING: ReadonlySet<FieldError['type']> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/** What the kind's rules find; `errors` are those of the schema. */
export function ruleErrors(
  { strategy: { judge } }: ServedResource,
  object: ApiObject,
  errors: readonly FieldError[],
  previous: ApiObject | undefined,
): FieldError[] {
  if (judge === undefined) return [];
  if (!errors.some(({ type }) => BLOCKING.has(type))) return judge(object, previous);
  const message =
    'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation';
  return [{ field: '<nil>', type: 'FieldValueInvalid', message }];
}

/** Of the status of Kubernetes' own kinds only the types count: it is written by components, which are trusted. */
function isNotJudged({ field }: FieldError, { custom }: ServedResource): boolean {
  return !custom && field.startsWith('status.');
}

/**
 * A patch that takes the kind away, or makes another kind, is told as
 * kube-apiserver tells it: measured with 1.34.
 *
 * @throws {ApiError} 400; of a patch 400, 422 or 500
 */
export function checkTypeMeta(
  object: ApiObject,
  resource: ServedResource,
  { patch = false }: { readonly patch?: boolean },
): void {
  if (patch) {
    checkPatchedType(object, resource);
    return;
  }
  const apiVersion = apiVersionOf(resource);
  if (resource.custom && (object.kind === undefined || object.apiVersion === undefined)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): kind and apiVersion are required`,
    );
  }
  object.apiVersion ??= apiVersion;
  object.kind ??= resource.kind;
  if (object.apiVersion !== apiVersion) {
    throw badRequest(
      `the API version in the data (${object.apiVersion}) does not match the expected API version (${apiVersion})`,
    );
  }
  if (object.kind !== resource.kind) {
    throw badRequest(`the kind in the data (${object.kind}) does not match the expected kind (${resource.kind})`);
  }
}

function checkPatchedType(object: ApiObject, resource: ServedResource): void {
  const expected = apiVersionOf(resource);
  const { apiVersion = '', kind = '' } = object as Partial<ApiObject>;
  if (apiVersion === '') {
    if (!resource.custom) throw badRequest('the patch takes apiVersion away: leave it out of the patch');
    throw new ApiError('InternalError', 'Internal error occurred: the patch takes apiVersion away', {
      causes: [{ reason: '', message: 'the patch takes apiVersion away' }],
    });
  }
  if (kind === '' && !resource.custom) object.kind = resource.kind;
  else if (resource.custom && apiVersion === expected && kind !== '' && kind !== resource.kind) {
    const message = `Invalid value: ${JSON.stringify(kind)}: must be ${resource.kind}`;
    throw invalid({ ...resource, kind }, nameOf(object), [{ field: 'kind', type: 'FieldValueInvalid', message }]);
  } else if (apiVersion !== expected || kind !== resource.kind) {
    throw unreadablePatch([`it makes ${JSON.stringify(kind)} of ${apiVersion}, not ${resource.kind} of ${expected}`]);
  }
}

/** A patch is judged by the object that it makes: 422 where a whole object is 400, as kube-apiserver answers. */
function reportStrictErrors(
  unknownFields: readonly string[],
  {
    resource,
    object,
    options,
  }: {
    readonly resource: ServedResource;
    readonly object: ApiObject;
    readonly options: WriteOptions & { readonly patch?: boolean };
  },
): void {
  if (options.fieldValidation === 'Ignore') return;
  const texts = [...options.duplicates, ...unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`)];
  if (texts.length === 0) return;
  if (options.fieldValidation === 'Warn') {
    for (const text of texts) options.warn(text);
    return;
  }
  const message = `strict decoding error: ${texts.join(', ')}`;
  if (options.patch === true) {
    throw invalid(resource, nameOf(object), [
      { field: 'patch', type: 'FieldValueInvalid', message: `Invalid value: ${message}` },
    ]);
  }
  throw badRequest(`${cannotBeHandled(resource)}: ${message}`);
}

/** All that the schema finds, and the rules for names and labels where these have the right types. */
function schemaErrors(
  object: ApiObject,
  resource: ServedResource,
  { typeErrors, valueErrors }: Conformance,
): FieldError[] {
  const metadataIsTyped = !typeErrors.some(({ field }) => /^metadata\b/.test(field) || field === '');
  return [...typeErrors, ...valueErrors, ...(metadataIsTyped ? metadataErrors(object, resource) : [])];
}

function cannotBeHandled(resource: ServedResource): string {
  return `${resource.kind} in version ${JSON.stringify(resource.version)} cannot be handled as a ${resource.kind}`;
}

function nameOf(object: ApiObject): string {
  const name: unknown = object.metadata?.name;
  return typeof name === 'string' ? name : '';
}
