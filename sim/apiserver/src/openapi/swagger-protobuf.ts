import protobuf from 'protobufjs/minimal.js';
import type { Schema } from '../schema/schema.ts';
import {
  METHODS,
  type SwaggerDocument,
  type SwaggerOperation,
  type SwaggerParameter,
  type SwaggerPath,
} from './swagger.ts';

// The form in which kubectl asks for OpenAPI 2. Field numbers: the interface
// definition `openapi.v2` of gnostic, which Kubernetes publishes it in.

/** Writes the fields of one message. */
type Write = (writer: protobuf.Writer) => void;

const METHOD_FIELDS = { get: 2, put: 3, post: 4, delete: 5, patch: 8 } as const;

/** The document as an `openapi.v2.Document`. */
export function encodeSwagger({ swagger, info, paths, definitions }: SwaggerDocument): Buffer {
  const writer = protobuf.Writer.create();
  text(writer, 1, swagger);
  message(writer, 2, (inner) => {
    text(inner, 1, info.title);
    text(inner, 2, info.version);
  });
  message(writer, 8, (inner) => {
    for (const [path, item] of Object.entries(paths)) named(inner, 2, path, writePath(item));
  });
  message(writer, 9, (inner) => {
    for (const [name, schema] of Object.entries(definitions)) named(inner, 1, name, writeSchema(schema));
  });
  return Buffer.from(writer.finish());
}

function writePath(item: SwaggerPath): Write {
  return (writer) => {
    for (const method of METHODS) {
      const operation = item[method];
      if (operation !== undefined) message(writer, METHOD_FIELDS[method], writeOperation(operation));
    }
    for (const parameter of item.parameters ?? []) message(writer, 9, writeParameter(parameter));
  };
}

function writeOperation({ consumes = [], parameters, responses, ...extensions }: SwaggerOperation): Write {
  return (writer) => {
    for (const type of consumes) text(writer, 7, type);
    for (const parameter of parameters) message(writer, 8, writeParameter(parameter));
    message(writer, 9, (inner) => {
      for (const [code, { description, schema }] of Object.entries(responses)) {
        const response: Write = (fields) => {
          text(fields, 1, description);
          if (schema !== undefined) message(fields, 2, (item) => message(item, 1, writeSchema(schema)));
        };
        named(inner, 1, code, (value) => message(value, 1, response));
      }
    });
    writeExtensions(writer, 13, extensions);
  };
}

function writeParameter({ name, in: place, required, type = '', uniqueItems, schema }: SwaggerParameter): Write {
  const body: Write = (writer) => {
    text(writer, 2, name);
    text(writer, 3, place);
    flag(writer, 4, required);
    if (schema !== undefined) message(writer, 5, writeSchema(schema));
  };
  const path: Write = (writer) => {
    flag(writer, 1, required);
    text(writer, 2, place);
    text(writer, 4, name);
    text(writer, 5, type);
    flag(writer, 19, uniqueItems);
  };
  const query: Write = (writer) => {
    flag(writer, 1, required);
    text(writer, 2, place);
    text(writer, 4, name);
    text(writer, 6, type);
    flag(writer, 20, uniqueItems);
  };
  return (writer) =>
    message(writer, 1, (parameter) => {
      if (place === 'body') message(parameter, 1, body);
      else message(parameter, 2, (other) => (place === 'path' ? message(other, 4, path) : message(other, 3, query)));
    });
}

function writeSchema(schema: Schema): Write {
  return (writer) => {
    if (schema.$ref !== undefined) text(writer, 1, schema.$ref);
    if (schema.format !== undefined) text(writer, 2, schema.format);
    if (schema.description !== undefined) text(writer, 4, schema.description);
    if (schema.default !== undefined) message(writer, 5, writeAny(schema.default));
    for (const name of schema.required ?? []) text(writer, 19, name);
    for (const value of schema.enum ?? []) message(writer, 20, writeAny(value));
    const { additionalProperties: extra, items, type } = schema;
    if (typeof extra === 'object') message(writer, 21, (inner) => message(inner, 1, writeSchema(extra)));
    else if (extra !== undefined) message(writer, 21, (inner) => flag(inner, 2, extra));
    if (type !== undefined) message(writer, 22, (inner) => text(inner, 1, type));
    if (items !== undefined) message(writer, 23, (inner) => message(inner, 1, writeSchema(items)));
    for (const part of schema.allOf ?? []) message(writer, 24, writeSchema(part));
    if (schema.properties !== undefined) {
      const properties = Object.entries(schema.properties);
      message(writer, 25, (inner) => {
        for (const [name, property] of properties) named(inner, 1, name, writeSchema(property));
      });
    }
    writeLimits(writer, schema);
    writeExtensions(writer, 31, schema);
  };
}

const LIMITS = [
  ['multipleOf', 6, 'double'],
  ['maximum', 7, 'double'],
  ['exclusiveMaximum', 8, 'bool'],
  ['minimum', 9, 'double'],
  ['exclusiveMinimum', 10, 'bool'],
  ['maxLength', 11, 'int64'],
  ['minLength', 12, 'int64'],
  ['maxItems', 14, 'int64'],
  ['minItems', 15, 'int64'],
  ['uniqueItems', 16, 'bool'],
  ['maxProperties', 17, 'int64'],
  ['minProperties', 18, 'int64'],
] as const;

function writeLimits(writer: protobuf.Writer, schema: Schema): void {
  if (schema.pattern !== undefined) text(writer, 13, schema.pattern);
  for (const [name, number, type] of LIMITS) {
    const value = schema[name];
    if (typeof value === 'boolean') flag(writer, number, value);
    else if (value !== undefined && type === 'double') writer.uint32(number * 8 + 1).double(value);
    else if (value !== undefined) writer.uint32(number * 8).int64(value);
  }
}

function writeExtensions(writer: protobuf.Writer, number: number, object: object): void {
  for (const [name, value] of Object.entries(object)) {
    if (name.startsWith('x-')) named(writer, number, name, writeAny(value));
  }
}

/** Any value, as YAML: which JSON is. */
function writeAny(value: unknown): Write {
  return (writer) => text(writer, 2, `${JSON.stringify(value)}\n`);
}

function named(writer: protobuf.Writer, number: number, name: string, value: Write): void {
  message(writer, number, (inner) => {
    text(inner, 1, name);
    message(inner, 2, value);
  });
}

function message(writer: protobuf.Writer, number: number, write: Write): void {
  writer.uint32(number * 8 + 2).fork();
  write(writer);
  writer.ldelim();
}

function text(writer: protobuf.Writer, number: number, value: string): void {
  writer.uint32(number * 8 + 2).string(value);
}

function flag(writer: protobuf.Writer, number: number, value: boolean | undefined): void {
  if (value === true) writer.uint32(number * 8).bool(true);
}
