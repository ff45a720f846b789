import type { ServedResource } from '../registry/served-resource.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** What can be done with a kind. Namespaces are deleted one by one only, as in Kubernetes. */
export function collectionVerbs({ kind, answer }: ServedResource): readonly string[] {
  if (answer !== undefined) return ['create'];
  return kind === 'Namespace' ? VERBS.filter((verb) => verb !== 'deletecollection') : VERBS;
}

/** What can be done with a subresource. */
export function subresourceVerbs(subresource: string): readonly string[] {
  if (subresource === 'binding') return ['create'];
  return subresource === 'finalize' ? ['update'] : ['get', 'patch', 'update'];
}

export function subresourceKind(resource: ServedResource, subresource: string): string {
  return subresource === 'binding' ? 'Binding' : resource.kind;
}
