import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definitionName, resolveDefinition } from '../kinds/definitions.ts';
import { conform } from './conform.ts';
import { REF_PREFIX, type Schema } from './schema.ts';

const OPTIONS = { resolve: resolveDefinition, unique: true };

function fields(value: unknown, schema: Schema): object {
  const { unknownFields, typeErrors, valueErrors } = conform(value, schema, OPTIONS);
  const paths = (errors: readonly { field: string }[]): string[] => errors.map(({ field }) => field);
  return { unknown: unknownFields, type: paths(typeErrors), value: paths(valueErrors) };
}

const WIDGET: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 2, pattern: '^[a-z]+$' },
    size: { type: 'integer', minimum: 1, maximum: 9, default: 3 },
    ratio: { type: 'number' },
    color: { type: 'string', enum: ['red', 'blue'] },
    parts: { type: 'array', maxItems: 2, items: { type: 'object', properties: { id: { type: 'integer' } } } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    note: { type: 'string', nullable: true },
    port: { 'x-kubernetes-int-or-string': true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    keyed: {
      type: 'array',
      items: { type: 'object', properties: { key: { type: 'string' } } },
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['key'],
    },
  },
};

describe('conform', () => {
  it('fills in defaults, and removes unknown fields and nulls', () => {
    const value = { name: 'ab', extra: 1, parts: [{ id: 1, more: 2 }], color: null, note: null, free: { any: 1 } };
    expect(fields(value, WIDGET)).toEqual({ unknown: ['extra', 'parts[0].more'], type: [], value: [] });
    expect(value).toEqual({ name: 'ab', size: 3, parts: [{ id: 1 }], note: null, free: { any: 1 } });
  });

  it.each([
    { name: 'a wrong type', value: { name: 1 }, type: ['name'], bad: [] },
    { name: 'a fraction for a whole number', value: { name: 'ab', size: 1.5 }, type: ['size'], bad: [] },
    { name: 'a missing field', value: {}, type: [], bad: ['name'] },
    { name: 'a pattern and a length', value: { name: '1' }, type: [], bad: ['name', 'name'] },
    { name: 'a range', value: { name: 'ab', size: 10 }, type: [], bad: ['size'] },
    { name: 'an enumeration', value: { name: 'ab', color: 'green' }, type: [], bad: ['color'] },
    { name: 'a list that is too long', value: { name: 'ab', parts: [{}, {}, {}] }, type: [], bad: ['parts'] },
    { name: 'a map value', value: { name: 'ab', labels: { a: 1 } }, type: ['labels[a]'], bad: [] },
    { name: 'a boolean for a number or text', value: { name: 'ab', port: true }, type: ['port'], bad: [] },
    { name: 'a repeated element of a set', value: { name: 'ab', tags: ['x', 'x'] }, type: [], bad: ['tags[1]'] },
    { name: 'a repeated key', value: { name: 'ab', keyed: [{ key: 'x' }, { key: 'x' }] }, type: [], bad: ['keyed[1]'] },
    { name: 'a list for an object', value: [], type: [''], bad: [] },
  ])('reports $name', ({ value, type, bad }) => {
    expect(fields(value, WIDGET)).toEqual({ unknown: [], type, value: bad });
  });

  it('takes a whole number where a number is wanted, and either where both are', () => {
    for (const port of [80, 'http']) {
      expect(fields({ name: 'ab', ratio: 2, port }, WIDGET)).toEqual({ unknown: [], type: [], value: [] });
    }
  });

  it('knows the fields of a pod, however deep', () => {
    const container = { name: 'c', env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'x', y: 1 } } }] };
    const pod = { spec: { containers: [container] } };
    const schema = { $ref: REF_PREFIX + definitionName('Pod') };
    expect(fields(pod, schema)).toMatchObject({ unknown: ['spec.containers[0].env[0].valueFrom.fieldRef.y'] });
  });

  it.each([
    { name: 'oneOf', value: {}, bad: true },
    { name: 'oneOf', value: { a: 1 }, bad: false },
    { name: 'oneOf', value: { a: 1, b: 1 }, bad: true },
    { name: 'not', value: { a: 7 }, bad: true },
  ])('judges $value by $name', ({ value, bad }) => {
    const count: Schema = { type: 'integer' };
    const schema: Schema = {
      type: 'object',
      properties: { a: count, b: count },
      oneOf: [{ required: ['a'] }, { required: ['b'] }],
      not: { required: ['a'], properties: { a: { enum: [7] } } },
    };
    const before = structuredClone(value);
    expect(conform(value, schema, OPTIONS).valueErrors.length > 0).toBe(bad);
    expect(value).toEqual(before);
  });

  it('finds a mistake exactly where ajv finds one', () => {
    const schema: Schema = {
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: 'integer', minimum: 0, maximum: 3 },
        b: { type: 'string', enum: ['x', 'y'] },
        c: { type: 'array', minItems: 1, maxItems: 2, items: { type: 'boolean' } },
        d: { type: 'object', properties: { e: { type: 'number' } } },
      },
    };
    const strict = JSON.parse(
      JSON.stringify(schema, (_key, value: unknown) =>
        typeof value === 'object' && value !== null && 'properties' in value
          ? { ...value, additionalProperties: false }
          : value,
      ),
    ) as object;
    const validate = new Ajv({ strict: false }).compile(strict);
    const leaf = fc.oneof(fc.integer({ min: -1, max: 5 }), fc.constantFrom('x', 'y', 'z'), fc.boolean(), fc.double());
    const arbitrary = fc.record(
      {
        a: leaf,
        b: leaf,
        c: fc.oneof(leaf, fc.array(leaf, { maxLength: 3 })),
        d: fc.record({ e: leaf, f: leaf }, { requiredKeys: [] }),
        g: leaf,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(arbitrary, (generated) => {
        const value = JSON.parse(
          JSON.stringify(generated, (_key, item: unknown) => (item === null ? 0 : item)),
        ) as object;
        // JSON has no NaN or infinity: they arrive as null, which Kubernetes takes for absent.
        fc.pre(!JSON.stringify(value).includes('null'));
        const valid = validate(structuredClone(value));
        const { unknownFields, typeErrors, valueErrors } = conform(value, schema, OPTIONS);
        expect(unknownFields.length + typeErrors.length + valueErrors.length === 0).toBe(valid);
      }),
    );
  });
});
