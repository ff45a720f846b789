import { describe, expect, it } from 'vitest';
import { parseManifests } from './parse-manifests.ts';

function problems(text: string): string[] {
  return parseManifests([{ name: 'a.yaml', text }]).problems.map(({ line, text: problem }) => `${line}: ${problem}`);
}

/** Each list holds the one before it ten times. */
function bomb(): string {
  const levels = Array.from({ length: 6 }, (_, level) =>
    level === 0
      ? 'l0: &l0 [x]'
      : `l${level}: &l${level} [${Array(10)
          .fill(`*l${level - 1}`)
          .join(',')}]`,
  );
  return levels.join('\n');
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
      '3: 1: not valid YAML: the key stands twice in one map; keep one of the two',
    ]);
  });

  it.each([
    ['an alias without an anchor', 'metadata: *x', /^1: (\d+: )?not valid YAML: an alias .* has no anchor before it/],
    ['aliases that unfold without end', bomb(), /^1: not valid YAML: an alias .* or unfolds into too much/],
    ['a merge key without a map', 'metadata:\n  <<: 7', /^1: not valid YAML: a merge key \(<<\) needs a map/],
  ])('tells %s in words of its own', (_, text, expected) => {
    expect(problems(text)).toEqual([expect.stringMatching(expected)]);
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
