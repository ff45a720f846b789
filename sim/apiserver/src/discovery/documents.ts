import type { ResourceCatalog } from '../registry/resource-catalog.ts';
import { apiVersionOf, type ServedResource } from '../registry/served-resource.ts';
import { collectionVerbs, subresourceKind, subresourceVerbs } from './verbs.ts';

/** GET /api, in the old form. */
export function coreVersions(): object {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

/** GET /apis, in the old form. */
export function groupList(catalog: ResourceCatalog): object {
  const groups = namedGroups(catalog).map((group) => groupDocument(catalog, group));
  return { kind: 'APIGroupList', apiVersion: 'v1', groups };
}

/** GET /apis/GROUP; undefined when there is no such group. */
export function apiGroup(catalog: ResourceCatalog, group: string): object | undefined {
  if (!namedGroups(catalog).includes(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupDocument(catalog, group) };
}

function groupDocument(catalog: ResourceCatalog, group: string): object {
  const versions = versionsOf(catalog, group).map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions, preferredVersion: versions[0] };
}

/** GET /api/v1 or /apis/GROUP/VERSION, in the old form; undefined when it is not served. */
export function resourceList(catalog: ResourceCatalog, groupVersion: string): object | undefined {
  const resources = catalog.all().filter((resource) => apiVersionOf(resource) === groupVersion);
  if (resources.length === 0) return undefined;
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion,
    resources: resources.flatMap((resource) => [
      { name: resource.plural, ...naming(resource), kind: resource.kind, verbs: collectionVerbs(resource) },
      ...resource.subresources.map((subresource) => ({
        name: `${resource.plural}/${subresource}`,
        singularName: '',
        namespaced: resource.namespaced,
        ...shownKind(resource, subresource),
        verbs: subresourceVerbs(subresource),
      })),
    ]),
  };
}

/** Group and version are told where they are not those of the object. */
function shownKind(resource: ServedResource, subresource: string): object {
  const { group, version, kind } = subresourceKind(resource, subresource);
  return group === resource.group ? { kind } : { group, version, kind };
}

function naming({ singular, namespaced, shortNames, categories }: ServedResource): object {
  return {
    singularName: singular,
    namespaced,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
}

/** GET /api or /apis in one document (apidiscovery.k8s.io): all groups with all that they serve. */
export function aggregatedDiscovery(catalog: ResourceCatalog, scope: 'core' | 'named', version: 'v2'): object {
  const groups = scope === 'core' ? [''] : namedGroups(catalog);
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((group) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versionsOf(catalog, group).map((name) => ({
        version: name,
        resources: catalog
          .all()
          .filter((resource) => resource.group === group && resource.version === name)
          .map(discoveredResource),
        freshness: 'Current',
      })),
    })),
  };
}

function discoveredResource(resource: ServedResource): object {
  const { group, version, plural, singular, namespaced, shortNames, categories, kind } = resource;
  return {
    resource: plural,
    responseKind: { group, version, kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs: collectionVerbs(resource),
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    subresources: resource.subresources.map((subresource) => ({
      subresource,
      responseKind: subresourceKind(resource, subresource),
      verbs: subresourceVerbs(subresource),
    })),
  };
}

function namedGroups(catalog: ResourceCatalog): string[] {
  return [...new Set(catalog.all().map(({ group }) => group))].filter((group) => group !== '').sort();
}

function versionsOf(catalog: ResourceCatalog, group: string): string[] {
  const versions = catalog.all().filter((resource) => resource.group === group);
  return [...new Set(versions.map(({ version }) => version))];
}
