import type { ApiAnswer, ApiClient, Refusal } from '../api/client.ts';
import { type ApiObject, collectionPath, type JsonMap, objectPath } from '../api/types.ts';
import type { Target } from '../manifests/check-manifests.ts';
import { readLastApplied, withLastApplied } from './last-applied.ts';
import type { MergeSchemas } from './merge-schemas.ts';
import { mergePatchOf, mergeThreeWay } from './three-way-merge.ts';

export type Outcome = 'created' | 'configured' | 'unchanged';

export interface ApplyOptions {
  /** Ask the server what it would say, and change nothing. */
  readonly dryRun: boolean;
  /** What becomes of fields that the server does not know. */
  readonly fieldValidation: 'Strict' | 'Ignore';
}

/** How often an object that others write at the same time is read anew. */
const ATTEMPTS = 5;

/** One step of kubectl's client-side apply; a refusal of the server is an answer, not an error. */
export async function applyObject(
  api: ApiClient,
  schemas: MergeSchemas,
  target: Target,
  options: ApplyOptions,
): Promise<{ readonly outcome: Outcome } | { readonly refusal: Refusal }> {
  for (let attempt = 1; ; attempt += 1) {
    const current = await api.find(objectPath(target.kind, target.namespace, target.name));
    const result =
      current === undefined
        ? await create(api, target, options)
        : await patch(api, schemas, { target, current: current as ApiObject, options });
    // Another writer was faster, or made or deleted the object in between.
    const raced =
      'refusal' in result &&
      (result.refusal.httpStatus === 409 || (current !== undefined && result.refusal.httpStatus === 404));
    if (!raced || attempt === ATTEMPTS) return result;
  }
}

type Result = { readonly outcome: Outcome } | { readonly refusal: Refusal };

async function create(api: ApiClient, target: Target, options: ApplyOptions): Promise<Result> {
  const answer = await api.ask({
    method: 'POST',
    path: `${collectionPath(target.kind, target.namespace)}?${query(options)}`,
    body: wantedOf(target),
  });
  return 'refusal' in answer ? answer : { outcome: 'created' };
}

async function patch(
  api: ApiClient,
  schemas: MergeSchemas,
  {
    target,
    current,
    options,
  }: { readonly target: Target; readonly current: ApiObject; readonly options: ApplyOptions },
): Promise<Result> {
  const merged = mergeThreeWay({
    original: readLastApplied(current),
    modified: wantedOf(target),
    current,
    schema: await schemas.of(target.kind),
  });
  const changes = mergePatchOf(current, merged);
  if (Object.keys(changes).length === 0) return { outcome: 'unchanged' };
  const { resourceVersion } = current.metadata;
  // Lists are sent whole, so that nothing else may have changed since they were read.
  const body = { ...changes, metadata: { ...(changes.metadata as JsonMap | undefined), resourceVersion } };
  const answer = await api.ask({
    method: 'PATCH',
    path: `${objectPath(target.kind, target.namespace, target.name)}?${query(options)}`,
    type: 'application/merge-patch+json',
    body,
  });
  if ('refusal' in answer) return answer;
  return { outcome: versionOf(answer) === resourceVersion ? 'unchanged' : 'configured' };
}

function wantedOf({ manifest: { object }, kind, namespace }: Target): ApiObject {
  const { namespace: _given, ...metadata } = object.metadata;
  const placed = {
    ...object,
    metadata: kind.namespaced ? { ...metadata, namespace: namespace ?? 'default' } : metadata,
  };
  return withLastApplied(placed as ApiObject);
}

function versionOf(answer: Extract<ApiAnswer, { body: unknown }>): string | undefined {
  return (answer.body as ApiObject).metadata.resourceVersion;
}

function query({ dryRun, fieldValidation }: ApplyOptions): string {
  return new URLSearchParams({ fieldValidation, ...(dryRun && { dryRun: 'All' }), fieldManager: 'margay' }).toString();
}
