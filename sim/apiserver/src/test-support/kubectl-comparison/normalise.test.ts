import { describe, expect, it } from 'vitest';
import { explainedStructure, normalise } from './normalise.ts';

describe('normalise', () => {
  it.each([
    ['uid: 0f9e8d7c-1111-2222-3333-444455556666', 'uid: <uid>'],
    ['creationTimestamp: "2026-01-02T03:04:05Z"', 'creationTimestamp: "<time>"'],
    ['web   1/1   Running   2 (3m ago)   5m10s', 'web  1/1  Running  2 (<age> ago)  <age>'],
    ['  resourceVersion: "17"', '  resourceVersion: "<version>"'],
    ['running at https://127.0.0.1:4711', 'running at https://<server>'],
    ['--- /tmp/LIVE-123/v1.Pod', '--- /tmp/LIVE/v1.Pod'],
    [
      'The Pod "a" is invalid: spec.x: Invalid value: 7: must be less',
      'The Pod "a" is invalid: spec.x: Invalid value: 7: <reason>',
    ],
    ['Warning: unknown field "spec.nope"', 'Warning: unknown field "spec.nope"'],
    ['supported values: "b", "a"', 'supported values: "a", "b"'],
  ])('%s', (text, expected) => {
    expect(normalise(text)).toBe(expected);
  });

  it('keeps which fields are wrong, and how, whatever the order', () => {
    const text = (...mistakes: readonly string[]): string =>
      `The Pod "a" is invalid: \n${mistakes.map((line) => `* ${line}\n`).join('')}`;
    const one = 'spec.a: Required value';
    const other = 'spec.b: Invalid value: "x": a reason';
    expect(normalise(text(one, other))).toBe(normalise(text('spec.b: Invalid value: "x": other words', `${one}: why`)));
    expect(normalise(text(one, other))).not.toBe(normalise(text(one, 'spec.b: Invalid value: "y": a reason')));
    expect(normalise(text(one, other))).not.toBe(normalise(text(one)));
    expect(normalise(text(one, one))).toBe('The Pod "a" is invalid: spec.a: Required value\n');
  });

  it('keeps names, numbers and codes', () => {
    const text = 'pods "web" not found\nreplicas: 3\n1s is no age in a-1s-b\n';
    expect(normalise(text)).toContain('pods "web" not found\nreplicas: 3\n');
    expect(normalise(text)).toContain('a-1s-b');
  });
});

describe('explainedStructure', () => {
  it('keeps fields, types and choices, and no descriptions', () => {
    const fields = 'FIELDS:\n  phase\t<string>\n  enum: A, B';
    const text = `KIND:       Pod\n\nDESCRIPTION:\n    A pod.\n\n${fields}\n    Where it is.\n\n`;
    expect(explainedStructure(text)).toBe(`KIND:       Pod\n\nDESCRIPTION:\n${fields}`);
  });
});
