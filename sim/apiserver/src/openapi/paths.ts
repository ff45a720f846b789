import { collectionVerbs, subresourceKind, subresourceVerbs } from '../discovery/verbs.ts';
import { definitionName } from '../kinds/definitions.ts';
import { patchTypesOf } from '../patch/apply-patch.ts';
import { apiVersionOf, type ServedResource } from '../registry/served-resource.ts';
import { REF_PREFIX } from '../schema/schema.ts';

const WRITE = ['dryRun', 'fieldManager', 'fieldValidation'];
const LIST = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];
const DELETE = ['dryRun', 'gracePeriodSeconds', 'propagationPolicy'];

/** The paths of one kind. kubectl reads from them what a kind can do, as `fieldValidation` on a patch. */
export function pathsOf(resource: ServedResource): Record<string, object> {
  const version = apiVersionOf(resource);
  const root = version.includes('/') ? `/apis/${version}` : `/api/${version}`;
  const base = resource.namespaced ? `${root}/namespaces/{namespace}/${resource.plural}` : `${root}/${resource.plural}`;
  const operation = operationsOf(resource);
  if (resource.answer !== undefined) return { [base]: { post: operation('post', WRITE, true) } };
  const object = `${base}/{name}`;
  const paths: Record<string, object> = {
    [base]: {
      get: operation('list', LIST),
      post: operation('post', WRITE, true),
      ...(collectionVerbs(resource).includes('deletecollection')
        ? { delete: operation('deletecollection', [...DELETE, ...LIST]) }
        : {}),
      parameters: pathParameters(base),
    },
    [object]: {
      get: operation('get', []),
      put: operation('put', WRITE, true),
      patch: operation('patch', [...WRITE, 'force'], true),
      delete: operation('delete', DELETE),
      parameters: pathParameters(object),
    },
  };
  if (resource.namespaced) paths[`${root}/${resource.plural}`] = { get: operation('list', LIST) };
  for (const subresource of resource.subresources) {
    const path = `${object}/${subresource}`;
    paths[path] = { ...subresourceOperations(resource, subresource), parameters: pathParameters(path) };
  }
  return paths;
}

function subresourceOperations(resource: ServedResource, subresource: string): object {
  const gvk = subresourceKind(resource, subresource);
  const schemaName = gvk.kind === resource.kind ? resource.schemaName : definitionName(gvk.kind);
  const operation = operationsOf({ ...resource, ...gvk, schemaName });
  const methods = { create: 'post', get: 'get', patch: 'patch', update: 'put' } as const;
  return Object.fromEntries(
    subresourceVerbs(subresource).map((verb) => {
      const method = methods[verb as keyof typeof methods];
      return [method, operation(method, verb === 'get' ? [] : WRITE, verb !== 'get')] as const;
    }),
  );
}

type MakeOperation = (action: string, parameters: readonly string[], body?: boolean) => object;

function operationsOf(resource: ServedResource): MakeOperation {
  const { group, version, kind, schemaName } = resource;
  const reference = (name: string): object => ({ 'application/json': { schema: { $ref: REF_PREFIX + name } } });
  // kubectl looks here for the patches that a kind takes.
  const patches = Object.fromEntries(patchTypesOf(resource).map((type) => [type, { schema: { type: 'object' } }]));
  return (action, parameters, body = false) => ({
    parameters: parameters.map((name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })),
    ...(body ? { requestBody: { content: action === 'patch' ? patches : reference(schemaName), required: true } } : {}),
    responses: { 200: { description: 'OK', content: reference(action === 'list' ? `${schemaName}List` : schemaName) } },
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': { group, version, kind },
  });
}

function pathParameters(path: string): object[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', uniqueItems: true },
  }));
}
