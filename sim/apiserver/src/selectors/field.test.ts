import { describe, expect, it } from 'vitest';
import type { ApiObject } from '../storage/entry.ts';
import { fieldAt, fieldPredicate } from './field.ts';

const OBJECT = { metadata: { name: 'web', namespace: 'default' }, spec: { nodeName: 'a,b' } } as unknown as ApiObject;
const FIELDS = { 'spec.nodeName': fieldAt('spec.nodeName'), 'status.phase': fieldAt('status.phase') };

describe('fieldPredicate', () => {
  it.each([
    ['metadata.name=web', true],
    ['metadata.name==web,metadata.namespace=default', true],
    ['metadata.name!=web', false],
    ['status.phase=', true],
    ['status.phase!=Running', true],
    ['spec.nodeName=a\\,b', true],
    ['spec.nodeName=a', false],
    ['', true],
  ])('%s', (text, matches) => {
    expect(fieldPredicate(text, FIELDS)(OBJECT)).toBe(matches);
  });

  it.each(['spec.other=1', 'metadata.name', '=x'])('refuses %s', (text) => {
    expect(() => fieldPredicate(text, FIELDS)).toThrow();
  });
});
