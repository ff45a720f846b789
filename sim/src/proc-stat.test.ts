import { describe, expect, it } from 'vitest';
import { fieldsOf, readStartTicks, startTicksOf } from './proc-stat.ts';

const stat = (state: string, threads: number): string =>
  `77 (a) b (c) ${state} 1 77 77 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 ${threads} 0 123456 0 0`;

describe('startTicksOf', () => {
  it.each([
    ['S', 11, '123456'],
    ['R', 1, '123456'],
    ['Z', 1, undefined],
    ['X', 1, undefined],
    // Its first thread is gone, the others still end.
    ['Z', 7, '123456'],
  ])('of a process in state %s with %i threads is %s', (state, threads, expected) => {
    expect(startTicksOf(fieldsOf(stat(state, threads)))).toBe(expected);
  });

  it('is read of a process that lives, and of none that is not there', () => {
    expect(readStartTicks(process.pid)).toMatch(/^\d+$/);
    expect(readStartTicks(2 ** 22)).toBeUndefined();
  });
});
