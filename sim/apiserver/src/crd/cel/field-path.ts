import type { Schema } from '../../schema/schema.ts';

/**
 * The names of a rule's `fieldPath`, as `.spec.cidr` or `['spec'].cidr`;
 * undefined when the schema has no such field.
 */
export function locateField(schema: Schema, path: string): string[] | undefined {
  const names: string[] = [];
  let rest = path.trim();
  let at: Schema | undefined = schema;
  while (rest !== '' && at !== undefined) {
    const match = /^(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\['([^'\\]+)'\])/.exec(rest);
    if (match === null) return undefined;
    const name = (match[1] ?? match[2]) as string;
    names.push(name);
    rest = rest.slice(match[0].length);
    at = below(at, name);
  }
  return at === undefined || names.length === 0 ? undefined : names;
}

/** How a Status shows a field below the place of the rule. */
export function placeOf(names: readonly string[]): string {
  return names.map((name) => `.${name}`).join('');
}

function below({ properties, additionalProperties }: Schema, name: string): Schema | undefined {
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}
