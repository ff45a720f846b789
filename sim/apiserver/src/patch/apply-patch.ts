import { applyMergePatch, isJsonObject } from '@margay/model';
import { ApiError, badRequest } from '../error.ts';
import type { ServedResource } from '../registry/served-resource.ts';
import type { ApiObject } from '../storage/entry.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

export const PATCH_TYPES = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
} as const;

type PatchType = (typeof PATCH_TYPES)[keyof typeof PATCH_TYPES];

/** Makes the patched object, a copy of its own. */
export type ApplyPatch = (current: ApiObject) => unknown;

/** The patches that a kind takes. Custom kinds have no lists that merge by key. */
export function patchTypesOf({ custom }: ServedResource): PatchType[] {
  return [PATCH_TYPES.json, PATCH_TYPES.merge, ...(custom ? [] : [PATCH_TYPES.strategic])];
}

export function isPatchType(mediaType: string, resource: ServedResource): mediaType is PatchType {
  return (patchTypesOf(resource) as string[]).includes(mediaType);
}

/** 415: a type that is not known here, or not for this kind. */
export function unknownPatchType(mediaType: string, resource: ServedResource): ApiError {
  return new ApiError(
    'UnsupportedMediaType',
    mediaType.startsWith('application/apply-patch')
      ? 'server-side apply is not supported by this server: use client-side apply'
      : `the body of the request was in an unknown format - accepted media types include: ${patchTypesOf(resource).join(', ')}`,
  );
}

/** Reads a patch of any type that the kind takes; null changes nothing, but is no merge patch. @throws {ApiError} 400: not a patch */
export async function compilePatch(mediaType: PatchType, body: unknown, resource: ServedResource): Promise<ApplyPatch> {
  if (body === null && mediaType !== PATCH_TYPES.merge) return (current) => structuredClone(current);
  switch (mediaType) {
    case PATCH_TYPES.merge:
      if (!isJsonObject(body)) throw badRequest('a merge patch must be an object');
      return (current) => structuredClone(applyMergePatch(current, body));
    case PATCH_TYPES.strategic:
      if (!isJsonObject(body)) throw badRequest('a strategic merge patch must be an object');
      return (current) => structuredClone(applyStrategicMergePatch(current, body, resource.schema, resource.resolve));
    case PATCH_TYPES.json:
      return compileJsonPatch(body);
  }
}

/** What can be wrong with an operation, by the names that the package `fast-json-patch` gives. */
const OPERATION_MISTAKES: Readonly<Record<string, string>> = {
  OPERATION_NOT_AN_OBJECT: 'an operation must be an object',
  OPERATION_OP_INVALID: 'op must be add, remove, replace, move, copy or test',
  OPERATION_PATH_INVALID: 'path must be empty or begin with /',
  OPERATION_FROM_REQUIRED: 'move and copy need from, a path',
  OPERATION_VALUE_REQUIRED: 'add, replace and test need a value',
  OPERATION_VALUE_CANNOT_CONTAIN_UNDEFINED: 'add, replace and test need a value',
  OPERATION_PATH_CANNOT_ADD: 'a part of the path is not there to add to',
  OPERATION_PATH_UNRESOLVABLE: 'there is nothing at the path',
  OPERATION_FROM_UNRESOLVABLE: 'there is nothing at from',
  OPERATION_PATH_ILLEGAL_ARRAY_INDEX: 'the place in a list must be a whole number, or - for its end',
  OPERATION_VALUE_OUT_OF_BOUNDS: 'the place is beyond the end of the list',
  TEST_OPERATION_FAILED: 'the value is not the one that is there',
};

/** RFC 6902. What does not fit the object is 422, as Kubernetes answers. */
async function compileJsonPatch(body: unknown): Promise<ApplyPatch> {
  if (!Array.isArray(body)) throw badRequest('a JSON patch must be a list of operations');
  // Loaded when needed: the server starts without it.
  const { default: jsonPatch } = await import('fast-json-patch');
  return (current) => {
    try {
      return jsonPatch.applyPatch(structuredClone(current), body, true).newDocument;
    } catch (error) {
      // Without details: with them kubectl would tell the name alone, and not what is wrong.
      throw new ApiError(
        'Invalid',
        `the server rejected our request due to an error in our request: ${operationMistake(error)}`,
      );
    }
  };
}

function operationMistake(error: unknown): string {
  const {
    name = '',
    index,
    operation,
  } = error as {
    name?: string;
    index?: number;
    operation?: { op?: unknown; path?: unknown } | null;
  };
  const which =
    index === undefined
      ? ''
      : `operation ${index} (${JSON.stringify(operation?.op)} at ${JSON.stringify(operation?.path)}): `;
  return `${which}${OPERATION_MISTAKES[name] ?? 'the patch does not fit the object'}`;
}
