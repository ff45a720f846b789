import protobuf from 'protobufjs/minimal.js';
import { badRequest } from '../error.ts';
import { DEFINITIONS, definitionName, NUMBERED_FIELDS } from '../kinds/definitions.ts';
import { BUILT_IN_RESOURCES } from '../kinds/index.ts';
import { apiVersionOf } from '../registry/served-resource.ts';
import type { NumberedFields } from '../schema/parse-numbers.ts';
import { REF_PREFIX, type Schema } from '../schema/schema.ts';
import { readSpecial } from './protobuf-special.ts';

/** Kubernetes' protobuf form, which kubectl and client-go send whatever the server prefers. */
export const PROTOBUF_MEDIA_TYPE = 'application/vnd.kubernetes.protobuf';

/** `k8s` and a zero byte stand before the message runtime.Unknown. */
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0]);

/** What is sent besides the kinds that are served. */
const OPTIONS: readonly string[] = ['DeleteOptions'];

/** The types of messages by API version and kind. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...BUILT_IN_RESOURCES.filter(({ schemaName }) => NUMBERED_FIELDS.get(schemaName)?.size).map(
    (resource) => [`${apiVersionOf(resource)} ${resource.kind}`, resource.schemaName] as const,
  ),
  ['v1 Binding', definitionName('Binding')],
  ['policy/v1 Eviction', definitionName('Eviction')],
]);

/** The object; undefined for a kind that is not understood in this form. @throws {ApiError} 400: malformed */
export function parseProtobuf(bytes: Buffer): object | undefined {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest('the body of the request is not Kubernetes protobuf: it does not begin with k8s and a zero byte');
  }
  try {
    const { apiVersion, kind, raw } = readEnvelope(bytes.subarray(MAGIC.length));
    if (kind === '') throw badRequest('the body of the request is malformed protobuf: it does not name its kind');
    const type = OPTIONS.includes(kind) ? definitionName(kind) : TYPES.get(`${apiVersion} ${kind}`);
    return type === undefined ? undefined : { apiVersion, kind, ...readType(raw, type) };
  } catch (error) {
    // What the reader throws when a message ends too early, or holds a type of field that there is not.
    if (
      !(error instanceof RangeError) &&
      !(error instanceof Error && /invalid wire type|index out/.test(error.message))
    ) {
      throw error;
    }
    throw badRequest(`the body of the request is malformed protobuf: ${error.message}`);
  }
}

function readEnvelope(bytes: Uint8Array): { apiVersion: string; kind: string; raw: Uint8Array } {
  let raw: Uint8Array = new Uint8Array();
  const type = ['', ''];
  readFields(bytes, (number, reader) => {
    if (number === 2) raw = reader.bytes();
    else if (number !== 1) return false;
    else {
      readFields(reader.bytes(), (inner, typeReader) => {
        if (inner !== 1 && inner !== 2) return false;
        type[inner - 1] = typeReader.string();
        return true;
      });
    }
    return true;
  });
  return { apiVersion: type[0] ?? '', kind: type[1] ?? '', raw };
}

/** Gives each field to `read`; one that it does not want is passed over. */
function readFields(
  bytes: Uint8Array,
  read: (number: number, reader: protobuf.Reader, wireType: number) => boolean,
): void {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (!read(tag >>> 3, reader, tag & 7)) reader.skipType(tag & 7);
  }
}

function readType(bytes: Uint8Array, type: string): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  readInto(result, bytes, NUMBERED_FIELDS.get(type) ?? new Map(), DEFINITIONS.get(type)?.properties ?? {});
  return result;
}

function readInto(
  result: Record<string, unknown>,
  bytes: Uint8Array,
  fields: NumberedFields,
  properties: Readonly<Record<string, Schema>>,
): void {
  readFields(bytes, (number, reader) => {
    const field = fields.get(number);
    if (field === undefined) return false;
    if ('inline' in field) {
      readInto(result, reader.bytes(), field.inline, properties);
      return true;
    }
    const schema = properties[field.name];
    if (schema === undefined) return false;
    addValue(result, field.name, schema, { reader, keepsZero: field.keepsZero });
    return true;
  });
}

function addValue(
  result: Record<string, unknown>,
  name: string,
  schema: Schema,
  { reader, keepsZero }: { readonly reader: protobuf.Reader; readonly keepsZero: boolean },
): void {
  if (schema.type === 'array') {
    const list = (result[name] ?? []) as unknown[];
    result[name] = [...list, readValue(reader, schema.items ?? {})];
  } else if (typeof schema.additionalProperties === 'object') {
    const [key, value] = readMapEntry(reader.bytes(), schema.additionalProperties);
    result[name] = { ...(result[name] as object | undefined), [key]: value };
  } else {
    const value = readValue(reader, schema);
    if (value !== undefined && (keepsZero || !isZero(value))) result[name] = value;
  }
}

/** Values that Go leaves out of JSON where it cannot tell them from absent ones. */
function isZero(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function readMapEntry(bytes: Uint8Array, schema: Schema): [key: string, value: unknown] {
  let key = '';
  let value: unknown = schema.type === 'string' ? '' : undefined;
  readFields(bytes, (number, reader) => {
    if (number === 1) key = reader.string();
    else if (number === 2) value = readValue(reader, schema);
    else return false;
    return true;
  });
  return [key, value];
}

function readValue(reader: protobuf.Reader, schema: Schema): unknown {
  if (schema.$ref !== undefined) {
    const type = schema.$ref.slice(REF_PREFIX.length);
    const bytes = reader.bytes();
    const special = readSpecial(bytes, type);
    return special === undefined ? readType(bytes, type) : special.value;
  }
  switch (schema.type) {
    case 'boolean':
      return reader.bool();
    case 'integer':
      return Number(reader.int64());
    case 'number':
      return reader.double();
    case 'object':
      return readType(reader.bytes(), '');
    default:
      return schema.format === 'byte' ? Buffer.from(reader.bytes()).toString('base64') : reader.string();
  }
}
