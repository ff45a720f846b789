import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonMap } from '../api/types.ts';
import type { MergeSchema } from './merge-schema.ts';
import { mergePatchOf, mergeThreeWay } from './three-way-merge.ts';

const PLAIN: MergeSchema = {
  field: () => undefined,
  items: undefined,
  keys: undefined,
  isSet: false,
  retainsKeys: false,
};
const PORTS: MergeSchema = { ...PLAIN, items: PLAIN, keys: ['containerPort', 'protocol'] };
const CONTAINERS: MergeSchema = {
  ...PLAIN,
  items: { ...PLAIN, field: (name) => (name === 'ports' ? PORTS : undefined) },
  keys: ['name'],
};
const SCHEMA: MergeSchema = {
  ...PLAIN,
  field: (name) =>
    ({
      containers: CONTAINERS,
      ports: PORTS,
      finalizers: { ...PLAIN, isSet: true },
      volumes: { ...CONTAINERS, retainsKeys: true },
    })[name],
};

function merge(
  original: JsonMap,
  modified: JsonMap,
  current: JsonMap,
  schema: MergeSchema | undefined = SCHEMA,
): JsonMap {
  return mergeThreeWay({ original, modified, current, schema });
}

describe('mergeThreeWay', () => {
  it.each([
    { name: 'sets what is new', original: {}, modified: { a: 1 }, current: {}, result: { a: 1 } },
    { name: 'keeps what others set', original: {}, modified: { a: 1 }, current: { b: 2 }, result: { b: 2, a: 1 } },
    {
      name: 'removes what it set and no longer wants',
      original: { a: 1 },
      modified: {},
      current: { a: 1, b: 2 },
      result: { b: 2 },
    },
    {
      name: 'removes a field deep inside',
      original: { m: { a: 1, b: 1 } },
      modified: { m: { a: 1 } },
      current: { m: { a: 1, b: 1, c: 1 } },
      result: { m: { a: 1, c: 1 } },
    },
    {
      name: 'takes back what others changed',
      original: { a: 1 },
      modified: { a: 1 },
      current: { a: 2 },
      result: { a: 1 },
    },
    { name: 'removes for null', original: {}, modified: { a: null }, current: { a: 1 }, result: {} },
    {
      name: 'replaces a list without keys',
      original: {},
      modified: { l: [1] },
      current: { l: [2, 3] },
      result: { l: [1] },
    },
    {
      name: 'merges elements by their key',
      original: { containers: [{ name: 'x', image: '1' }] },
      modified: { containers: [{ name: 'x', image: '2' }] },
      current: {
        containers: [
          { name: 'side', image: 's' },
          { name: 'x', image: '1', pull: 'Always' },
        ],
      },
      result: {
        containers: [
          { name: 'side', image: 's' },
          { name: 'x', image: '2', pull: 'Always' },
        ],
      },
    },
    {
      name: 'removes an element that it set',
      original: { containers: [{ name: 'x' }, { name: 'y' }] },
      modified: { containers: [{ name: 'x' }] },
      current: { containers: [{ name: 'x' }, { name: 'y' }, { name: 'side' }] },
      result: { containers: [{ name: 'x' }, { name: 'side' }] },
    },
    {
      name: 'tells ports of one number apart by protocol, TCP when absent',
      original: { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] },
      modified: {
        ports: [
          { containerPort: 53, name: 'dns' },
          { containerPort: 53, protocol: 'UDP' },
        ],
      },
      current: {
        ports: [
          { containerPort: 53, protocol: 'TCP' },
          { containerPort: 53, protocol: 'UDP' },
        ],
      },
      result: {
        ports: [
          { containerPort: 53, protocol: 'TCP', name: 'dns' },
          { containerPort: 53, protocol: 'UDP' },
        ],
      },
    },
    {
      name: 'merges a list of plain values as a set',
      original: { finalizers: ['a', 'b'] },
      modified: { finalizers: ['a'] },
      current: { finalizers: ['a', 'b', 'c'] },
      result: { finalizers: ['a', 'c'] },
    },
    {
      name: 'lets only the given alternative stay',
      original: { volumes: [{ name: 'v', emptyDir: {} }] },
      modified: { volumes: [{ name: 'v', hostPath: {} }] },
      current: { volumes: [{ name: 'v', emptyDir: {}, defaulted: 1 }] },
      result: { volumes: [{ name: 'v', hostPath: {} }] },
    },
  ])('$name', ({ original, modified, current, result }) => {
    expect(merge(original, modified, current)).toEqual(result);
  });

  it('replaces lists where there is no schema', () => {
    const containers = (...names: string[]): JsonMap => ({ containers: names.map((name) => ({ name })) });
    const merged = mergeThreeWay({
      original: {},
      modified: containers('a'),
      current: containers('b'),
      schema: undefined,
    });
    expect(merged).toEqual(containers('a'));
  });
});

const element = fc.record(
  { name: fc.constantFrom('x', 'y', 'z'), image: fc.constantFrom('1', '2') },
  { requiredKeys: ['name'] },
);
const value = fc.oneof(
  fc.integer(),
  fc.string(),
  fc.array(fc.integer()),
  fc.dictionary(fc.constantFrom('p', 'q'), fc.integer()),
);
const object: fc.Arbitrary<JsonMap> = fc
  .tuple(
    fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), value),
    fc.option(fc.uniqueArray(element, { selector: ({ name }) => name }), { nil: undefined }),
    fc.option(fc.uniqueArray(fc.constantFrom('f', 'g', 'h')), { nil: undefined }),
  )
  .map(([fields, containers, finalizers]) => ({
    ...fields,
    ...(containers && { containers }),
    ...(finalizers && { finalizers }),
  }))
  // As parsed: the generator's objects have no prototype.
  .map((made) => JSON.parse(JSON.stringify(made)) as JsonMap);

describe('applying', () => {
  it('a second time changes nothing', () => {
    fc.assert(
      fc.property(object, object, object, (original, modified, current) => {
        const once = merge(original, modified, current);
        expect(mergePatchOf(once, merge(modified, modified, once))).toEqual({});
      }),
    );
  });

  it('leaves no field that only the earlier one set', () => {
    fc.assert(
      fc.property(object, object, object, (original, modified, current) => {
        const merged = merge(original, modified, current);
        for (const name of Object.keys(original)) if (!(name in modified)) expect(merged).not.toHaveProperty(name);
        for (const name of Object.keys(current)) if (!(name in original)) expect(merged).toHaveProperty(name);
      }),
    );
  });

  it('is what the patch makes of the object', () => {
    fc.assert(
      fc.property(object, object, (current, wanted) => {
        expect(applyMergePatch(current, mergePatchOf(current, wanted))).toEqual(wanted);
      }),
    );
  });
});

/** RFC 7396 §2, as written there. */
function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === 'object' && target !== null && !Array.isArray(target);
  const result: JsonMap = isObject ? { ...target } : {};
  for (const [name, change] of Object.entries(patch)) {
    if (change === null) delete result[name];
    else result[name] = applyMergePatch(result[name], change);
  }
  return result;
}
