import type { Presence, Presences } from './parse-presence.ts';
import { canonicalQuantity } from './quantity.ts';
import { REF_PREFIX, type Schema } from './schema.ts';

type JsonMap = Record<string, unknown>;

export interface ShapeSource {
  readonly definitions: ReadonlyMap<string, Schema>;
  readonly presences: ReadonlyMap<string, Presences>;
}

/**
 * Gives an object of a Kubernetes type, in place, the form in which Go writes
 * it: empty fields go or stay as the type says, quantities are canonical. So
 * clients see the same fields as from a kube-apiserver, as `lastState: {}` and
 * `lastProbeTime: null`.
 */
export function shapeAsGo(object: JsonMap, type: string, source: ShapeSource): void {
  const properties = source.definitions.get(type)?.properties ?? {};
  for (const [name, presence] of source.presences.get(type) ?? []) {
    const schema = properties[name];
    if (schema === undefined) continue;
    const value = shaped(object[name] ?? undefined, schema, presence, source);
    if (value === undefined) delete object[name];
    else object[name] = value;
  }
}

/** The field's value; undefined: the field does not stand there. */
function shaped(value: unknown, schema: Schema, presence: Presence, source: ShapeSource): unknown {
  if (schema.$ref !== undefined) return shapedReference(value, schema.$ref, presence, source);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items?.$ref !== undefined) {
      for (const [index, item] of value.entries()) value[index] = shaped(item, items, 'always', source);
    }
    return value.length === 0 && presence === 'filled' ? undefined : value;
  }
  if (typeof value === 'object') {
    const map = value as JsonMap;
    const items = schema.additionalProperties;
    if (typeof items === 'object' && items.$ref !== undefined) {
      for (const [key, item] of Object.entries(map)) map[key] = shaped(item, items, 'always', source);
    }
    return Object.keys(map).length === 0 && presence === 'filled' ? undefined : map;
  }
  if (presence === 'filled') return isZero(value) ? undefined : value;
  return value === undefined && presence === 'always' ? zeroOf(schema) : value;
}

function shapedReference(value: unknown, reference: string, presence: Presence, source: ShapeSource): unknown {
  const type = reference.slice(REF_PREFIX.length);
  switch (type.slice(type.lastIndexOf('.') + 1)) {
    case 'Time':
    case 'MicroTime':
      // Null is how Go writes a time that is not set.
      return value === undefined && presence !== 'optional' ? null : value;
    case 'Quantity':
      if (value === undefined) return presence === 'optional' ? undefined : '0';
      return typeof value === 'string' || typeof value === 'number' ? canonicalQuantity(value) : value;
    case 'IntOrString':
      return value === undefined && presence !== 'optional' ? 0 : value;
    default:
      break;
  }
  if (value === undefined && presence === 'optional') return undefined;
  const object = value ?? {};
  if (typeof object === 'object') shapeAsGo(object as JsonMap, type, source);
  return object;
}

function isZero(value: unknown): boolean {
  return value === undefined || value === '' || value === 0 || value === false;
}

function zeroOf({ type }: Schema): unknown {
  if (type === 'boolean') return false;
  if (type === 'integer' || type === 'number') return 0;
  return type === 'string' ? '' : undefined;
}
