import { isJsonObject } from '@margay/model';
import { badRequest } from '../error.ts';
import type { ResolveSchema, Schema } from '../schema/schema.ts';

type JsonMap = Record<string, unknown>;

const DELETE_FROM = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

/**
 * A strategic merge patch: a merge patch in which lists merge by the key that
 * the schema names. Directives: `$patch` (replace, delete, merge),
 * `$retainKeys`, `$deleteFromPrimitiveList/F` and `$setElementOrder/F`.
 * Source: Kubernetes community, "Strategic Merge Patch".
 *
 * @throws {ApiError} 400: a directive or an element that cannot be read
 */
export function applyStrategicMergePatch(
  target: JsonMap,
  patch: JsonMap,
  schema: Schema,
  resolve: ResolveSchema,
): JsonMap {
  return mergeMap(target, patch, schema, resolve);
}

function mergeMap(target: JsonMap, patch: JsonMap, given: Schema | undefined, resolve: ResolveSchema): JsonMap {
  const schema = given === undefined ? undefined : resolve(given);
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  if (patch.$patch !== undefined && patch.$patch !== 'merge')
    throw badRequest(`unknown patch type ${String(patch.$patch)}`);
  const result: JsonMap = { ...target };
  if (Array.isArray(patch.$retainKeys)) {
    for (const name of Object.keys(result)) if (!patch.$retainKeys.includes(name)) delete result[name];
  }
  for (const [name, value] of Object.entries(patch)) {
    if (name.startsWith('$')) continue;
    if (value === null) delete result[name];
    else result[name] = mergeValue(result[name], value, fieldSchema(schema, name), resolve);
  }
  for (const [name, value] of Object.entries(patch)) applyListDirective(result, name, value, schema);
  return result;
}

function mergeValue(target: unknown, value: unknown, schema: Schema | undefined, resolve: ResolveSchema): unknown {
  const merges = strategies(schema).includes('merge');
  if (isJsonObject(value)) {
    const replaces = strategies(schema).includes('replace');
    return mergeMap(isJsonObject(target) && !replaces ? target : {}, value, schema, resolve);
  }
  if (!Array.isArray(value) || !merges) return withoutDirectives(value);
  const list = Array.isArray(target) ? target : [];
  const key = schema?.['x-kubernetes-patch-merge-key'];
  if (key === undefined) return [...list, ...value.filter((item) => !list.includes(item))];
  return mergeList(list, value, key, (item, change) => mergeMap(item, change, schema?.items, resolve));
}

function mergeList(
  list: readonly unknown[],
  patch: readonly unknown[],
  key: string,
  merge: (item: JsonMap, change: JsonMap) => JsonMap,
): unknown[] {
  const changes = patch.map((item) => {
    if (!isJsonObject(item)) throw badRequest(`a list that merges by '${key}' must have objects as elements`);
    return item;
  });
  if (changes.some((change) => change.$patch === 'replace')) {
    return changes.filter((change) => change.$patch !== 'replace').map(withoutDirectives);
  }
  const result = [...list] as JsonMap[];
  for (const change of changes) {
    const identity = change[key];
    if (identity === undefined) throw badRequest(`an element lacks its merge key '${key}'`);
    const index = result.findIndex((item) => item[key] === identity);
    if (change.$patch === 'delete') {
      if (index !== -1) result.splice(index, 1);
    } else if (index === -1) result.push(merge({}, change));
    else result[index] = merge(result[index] as JsonMap, change);
  }
  return result;
}

function applyListDirective(result: JsonMap, directive: string, value: unknown, schema: Schema | undefined): void {
  if (!Array.isArray(value)) return;
  if (directive.startsWith(DELETE_FROM)) {
    const name = directive.slice(DELETE_FROM.length);
    const list = result[name];
    if (Array.isArray(list)) result[name] = list.filter((item) => !value.includes(item));
  } else if (directive.startsWith(ELEMENT_ORDER)) {
    const name = directive.slice(ELEMENT_ORDER.length);
    const list = result[name];
    const key = fieldSchema(schema, name)?.['x-kubernetes-patch-merge-key'];
    if (Array.isArray(list)) result[name] = ordered(list, value, key);
  }
}

/** Elements in the order of the patch; one that the patch does not know stays behind what it stood behind. */
function ordered(list: readonly unknown[], order: readonly unknown[], key: string | undefined): unknown[] {
  const identity = (item: unknown): unknown => (key !== undefined && isJsonObject(item) ? item[key] : item);
  const wanted = order.map(identity);
  const result = wanted.flatMap((id) => list.filter((item) => identity(item) === id));
  for (const [index, item] of list.entries()) {
    if (wanted.includes(identity(item))) continue;
    const before = index === 0 ? -1 : result.indexOf(list[index - 1]);
    result.splice(before + 1, 0, item);
  }
  return result;
}

function withoutDirectives<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutDirectives) as T;
  if (!isJsonObject(value)) return value;
  const kept = Object.entries(value).filter(([name, item]) => !name.startsWith('$') && item !== null);
  return Object.fromEntries(kept.map(([name, item]) => [name, withoutDirectives(item)])) as T;
}

function fieldSchema(schema: Schema | undefined, name: string): Schema | undefined {
  const extra = schema?.additionalProperties;
  return schema?.properties?.[name] ?? (typeof extra === 'object' ? extra : undefined);
}

function strategies(schema: Schema | undefined): string[] {
  return schema?.['x-kubernetes-patch-strategy']?.split(',') ?? [];
}
