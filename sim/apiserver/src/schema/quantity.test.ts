import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuantity, compareQuantities, isQuantity } from './quantity.ts';

describe('canonicalQuantity', () => {
  it.each([
    ['0', '0'],
    ['-0', '0'],
    [1, '1'],
    [0.1, '100m'],
    ['1000m', '1'],
    ['.5', '500m'],
    ['5.', '5'],
    ['100000000', '100M'],
    ['12345', '12345'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['0.5Ki', '512'],
    ['1023Ki', '1023Ki'],
    ['1e3', '1e3'],
    ['1E6', '1e6'],
    ['10e2', '1e3'],
    ['0.1n', '1n'],
    ['-1500m', '-1500m'],
    ['+2k', '2k'],
    ['lots', 'lots'],
    ['', ''],
    ['1 Gi', '1 Gi'],
  ])('%s is %s', (given, written) => {
    expect(canonicalQuantity(given)).toBe(written);
  });

  it('changes no value, and nothing the second time', () => {
    const suffix = fc.constantFrom('', 'm', 'u', 'k', 'M', 'G', 'Ki', 'Mi', 'Gi', 'e3', 'e-3');
    fc.assert(
      fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), suffix, (number, unit) => {
        const given = `${number}${unit}`;
        const written = canonicalQuantity(given);
        expect(compareQuantities(given, written)).toBe(0);
        expect(canonicalQuantity(written)).toBe(written);
      }),
    );
  });
});

describe('compareQuantities', () => {
  it.each([
    ['1', '1000m', 0],
    ['1Gi', '1G', 1],
    ['999m', '1', -1],
    ['-1', '0', -1],
  ] as const)('%s and %s', (a, b, expected) => {
    expect(compareQuantities(a, b)).toBe(expected);
    expect(compareQuantities(b, a) + expected).toBe(0);
  });
});

describe('isQuantity', () => {
  it.each(['1', '1.5Gi', 3, '-2k'])('%s is one', (value) => expect(isQuantity(value)).toBe(true));
  it.each(['', '.', 'Gi', '1Kb', '1e', null, true])('%s is none', (value) => expect(isQuantity(value)).toBe(false));
});
