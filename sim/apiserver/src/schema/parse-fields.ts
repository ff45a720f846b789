import { REF_PREFIX, type Schema } from './schema.ts';

const PRIMITIVES: Readonly<Record<string, Schema>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  object: { type: 'object' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  byte: { type: 'string', format: 'byte' },
};

/**
 * Reads the compact notation of the files in ../kinds. A line at the margin
 * opens a type; the indented lines below it are its fields:
 *
 *     ContainerPort
 *       containerPort! int32
 *       protocol enum(SCTP,TCP,UDP) default=TCP
 *       names [string] set
 *       labels {string}
 *
 * `!` marks a required field, `[T]` a list, `{T}` a map of strings to T.
 * `merge=KEY` and `merge` say how a strategic merge patch treats a list,
 * `keys=A,B` what makes its elements distinct, `retainKeys` that the fields of
 * an element exclude each other, `atomic` (of a type) that it changes as a whole.
 * `#N` is the field's number in protobuf: see parse-numbers.ts; `always` and
 * `omitzero`: see parse-presence.ts.
 *
 * @param fullName the name that a type is published under
 */
export function parseFields(text: string, fullName: (type: string) => string): Map<string, Schema> {
  const types = new Map<string, Schema>();
  let properties: Record<string, Schema> = {};
  let required: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const words = line.trim().split(' ');
    const [head = '', ...rest] = words;
    if (!line.startsWith(' ')) {
      properties = {};
      required = [];
      const schema: Schema = { type: 'object', properties, required };
      if (rest.includes('atomic')) schema['x-kubernetes-map-type'] = 'atomic';
      types.set(fullName(head), schema);
      continue;
    }
    const name = head.endsWith('!') ? head.slice(0, -1) : head;
    if (head.endsWith('!')) required.push(name);
    const [type = '', ...marks] = rest;
    properties[name] = applyMarks(parseType(type, fullName), marks);
  }
  for (const schema of types.values()) if (schema.required?.length === 0) delete schema.required;
  return types;
}

function parseType(text: string, fullName: (type: string) => string): Schema {
  if (text.startsWith('[')) return { type: 'array', items: parseType(text.slice(1, -1), fullName) };
  if (text.startsWith('{')) return { type: 'object', additionalProperties: parseType(text.slice(1, -1), fullName) };
  if (text.startsWith('enum(')) return { type: 'string', enum: text.slice(5, -1).split(',') };
  const primitive = PRIMITIVES[text];
  return primitive === undefined ? { $ref: REF_PREFIX + fullName(text) } : { ...primitive };
}

function applyMarks(schema: Schema, marks: readonly string[]): Schema {
  const strategies: string[] = [];
  for (const mark of marks) {
    const [key, value] = mark.split('=');
    if (key === 'merge') {
      strategies.push('merge');
      if (value !== undefined) schema['x-kubernetes-patch-merge-key'] = value;
    } else if (key === 'retainKeys') strategies.push('retainKeys');
    else if (key === 'keys') {
      schema['x-kubernetes-list-type'] = 'map';
      schema['x-kubernetes-list-map-keys'] = (value ?? '').split(',');
    } else if (key === 'atomic') schema['x-kubernetes-map-type'] = 'atomic';
    else if (key === 'set') schema['x-kubernetes-list-type'] = 'set';
    else if (key === 'default') schema.default = value;
    else if (!mark.startsWith('#') && mark !== 'always' && mark !== 'omitzero')
      throw new Error(`the mark '${mark}' is not known`);
  }
  if (strategies.length > 0) schema['x-kubernetes-patch-strategy'] = strategies.join(',');
  return schema;
}
