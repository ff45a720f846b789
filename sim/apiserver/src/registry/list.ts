import { ApiError, badRequest, type FieldError, invalid } from '../error.ts';
import { fieldPredicate } from '../selectors/field.ts';
import { labelPredicate } from '../selectors/label.ts';
import type { ApiObject, Entry } from '../storage/entry.ts';
import type { RegistryContext } from './context.ts';
import { collectionOf, type ServedResource } from './served-resource.ts';

export interface Selection {
  readonly namespace: string | undefined;
  readonly labelSelector: string;
  readonly fieldSelector: string;
}

export interface ListOptions extends Selection {
  /** 0: no limit. */
  readonly limit: number;
  readonly continueToken: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
}

export interface ListPage {
  readonly entries: readonly Entry[];
  readonly revision: number;
  /** Absent on the last page. */
  readonly continueToken?: string;
  readonly remaining?: number;
}

/** Compiles a selection. @throws {ApiError} 400 */
export function compileSelection(resource: ServedResource, selection: Selection): (entry: Entry) => boolean {
  const { namespace, labelSelector, fieldSelector } = selection;
  const tests: ((object: ApiObject) => boolean)[] = [];
  if (labelSelector !== '') tests.push(labelPredicate(labelSelector));
  if (fieldSelector !== '') tests.push(fieldPredicate(fieldSelector, resource.selectableFields));
  const prefix = namespace === undefined ? '' : `${namespace}/`;
  return (entry) => entry.key.startsWith(prefix) && tests.every((test) => test(entry.object));
}

/** Lists objects, in pages if asked; all pages show one revision. @throws {ApiError} 400, 410 or 504 */
export function listObjects({ store }: RegistryContext, resource: ServedResource, options: ListOptions): ListPage {
  const matches = compileSelection(resource, options);
  checkContinue(options);
  const position = options.continueToken === '' ? undefined : readToken(options.continueToken);
  const revision = position?.revision ?? revisionOf(options, store.revision);
  if (revision < store.oldestRevision) throw expired();
  const collection = collectionOf(resource);
  const all = store.listAt(collection, revision).filter((entry) => matches(entry));
  const start = position === undefined ? 0 : all.findIndex(({ key }) => key > position.after);
  const rest = start === -1 ? [] : all.slice(start);
  // kube-apiserver serves version 0 from its cache, whole; of events it has none.
  const limit = options.resourceVersion === '0' && resource.kind !== 'Event' ? 0 : options.limit;
  if (limit === 0 || rest.length <= limit) return { entries: rest, revision };
  const entries = rest.slice(0, limit);
  const after = (entries.at(-1) as Entry).key;
  const remaining = rest.length - entries.length;
  const selected = options.labelSelector !== '' || options.fieldSelector !== '';
  return { entries, revision, continueToken: writeToken(revision, after), ...(selected ? {} : { remaining }) };
}

/** What goes on is fixed: it cannot be asked for another version. */
function checkContinue({ continueToken, resourceVersion, resourceVersionMatch }: ListOptions): void {
  if (continueToken === '') return;
  if (resourceVersionMatch !== '') {
    throw invalidListOption('resourceVersionMatch', 'Forbidden: a list that goes on has its version already');
  }
  if (resourceVersion !== '' && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
}

/** A list shows the newest state, which is "not older than" anything; `Exact` shows what was asked. */
function revisionOf({ resourceVersion, resourceVersionMatch }: ListOptions, newest: number): number {
  checkVersionMatch(resourceVersion, resourceVersionMatch);
  if (resourceVersion === '' || resourceVersion === '0') return newest;
  const revision = parseRevision(resourceVersion);
  if (revision > newest) throw tooLarge(revision, newest);
  return resourceVersionMatch === 'Exact' ? revision : newest;
}

function checkVersionMatch(resourceVersion: string, match: string): void {
  if (match === '') return;
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    throw invalidListOption(
      'resourceVersionMatch',
      `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan"`,
      'FieldValueNotSupported',
    );
  }
  if (resourceVersion === '') {
    throw invalidListOption(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  if (match === 'Exact' && resourceVersion === '0') {
    throw invalidListOption(
      'resourceVersionMatch',
      'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
    );
  }
}

/** 422: an option of a list or a watch that cannot be. */
export function invalidListOption(
  field: string,
  message: string,
  type: FieldError['type'] = 'FieldValueForbidden',
): ApiError {
  const options = { group: 'meta.k8s.io', plural: '', kind: 'ListOptions' };
  return invalid(options, '', [{ field, type, message }]);
}

/** @throws {ApiError} 400 */
export function parseRevision(text: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw badRequest(`resourceVersion: Invalid value: ${JSON.stringify(text)}: must be a number`);
  return Number(text);
}

export function expired(): ApiError {
  return new ApiError('Expired', 'The resourceVersion for the provided watch or list is too old: list again.');
}

/** 504: a version that has not come, at least not in time. */
export function tooLarge(revision: number, newest: number): ApiError {
  return new ApiError('Timeout', `Timeout: Too large resource version: ${revision}, current: ${newest}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

function writeToken(revision: number, after: string): string {
  return Buffer.from(JSON.stringify([revision, after])).toString('base64url');
}

function readToken(token: string): { revision: number; after: string } {
  try {
    const [revision, after] = JSON.parse(Buffer.from(token, 'base64url').toString()) as unknown[];
    if (typeof revision === 'number' && typeof after === 'string') return { revision, after };
  } catch {
    // Not a token of ours: said below.
  }
  throw badRequest('continue key is not valid');
}
