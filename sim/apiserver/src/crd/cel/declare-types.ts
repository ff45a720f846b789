import type { Environment } from '@marcbachmann/cel-js';
import type { Schema } from '../../schema/schema.ts';

/** How the values of one schema look to rules. */
export interface RuleType {
  /** The name of the type in the language of rules. */
  readonly name: string;
  /** Makes the value of a rule from that of an object. */
  readonly convert: (value: unknown) => unknown;
}

/** Words of the language: a field of such a name is `__in__`. Source: Kubernetes, CRD validation rules. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if'],
  ...['import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while'],
]);

const DYNAMIC: RuleType = { name: 'dyn', convert: toDynamic };

/** Makes the types of a schema known, those below first. Undefined: rules cannot see such a value. */
export class TypeDeclarer {
  readonly #environment: Environment;
  #count = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  declare(schema: Schema): RuleType | undefined {
    if (schema['x-kubernetes-int-or-string'] === true || schema.nullable === true) return DYNAMIC;
    switch (schema.type) {
      case 'string':
        return stringType(schema.format);
      case 'boolean':
        return { name: 'bool', convert: (value) => value };
      case 'integer':
        return { name: 'int', convert: (value) => BigInt(value as number) };
      case 'number':
        return { name: 'double', convert: (value) => value };
      case 'array':
        return this.#listType(schema);
      case 'object':
        return this.#objectType(schema);
      default:
        return undefined;
    }
  }

  #listType({ items }: Schema): RuleType | undefined {
    const item = items === undefined ? undefined : this.declare(items);
    if (item === undefined) return undefined;
    const { name, convert } = item;
    return { name: `list<${name}>`, convert: (value) => (value as unknown[]).map(convert) };
  }

  #objectType(schema: Schema): RuleType | undefined {
    if (typeof schema.additionalProperties === 'object') return this.#mapType(schema.additionalProperties);
    const fields = new Map<string, RuleType>();
    const names = new Map<string, string>();
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const type = this.declare(property);
      const escaped = escapeName(name);
      if (type === undefined || escaped === undefined) continue;
      fields.set(escaped, type);
      names.set(name, escaped);
    }
    // A class of its own: the engine knows the type of a value by its class.
    const ctor = class {};
    const name = `Object${this.#count++}`;
    this.#environment.registerType(name, {
      ctor,
      fields: Object.fromEntries([...fields].map(([field, type]) => [field, type.name])),
    });
    const convert = (value: unknown): unknown => {
      const made = new ctor();
      for (const [key, child] of Object.entries(value as Record<string, unknown>)) {
        const escaped = names.get(key);
        const type = escaped === undefined ? undefined : fields.get(escaped);
        if (escaped !== undefined && type !== undefined) Object.assign(made, { [escaped]: type.convert(child) });
      }
      return made;
    };
    return { name, convert };
  }

  #mapType(values: Schema): RuleType | undefined {
    const type = this.declare(values);
    if (type === undefined) return undefined;
    const convert = (value: unknown): unknown =>
      new Map(Object.entries(value as Record<string, unknown>).map(([key, child]) => [key, type.convert(child)]));
    return { name: `map<string, ${type.name}>`, convert };
  }
}

/** Durations, bytes and the like are not seen by rules here: one that uses such a field is refused. */
function stringType(format: string | undefined): RuleType | undefined {
  if (format === 'date-time') return { name: 'timestamp', convert: (value) => new Date(value as string) };
  if (format === 'byte' || format === 'date' || format === 'duration') return undefined;
  return { name: 'string', convert: (value) => value };
}

function toDynamic(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toDynamic);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, child]) => [key, toDynamic(child)]));
}

/** The name of a field in rules; undefined when it can have none. */
export function escapeName(name: string): string | undefined {
  if (RESERVED.has(name)) return `__${name}__`;
  const escaped = name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(escaped) ? escaped : undefined;
}
