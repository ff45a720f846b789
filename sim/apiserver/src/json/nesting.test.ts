import { describe, expect, it } from 'vitest';
import { isNestedDeeper } from './nesting.ts';

describe('isNestedDeeper', () => {
  it.each([
    ['[[[]]]', 3, false],
    ['[[[]]]', 2, true],
    ['{"a":[{"b":1}]}', 3, false],
    ['{"a":[{"b":1}]}', 2, true],
    ['[[],[],[],[[]]]', 3, false],
    ['["[[[[", "\\"[[[[", "{{{{"]', 1, false],
    ['["\\\\",[[]]]', 2, true],
    ['[[],[[]],"text"]', 2, true],
  ])('%s on %i levels: %s', (text, levels, deeper) => {
    JSON.parse(text);
    expect(isNestedDeeper(text, levels)).toBe(deeper);
  });
});
