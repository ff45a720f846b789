import type { ServedResource } from '../registry/served-resource.ts';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** The same in the order in which Kubernetes tells them of custom kinds. */
const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'];

/** Subresources that are no part of their object, but a kind of their own that is posted to it. */
const POSTED_KINDS: Readonly<
  Record<string, { readonly group: string; readonly version: string; readonly kind: string }>
> = {
  binding: { group: '', version: 'v1', kind: 'Binding' },
  eviction: { group: 'policy', version: 'v1', kind: 'Eviction' },
};

/** What can be done with a kind. Namespaces are deleted one by one only, as in Kubernetes. */
export function collectionVerbs({ kind, answer, custom }: ServedResource): readonly string[] {
  if (answer !== undefined) return ['create'];
  if (custom) return CUSTOM_VERBS;
  return kind === 'Namespace' ? VERBS.filter((verb) => verb !== 'deletecollection') : VERBS;
}

/** What can be done with a subresource. */
export function subresourceVerbs(subresource: string): readonly string[] {
  if (isPosted(subresource)) return ['create'];
  return subresource === 'finalize' ? ['update'] : ['get', 'patch', 'update'];
}

export function isPosted(subresource: string | undefined): boolean {
  return subresource !== undefined && POSTED_KINDS[subresource] !== undefined;
}

/** The kind of what a subresource takes or gives. */
export function subresourceKind(
  { group, version, kind }: ServedResource,
  subresource: string,
): { readonly group: string; readonly version: string; readonly kind: string } {
  return POSTED_KINDS[subresource] ?? { group, version, kind };
}
