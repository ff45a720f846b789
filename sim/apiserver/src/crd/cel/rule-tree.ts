import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '../../error.ts';
import type { Schema } from '../../schema/schema.ts';
import { compileRules, type RuleSet } from './compile-rules.ts';

/** The rules of a schema and of all below it. */
export interface RuleTree {
  readonly rules: RuleSet | undefined;
  readonly properties: ReadonlyMap<string, RuleTree>;
  readonly values: RuleTree | undefined;
  readonly items: RuleTree | undefined;
  /** How an item is found in the old list: by these fields; undefined: it cannot be. */
  readonly keys: readonly string[] | undefined;
}

/** Of an object's metadata rules may read the name alone. Source: Kubernetes, CRD validation rules. */
const RULE_METADATA: Schema = {
  type: 'object',
  properties: { name: { type: 'string' }, generateName: { type: 'string' } },
};

/** The schema as rules see it: with the fields that every object has. */
function rootSchema(schema: Schema): Schema {
  const text: Schema = { type: 'string' };
  return { ...schema, properties: { ...schema.properties, apiVersion: text, kind: text, metadata: RULE_METADATA } };
}

/** Compiles the rules of a definition's schema; undefined when there are none. */
export function compileRuleTree(
  schema: Schema,
  place: string,
): { readonly tree: RuleTree | undefined; readonly errors: readonly FieldError[] } {
  const errors: FieldError[] = [];
  const tree = build(rootSchema(schema), place, true, errors);
  return { tree, errors };
}

function build(schema: Schema, place: string, correlatable: boolean, errors: FieldError[]): RuleTree | undefined {
  const own = compileRules(schema, place, correlatable);
  errors.push(...own.errors);
  const properties = new Map<string, RuleTree>();
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const tree = build(property, `${place}.properties[${name}]`, correlatable, errors);
    if (tree !== undefined) properties.set(name, tree);
  }
  const extra = schema.additionalProperties;
  const values =
    typeof extra === 'object' ? build(extra, `${place}.additionalProperties`, correlatable, errors) : undefined;
  const keys = schema['x-kubernetes-list-type'] === 'map' ? (schema['x-kubernetes-list-map-keys'] ?? []) : undefined;
  const items =
    schema.items === undefined
      ? undefined
      : build(schema.items, `${place}.items`, correlatable && keys !== undefined, errors);
  if (own.rules === undefined && properties.size === 0 && values === undefined && items === undefined) return undefined;
  return { rules: own.rules, properties, values, items, keys };
}

/** Judges an object whose types are right; `previous` is undefined for a new one. */
export function judgeObject(tree: RuleTree, object: unknown, previous: unknown): FieldError[] {
  return judge(tree, object, previous, '');
}

function judge(tree: RuleTree, value: unknown, previous: unknown, path: string): FieldError[] {
  if (value === undefined || value === null) return [];
  const before = previous === null ? undefined : previous;
  const errors = tree.rules?.judge(value, before, path) ?? [];
  if (Array.isArray(value)) errors.push(...judgeItems(tree, value, before, path));
  else if (typeof value === 'object') errors.push(...judgeFields(tree, value, before, path));
  return errors;
}

function judgeFields({ properties, values }: RuleTree, value: object, previous: unknown, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const before = (name: string): unknown =>
    typeof previous === 'object' && previous !== null && Object.hasOwn(previous, name)
      ? (previous as Record<string, unknown>)[name]
      : undefined;
  for (const [name, child] of Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const property = properties.get(name);
    if (property !== undefined) {
      errors.push(...judge(property, child, before(name), path === '' ? name : `${path}.${name}`));
    } else if (values !== undefined) errors.push(...judge(values, child, before(name), `${path}[${name}]`));
  }
  return errors;
}

function judgeItems(
  { items, keys }: RuleTree,
  list: readonly unknown[],
  previous: unknown,
  path: string,
): FieldError[] {
  if (items === undefined) return [];
  const identity = (item: unknown): unknown[] =>
    (keys ?? []).map((key) => (item as Record<string, unknown> | null)?.[key]);
  return list.flatMap((item, index) => {
    const before =
      keys === undefined || !Array.isArray(previous)
        ? undefined
        : (previous as unknown[]).find((other) => isDeepStrictEqual(identity(other), identity(item)));
    return judge(items, item, before, `${path}[${index}]`);
  });
}
