import { ApiError, badRequest } from '../error.ts';
import type { ServedResource } from '../registry/served-resource.ts';
import type { ApiObject } from '../storage/entry.ts';
import { applyMergePatch, isMap } from './merge-patch.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

/** Makes the patched object, a copy of its own. */
export type ApplyPatch = (current: ApiObject) => unknown;

/**
 * Reads a patch of any type that the kind takes.
 *
 * @throws {ApiError} 400: not a patch; 415: a type that is not known here, or not for this kind.
 */
export async function compilePatch(mediaType: string, body: unknown, resource: ServedResource): Promise<ApplyPatch> {
  switch (mediaType) {
    case PATCH_TYPES.merge:
      if (!isMap(body)) throw badRequest('a merge patch must be an object');
      return (current) => structuredClone(applyMergePatch(current, body));
    case PATCH_TYPES.strategic:
      if (resource.custom) break;
      if (!isMap(body)) throw badRequest('a strategic merge patch must be an object');
      return (current) => structuredClone(applyStrategicMergePatch(current, body, resource.schema, resource.resolve));
    case PATCH_TYPES.json:
      return compileJsonPatch(body, resource);
  }
  if (mediaType.startsWith('application/apply-patch')) {
    throw new ApiError(
      'UnsupportedMediaType',
      'server-side apply is not supported by this server: use client-side apply',
    );
  }
  const types: string[] = [PATCH_TYPES.json, PATCH_TYPES.merge, ...(resource.custom ? [] : [PATCH_TYPES.strategic])];
  throw new ApiError(
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${types.join(', ')}`,
  );
}

/** RFC 6902. What does not fit the object is 422, as Kubernetes answers. */
async function compileJsonPatch(body: unknown, resource: ServedResource): Promise<ApplyPatch> {
  if (!Array.isArray(body)) throw badRequest('a JSON patch must be a list of operations');
  // Loaded when needed: the server starts without it.
  const { default: jsonPatch } = await import('fast-json-patch');
  return (current) => {
    try {
      return jsonPatch.applyPatch(structuredClone(current), body, true).newDocument;
    } catch (error) {
      const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
      throw new ApiError('Invalid', `the server rejected our request due to an error in our request: ${why}`, {
        name: current.metadata.name,
        kind: resource.plural,
      });
    }
  };
}
