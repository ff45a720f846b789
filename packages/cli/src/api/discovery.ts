import { CliError } from '../error.ts';
import type { ApiClient } from './client.ts';
import { type ApiKind, apiVersionOf, qualifiedName } from './types.ts';

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The part of APIGroupDiscoveryList (apidiscovery.k8s.io/v2) that is read. */
interface DiscoveryList {
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly {
      readonly version: string;
      readonly resources?: readonly {
        readonly resource: string;
        readonly responseKind?: { readonly kind?: string };
        readonly scope?: string;
        readonly singularResource?: string;
        readonly shortNames?: readonly string[];
        readonly verbs?: readonly string[];
      }[];
    }[];
  }[];
}

/** All kinds of stored objects, in the server's order: the core group first, preferred versions before others. */
export async function discoverKinds(api: ApiClient): Promise<ApiKind[]> {
  const lists = await Promise.all(
    ['/api', '/apis'].map((path) => api.demand({ method: 'GET', path, accept: AGGREGATED })),
  );
  return lists.flatMap((list) => kindsOf(list as DiscoveryList));
}

function kindsOf({ items = [] }: DiscoveryList): ApiKind[] {
  return items.flatMap(({ metadata, versions = [] }) =>
    versions.flatMap(({ version, resources = [] }) =>
      resources.filter(isStored).map((resource) => {
        const kind = resource.responseKind?.kind ?? '';
        return {
          group: metadata?.name ?? '',
          version,
          kind,
          plural: resource.resource,
          singular: resource.singularResource || kind.toLowerCase(),
          shortNames: resource.shortNames ?? [],
          namespaced: resource.scope === 'Namespaced',
        };
      }),
    ),
  );
}

/** Not a question to the server, such as SelfSubjectAccessReview, that can only be posted. */
function isStored({ verbs = ['get'] }: { readonly verbs?: readonly string[] }): boolean {
  return verbs.includes('get');
}

/**
 * The kind that a user means: singular, plural or short name, or the kind,
 * in any case, alone or as `name.group` or `name.version.group`.
 *
 * @throws {CliError} `BAD_INPUT`
 */
export function resolveKind(text: string, kinds: readonly ApiKind[]): ApiKind {
  const wanted = text.toLowerCase();
  const found = kinds.find((kind) => namesOf(kind).includes(wanted));
  if (found !== undefined) return found;
  const known = [...new Set(kinds.map(qualifiedName))].sort().join(', ');
  throw new CliError('BAD_INPUT', `there is no kind '${text}'; there are: ${known}`);
}

function namesOf(kind: ApiKind): string[] {
  const { group, version } = kind;
  const names = [kind.plural, kind.singular, kind.kind.toLowerCase(), ...kind.shortNames];
  const suffixes = group === '' ? ['', `.${version}`] : ['', `.${group}`, `.${version}.${group}`];
  return names.flatMap((name) => suffixes.map((suffix) => name + suffix));
}

/** The kind of a manifest; undefined when the server does not serve it. */
export function findKind(
  { apiVersion, kind }: { readonly apiVersion: string; readonly kind: string },
  kinds: readonly ApiKind[],
): ApiKind | undefined {
  return kinds.find((candidate) => candidate.kind === kind && apiVersionOf(candidate) === apiVersion);
}
