/** What a path below /api or /apis names. */
export interface ResourcePath {
  readonly apiVersion: string;
  /** Empty where the path has nothing between its slashes: `namespaces//pods`. */
  readonly namespace: string | undefined;
  readonly plural: string;
  readonly name: string | undefined;
  readonly subresource: string | undefined;
}

/** Undefined for a path of another form. `segments` are decoded. */
export function parseResourcePath(segments: readonly string[]): ResourcePath | undefined {
  const [root, ...rest] = segments;
  const apiVersion =
    root === 'api' ? rest[0] : root === 'apis' && rest.length >= 2 ? `${rest[0]}/${rest[1]}` : undefined;
  if (apiVersion === undefined) return undefined;
  const path = rest.slice(root === 'api' ? 1 : 2);
  const ofNamespace =
    path[0] === 'namespaces' && path.length >= 3 && !(isNamespaceSubresource(path[2]) && path.length === 3);
  if (path.length === 0 || (ofNamespace ? path.slice(2) : path).includes('')) return undefined;
  const [plural = '', name, subresource, ...more] = ofNamespace ? path.slice(2) : path;
  if (more.length > 0) return undefined;
  return { apiVersion, namespace: ofNamespace ? path[1] : undefined, plural, name, subresource };
}

function isNamespaceSubresource(segment: string | undefined): boolean {
  return segment === 'status' || segment === 'finalize';
}

/**
 * Takes a request's target apart, whatever it looks like. Only `/` begins a
 * path that names something: `*` does not. Nothing is normalised: `..` is a name.
 */
export function parseTarget(target: string): { readonly pathname: string; readonly query: URLSearchParams } {
  const [, pathname = '', query = ''] = /^(?:https?:\/\/[^/?]*)?([^?]*)(?:\?(.*))?$/is.exec(target) ?? [];
  return { pathname, query: new URLSearchParams(query) };
}

/** The decoded segments of a path; undefined when it cannot be decoded. */
export function pathSegments(pathname: string): string[] | undefined {
  try {
    // A path of slashes alone keeps them: it is not the root.
    return pathname
      .replace(/(?<=[^/])\/+$/, '')
      .split('/')
      .slice(1)
      .map(decodeURIComponent);
  } catch {
    return undefined;
  }
}
