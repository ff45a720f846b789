import { describe, expect, it } from 'vitest';
import { countsOf } from './counts.ts';

describe('countsOf', () => {
  it('takes the last closing line, in colour or not', () => {
    const output = '1 passed, 0 failed, 0 skipped\nmore\n\u001B[31m3 passed, 0 failed, 2 skipped\u001B[39m\n';
    expect(countsOf(output, 0)).toEqual({ passed: 3, failed: 0, skipped: 2 });
    expect(countsOf('\u001B[31m3 passed, 2 failed, 0 skipped\u001B[39m\n', 0)).toMatchObject({ failed: 2 });
  });

  it.each([
    ['says nothing', '', 0],
    ['was killed', '', 137],
    ['ran nothing', '0 passed, 0 failed, 0 skipped\n', 0],
    ['only skipped', '0 passed, 0 failed, 5 skipped\n', 0],
    ['ends otherwise than it says', '7 passed, 0 failed, 0 skipped\n', 1],
  ])('a command that %s has failed', (_, output, code) => {
    expect(countsOf(output, code).failed).toBe(1);
  });

  it('does not count a failure twice', () => {
    expect(countsOf('7 passed, 2 failed, 0 skipped\n', 1)).toEqual({ passed: 7, failed: 2, skipped: 0 });
  });
});
