import { isDeepStrictEqual } from 'node:util';
import { isMap, type JsonMap } from '../api/types.ts';
import type { MergeSchema } from './merge-schema.ts';

export interface MergeInput {
  /** What the last apply set; undefined for none. */
  readonly original: unknown;
  /** What is wanted now. */
  readonly modified: JsonMap;
  /** What is there. */
  readonly current: JsonMap;
  /** Without one all lists are single values, as in custom resources. */
  readonly schema: MergeSchema | undefined;
}

/** What `protocol` is when a port does not say (Kubernetes API, ContainerPort and ServicePort). */
const KEY_DEFAULTS: Readonly<Record<string, unknown>> = { protocol: 'TCP' };

/**
 * The object as it shall be: all of `modified`; of the rest of `current`, what
 * `original` did not set, since somebody else did. This is the three-way merge
 * of `kubectl apply`. Pure; the inputs are not changed.
 */
export function mergeThreeWay({ original, modified, current, schema }: MergeInput): JsonMap {
  const before = isMap(original) ? original : {};
  const result: JsonMap = { ...current };
  for (const name of Object.keys(before)) if (!isGiven(modified[name])) delete result[name];
  if (schema?.retainsKeys) for (const name of Object.keys(result)) if (!isGiven(modified[name])) delete result[name];
  for (const [name, value] of Object.entries(modified)) {
    if (!isGiven(value)) delete result[name];
    else result[name] = mergeValue(before[name], value, current[name], schema?.field(name));
  }
  return result;
}

function mergeValue(original: unknown, modified: unknown, current: unknown, schema: MergeSchema | undefined): unknown {
  if (isMap(modified)) {
    return mergeThreeWay({ original, modified, current: isMap(current) ? current : {}, schema });
  }
  if (!Array.isArray(modified) || !Array.isArray(current)) return modified;
  const before: unknown[] = Array.isArray(original) ? original : [];
  if (schema?.isSet) {
    return inOrder({
      wanted: modified,
      present: current,
      removed: before,
      identity: (item) => item,
      merge: (item) => item,
    });
  }
  if (schema?.keys === undefined || ![...modified, ...current].every(isMap)) return modified;
  const { keys } = schema;
  const identity = (item: unknown): unknown =>
    keys.map((key) => (isMap(item) ? item[key] : undefined) ?? KEY_DEFAULTS[key]);
  const elements = { ...schema.items, retainsKeys: schema.retainsKeys } as MergeSchema;
  return inOrder({
    wanted: modified,
    present: current,
    removed: before,
    identity,
    merge: (item, there) => {
      const earlier = before.find((other) => isDeepStrictEqual(identity(other), identity(item)));
      return mergeThreeWay({
        original: earlier,
        modified: item as JsonMap,
        current: isMap(there) ? there : {},
        schema: schema.items === undefined ? undefined : elements,
      });
    },
  });
}

/**
 * All that is wanted, and what is there without having been set by the last
 * apply. Nothing moves while the wanted elements stand in their order already,
 * so that merging again changes nothing.
 */
function inOrder({
  wanted,
  present,
  removed,
  identity,
  merge,
}: {
  readonly wanted: readonly unknown[];
  readonly present: readonly unknown[];
  readonly removed: readonly unknown[];
  readonly identity: (item: unknown) => unknown;
  readonly merge: (item: unknown, there: unknown) => unknown;
}): unknown[] {
  const find = (list: readonly unknown[], item: unknown): unknown =>
    list.find((other) => isDeepStrictEqual(identity(other), identity(item)));
  const merged = wanted.map((item) => merge(item, find(present, item)));
  const kept = present.filter((item) => find(wanted, item) !== undefined || find(removed, item) === undefined);
  const order = kept.filter((item) => find(wanted, item) !== undefined).map(identity);
  if (isDeepStrictEqual(order, wanted.map(identity))) return kept.map((item) => find(merged, item) ?? item);
  return [...merged, ...kept.filter((item) => find(wanted, item) === undefined)];
}

/** Null means that the field shall not be there. */
function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** The JSON merge patch (RFC 7396) that makes `wanted` of `current`; empty when nothing differs. */
export function mergePatchOf(current: JsonMap, wanted: JsonMap): JsonMap {
  const patch: JsonMap = {};
  for (const name of Object.keys(current)) if (!(name in wanted)) patch[name] = null;
  for (const [name, value] of Object.entries(wanted)) {
    const there = current[name];
    if (isDeepStrictEqual(there, value)) continue;
    if (!isMap(there) || !isMap(value)) patch[name] = value;
    else patch[name] = mergePatchOf(there, value);
  }
  return patch;
}
