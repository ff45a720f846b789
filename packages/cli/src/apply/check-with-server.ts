import type { ApiClient, Refusal } from '../api/client.ts';
import { collectionPath } from '../api/types.ts';
import type { Target } from '../manifests/check-manifests.ts';
import { type Problem, problemOf } from '../manifests/manifest.ts';
import { applyObject } from './apply-object.ts';
import type { MergeSchemas } from './merge-schemas.ts';

const NAMESPACE_FOR_CHECKS = 'default';

/**
 * Has the server check every object without changing anything (`dryRun=All`,
 * `fieldValidation=Strict`). An object in a namespace that the same input
 * creates is checked in the namespace `default`, since its own is not there
 * yet: the server's rules for an object are the same in every namespace. An
 * object whose kind the same input creates cannot be checked here; then the
 * server checks it when it is created, after its kind.
 */
export async function checkWithServer(
  api: ApiClient,
  schemas: MergeSchemas,
  targets: readonly Target[],
): Promise<Problem[]> {
  const newNamespaces = new Set(targets.filter(({ kind }) => kind.kind === 'Namespace').map(({ name }) => name));
  const problems: Problem[] = [];
  for (const target of targets) {
    if (target.kindIsNew) continue;
    const isMoved =
      target.namespace !== undefined &&
      newNamespaces.has(target.namespace) &&
      (await api.find(`/api/v1/namespaces/${encodeURIComponent(target.namespace)}`)) === undefined;
    problems.push(...(await problemsOf(api, schemas, { target, isMoved })));
  }
  return problems;
}

async function problemsOf(
  api: ApiClient,
  schemas: MergeSchemas,
  { target, isMoved }: { readonly target: Target; readonly isMoved: boolean },
): Promise<Problem[]> {
  const check = (fieldValidation: 'Strict' | 'Ignore'): Promise<Refusal | undefined> =>
    isMoved ? checkElsewhere(api, target, fieldValidation) : checkInPlace(api, schemas, target, fieldValidation);
  const refusal = await check('Strict');
  if (refusal === undefined) return [];
  const unknown = unknownFields(refusal);
  if (unknown.length === 0) return refusalProblems(target, refusal);
  // The server stops at unknown fields: ask again without them for the other mistakes.
  const others = await check('Ignore');
  return [
    ...unknown.map((field) => problemOf(target.manifest, field, 'unknown field')),
    ...(others === undefined ? [] : refusalProblems(target, others)),
  ];
}

async function checkInPlace(
  api: ApiClient,
  schemas: MergeSchemas,
  target: Target,
  fieldValidation: 'Strict' | 'Ignore',
): Promise<Refusal | undefined> {
  const result = await applyObject(api, schemas, target, { dryRun: true, fieldValidation });
  return 'refusal' in result ? result.refusal : undefined;
}

async function checkElsewhere(
  api: ApiClient,
  { manifest, kind, name }: Target,
  fieldValidation: 'Strict' | 'Ignore',
): Promise<Refusal | undefined> {
  const path = `${collectionPath(kind, NAMESPACE_FOR_CHECKS)}?dryRun=All&fieldValidation=${fieldValidation}`;
  const ask = async (as: string): Promise<Refusal | undefined> => {
    const metadata = { ...manifest.object.metadata, name: as, namespace: NAMESPACE_FOR_CHECKS };
    const answer = await api.ask({ method: 'POST', path, body: { ...manifest.object, metadata } });
    return 'refusal' in answer ? answer.refusal : undefined;
  };
  const refusal = await ask(name);
  // One of that name is in `default`: any other name will do.
  if (refusal?.httpStatus === 409) return await ask(`${name.slice(0, 40)}-${process.pid}`);
  return refusal;
}

/** From `strict decoding error: unknown field "spec.a", unknown field "spec.b"`. */
function unknownFields({ message }: Refusal): string[] {
  return [...message.matchAll(/unknown field "([^"]+)"/g)].map(([, field = '']) => field);
}

export function refusalProblems({ manifest }: Target, { causes, message }: Refusal): Problem[] {
  const withField = causes.filter(({ field }) => field !== undefined && field !== '');
  if (withField.length === 0) return [problemOf(manifest, '', message)];
  return withField.map(({ field = '', message: why = '' }) => problemOf(manifest, field, why));
}
