import { describe, expect, it } from 'vitest';
import { definitionName, resolveDefinition } from '../kinds/definitions.ts';
import { REF_PREFIX } from '../schema/schema.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

function patchPod(pod: Record<string, unknown>, patch: Record<string, unknown>): Record<string, unknown> {
  return applyStrategicMergePatch(pod, patch, { $ref: REF_PREFIX + definitionName('Pod') }, resolveDefinition);
}

const spec = (containers: object[]): Record<string, unknown> => ({ spec: { containers } });

describe('applyStrategicMergePatch', () => {
  it.each([
    {
      name: 'merges containers by name and their ports by number',
      pod: spec([
        { name: 'a', image: '1', ports: [{ containerPort: 80, name: 'x' }] },
        { name: 'b', image: '1' },
      ]),
      patch: spec([{ name: 'a', image: '2', ports: [{ containerPort: 80, name: 'y' }, { containerPort: 81 }] }]),
      result: spec([
        { name: 'a', image: '2', ports: [{ containerPort: 80, name: 'y' }, { containerPort: 81 }] },
        { name: 'b', image: '1' },
      ]),
    },
    {
      name: 'deletes an element',
      pod: spec([{ name: 'a' }, { name: 'b' }]),
      patch: spec([{ name: 'a', $patch: 'delete' }]),
      result: spec([{ name: 'b' }]),
    },
    {
      name: 'replaces a list when told to',
      pod: spec([{ name: 'a' }, { name: 'b' }]),
      patch: spec([{ $patch: 'replace' }, { name: 'c' }]),
      result: spec([{ name: 'c' }]),
    },
    {
      name: 'replaces a list that has no merge key',
      pod: spec([{ name: 'a', args: ['1', '2'] }]),
      patch: spec([{ name: 'a', args: ['3'] }]),
      result: spec([{ name: 'a', args: ['3'] }]),
    },
    {
      name: 'adds to a list of texts that merges, and takes from it',
      pod: { metadata: { finalizers: ['a/1', 'b/2'] } },
      patch: { metadata: { finalizers: ['c/3'], '$deleteFromPrimitiveList/finalizers': ['a/1'] } },
      result: { metadata: { finalizers: ['b/2', 'c/3'] } },
    },
    {
      name: 'orders a list as the patch says',
      pod: spec([{ name: 'a' }, { name: 'b' }, { name: 'mine' }]),
      patch: {
        spec: {
          '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }],
          containers: [{ name: 'b', image: '2' }],
        },
      },
      result: spec([{ name: 'b', image: '2' }, { name: 'mine' }, { name: 'a' }]),
    },
    {
      name: 'keeps only the fields that it is told to',
      pod: { spec: { volumes: [{ name: 'v', emptyDir: {} }] } },
      patch: { spec: { volumes: [{ name: 'v', hostPath: { path: '/x' }, $retainKeys: ['name', 'hostPath'] }] } },
      result: { spec: { volumes: [{ name: 'v', hostPath: { path: '/x' } }] } },
    },
    {
      name: 'merges conditions by type',
      pod: {
        status: {
          conditions: [
            { type: 'Ready', status: 'False' },
            { type: 'X', status: 'True' },
          ],
        },
      },
      patch: { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      result: {
        status: {
          conditions: [
            { type: 'Ready', status: 'True' },
            { type: 'X', status: 'True' },
          ],
        },
      },
    },
    {
      name: 'removes by null and merges maps',
      pod: { metadata: { labels: { a: '1', b: '2' } } },
      patch: { metadata: { labels: { a: null, c: '3' } } },
      result: { metadata: { labels: { b: '2', c: '3' } } },
    },
    {
      name: 'replaces a map when told to',
      pod: { metadata: { labels: { a: '1' } } },
      patch: { metadata: { labels: { $patch: 'replace', c: '3' } } },
      result: { metadata: { labels: { c: '3' } } },
    },
  ])('$name', ({ pod, patch, result }) => {
    const before = structuredClone(pod);
    expect(patchPod(pod, patch)).toEqual(result);
    expect(pod).toEqual(before);
  });

  it.each([
    { name: 'an element without its key', patch: spec([{ image: 'x' }]) },
    { name: 'an unknown directive', patch: { spec: { $patch: 'mend' } } },
  ])('refuses $name', ({ patch }) => {
    expect(() => patchPod(spec([]), patch)).toThrow();
  });
});
