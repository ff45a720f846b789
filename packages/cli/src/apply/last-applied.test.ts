import { describe, expect, it } from 'vitest';
import type { ApiObject } from '../api/types.ts';
import { LAST_APPLIED, readLastApplied, withLastApplied } from './last-applied.ts';

const POD: ApiObject = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'a' }, spec: { command: ['a && b <c>'] } };

describe('withLastApplied', () => {
  it('writes what kubectl writes', () => {
    expect(withLastApplied(POD).metadata.annotations?.[LAST_APPLIED]).toBe(
      '{"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{},"name":"a"},"spec":{"command":["a \\u0026\\u0026 b \\u003cc\\u003e"]}}\n',
    );
  });

  it('does not contain itself, and keeps other annotations', () => {
    const again = withLastApplied({
      ...POD,
      metadata: { name: 'a', annotations: { note: 'x', [LAST_APPLIED]: 'an old one' } },
    });
    expect(again.metadata.annotations?.note).toBe('x');
    expect(readLastApplied(again)?.metadata).toEqual({ annotations: { note: 'x' }, name: 'a' });
  });
});

describe('readLastApplied', () => {
  it.each(['', 'no JSON', '[]'])("takes '%s' for none", (text) => {
    const object = { ...POD, metadata: { name: 'a', annotations: { [LAST_APPLIED]: text } } };
    expect(readLastApplied(object)).toBeUndefined();
  });
});
