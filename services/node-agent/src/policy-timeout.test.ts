import { describe, expect, it } from 'vitest';
import { readPolicyTimeout } from './policy-timeout.ts';

describe('readPolicyTimeout', () => {
  it.each([
    ['10', 10_000],
    ['0.5', 500],
    ['29.9', 29_900],
  ])('reads %s seconds', (text, ms) => {
    expect(readPolicyTimeout(text)).toBe(ms);
  });

  it.each(['', '0', '-1', 'ten', 'Infinity', '30', '3600'])("refuses '%s' with one sentence", (text) => {
    expect(() => readPolicyTimeout(text)).toThrow(
      `--policy-timeout-seconds is '${text}', but must be a number above 0 and below 30`,
    );
  });
});
