import { type IPPool, validateIpPool } from '@margay/model';
import { findKind } from '../api/discovery.ts';
import { type ApiKind, type ApiObject, apiVersionOf, isMap } from '../api/types.ts';
import { type Manifest, type Problem, problemOf } from './manifest.ts';

/** An object of the input whose kind is known. */
export interface Target {
  readonly manifest: Manifest;
  readonly kind: ApiKind;
  /** Undefined for kinds that are in no namespace. */
  readonly namespace: string | undefined;
  readonly name: string;
  /** The same input creates the kind: the server does not know it yet. */
  readonly kindIsNew: boolean;
}

export interface CheckedInput {
  readonly targets: readonly Target[];
  readonly problems: readonly Problem[];
}

const CRD = 'CustomResourceDefinition';

/**
 * Finds the kinds of the input's objects, and mistakes that the input alone
 * shows: unknown kinds, one object twice, pools that overlap.
 */
export function checkManifests(manifests: readonly Manifest[], kinds: readonly ApiKind[]): CheckedInput {
  const newKinds = manifests.flatMap(({ object }) => (object.kind === CRD ? kindsOfCrd(object) : []));
  const targets: Target[] = [];
  const problems: Problem[] = [];
  for (const manifest of manifests) {
    const served = findKind(manifest.object, kinds);
    const kind = served ?? findKind(manifest.object, newKinds);
    if (kind === undefined) problems.push(unknownKind(manifest, kinds));
    else targets.push(targetOf(manifest, kind, served === undefined));
  }
  problems.push(...duplicates(targets), ...poolOverlaps(targets));
  return { targets, problems };
}

function targetOf(manifest: Manifest, kind: ApiKind, kindIsNew: boolean): Target {
  const { name, namespace } = manifest.object.metadata;
  return { manifest, kind, name, namespace: kind.namespaced ? namespace || 'default' : undefined, kindIsNew };
}

function unknownKind(manifest: Manifest, kinds: readonly ApiKind[]): Problem {
  const { apiVersion, kind } = manifest.object;
  const near = kinds.find((candidate) => candidate.kind.toLowerCase() === kind.toLowerCase());
  if (near === undefined) return problemOf(manifest, 'kind', `the API server knows no kind ${kind} of ${apiVersion}`);
  const right = `apiVersion: ${apiVersionOf(near)}, kind: ${near.kind}`;
  const field = near.kind === kind ? 'apiVersion' : 'kind';
  return problemOf(manifest, field, `the API server knows no kind ${kind} of ${apiVersion}; write ${right}`);
}

function duplicates(targets: readonly Target[]): Problem[] {
  const first = new Map<string, Manifest>();
  return targets.flatMap(({ manifest, kind, namespace, name }) => {
    const key = [kind.group, kind.kind, namespace ?? '', name].join('/');
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, manifest);
      return [];
    }
    const place = `${earlier.file}:${earlier.lineOf('metadata.name')}`;
    return [problemOf(manifest, 'metadata.name', `the same object stands at ${place} already; leave one of them out`)];
  });
}

/** The server compares a pool with those it has; these are compared with each other. */
function poolOverlaps(targets: readonly Target[]): Problem[] {
  const pools = targets.filter(
    ({ kind, manifest }) =>
      kind.kind === 'IPPool' && isMap(manifest.object.spec) && typeof manifest.object.spec.cidr === 'string',
  );
  return pools.flatMap(({ manifest }, index) => {
    const pool = { ...manifest.object, spec: { cidr: (manifest.object.spec as { cidr: string }).cidr } } as IPPool;
    const earlier = pools.slice(0, index).map((other) => other.manifest.object as unknown as IPPool);
    return validateIpPool(pool, earlier)
      .filter(({ why }) => why.startsWith('overlaps'))
      .map(({ field, value, why }) => problemOf(manifest, field, `${JSON.stringify(value)} ${why}`));
  });
}

function kindsOfCrd({ spec }: ApiObject): ApiKind[] {
  if (!isMap(spec) || !isMap(spec.names) || !Array.isArray(spec.versions)) return [];
  const { group, scope, names } = spec;
  const { kind, plural, singular } = names;
  if (typeof group !== 'string' || typeof kind !== 'string' || typeof plural !== 'string') return [];
  return spec.versions.filter(isMap).map(({ name }) => ({
    group,
    version: String(name),
    kind,
    plural,
    singular: typeof singular === 'string' && singular !== '' ? singular : kind.toLowerCase(),
    shortNames: [],
    namespaced: scope === 'Namespaced',
  }));
}

/** The order in which objects can be created: kinds and namespaces before what needs them; else as they stand. */
export function inCreationOrder(targets: readonly Target[]): Target[] {
  const rank = ({ kind }: Target): number => (kind.kind === CRD ? 0 : kind.kind === 'Namespace' ? 1 : 2);
  return targets.toSorted((a, b) => rank(a) - rank(b));
}
