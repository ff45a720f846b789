import type { ProbeAnswer } from '@margay/sim';
import { describe, expect, it } from 'vitest';
import { matrixLines, matrixOf } from './matrix.ts';

function answer(from: string, to: string, allowed: boolean): ProbeAnswer {
  return { from, to, allowed, address: '10.244.0.1', port: 80, protocol: 'tcp', reason: '', rttMs: 0.1 };
}

describe('matrixOf', () => {
  it('has the fields that scripts read, in order of names', () => {
    const matrix = matrixOf([answer('ns/b', 'ns/a', false), answer('ns/a', 'ns/b', true)]);
    expect(JSON.stringify(matrix)).toBe(
      '{"pods":["ns/a","ns/b"],"verdicts":{"ns/a":{"ns/b":"allowed"},"ns/b":{"ns/a":"denied"}}}',
    );
  });

  it('has a pod that nobody connects to', () => {
    expect(matrixOf([], ['ns/a'])).toEqual({ pods: ['ns/a'], verdicts: { 'ns/a': {} } });
  });
});

describe('matrixLines', () => {
  it('has a row and a column for each pod', () => {
    expect(matrixLines(matrixOf([answer('ns/b', 'ns/a', false), answer('ns/a', 'ns/b', true)]))).toEqual([
      '#  FROM \\ TO  1   2',
      '1  ns/a       -   yes',
      '2  ns/b       NO  -',
    ]);
  });
});
