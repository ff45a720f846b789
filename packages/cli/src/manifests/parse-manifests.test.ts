import { describe, expect, it } from 'vitest';
import { parseManifests } from './parse-manifests.ts';

function problems(text: string): string[] {
  return parseManifests([{ name: 'a.yaml', text }]).problems.map(({ line, text: problem }) => `${line}: ${problem}`);
}

describe('parseManifests', () => {
  it('reads documents, lists and JSON, and passes over empty documents', () => {
    const text = [
      '---',
      '# nothing',
      '---',
      'apiVersion: v1',
      'kind: List',
      'items:',
      '- {apiVersion: v1, kind: Pod, metadata: {name: a}}',
      '- {apiVersion: v1, kind: Pod, metadata: {name: b}}',
      '---',
      '{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "c"}}',
    ].join('\n');
    const { manifests, problems: found } = parseManifests([{ name: 'a.yaml', text }]);
    expect(found).toEqual([]);
    expect(manifests.map(({ object, lineOf }) => [object.metadata.name, lineOf()])).toEqual([
      ['a', 7],
      ['b', 8],
      ['c', 10],
    ]);
  });

  it('tells line and column of malformed YAML', () => {
    const [first] = problems('apiVersion: v1\nkind: Pod\nmetadata: {name: a\n');
    expect(first).toMatch(/^\d+: \d+: /);
  });

  it('tells a field that is given twice', () => {
    expect(problems('apiVersion: v1\nkind: Pod\nkind: Pod\nmetadata: {name: a}')).toEqual([
      '3: 1: Map keys must be unique',
    ]);
  });

  it('tells all that is missing', () => {
    expect(problems('metadata:\n  labels: {a: b}\n')).toEqual([
      '1: apiVersion: is missing; write one as apiVersion: v1',
      '1: kind: is missing; write one as kind: Pod',
      '1: metadata.name: is missing; write the name of the object',
    ]);
  });

  it('refuses what is no object', () => {
    expect(problems('just words')).toEqual(['1: must be an object with apiVersion, kind and metadata']);
  });

  it('finds the line of a field, or of what is around it', () => {
    const text = [
      'apiVersion: v1',
      'kind: Pod',
      'metadata:',
      '  name: a',
      '  labels:',
      '    example.com/app: web',
      'spec:',
      '  containers:',
      '  - name: c',
      '    image: x',
      '  - name: d',
    ].join('\n');
    const [manifest] = parseManifests([{ name: 'a.yaml', text }]).manifests;
    const lines = [
      '',
      'metadata.name',
      'metadata.labels[example.com/app]',
      'spec.containers[1]',
      'spec.containers[1].image',
      'spec.containers[0].image',
      'spec.nodeName',
    ].map((field) => manifest?.lineOf(field));
    expect(lines).toEqual([1, 4, 6, 11, 11, 10, 7]);
  });
});
