import { expect, it } from 'vitest';
import { isReady } from './conditions.ts';
import { toKubernetesTime } from './meta.ts';

it.each([
  [undefined, false],
  [[], false],
  [[{ type: 'Ready', status: 'False' as const }], false],
  [[{ type: 'Ready', status: 'Unknown' as const }], false],
  [[{ type: 'ContainersReady', status: 'True' as const }], false],
  [
    [
      { type: 'Initialized', status: 'False' as const },
      { type: 'Ready', status: 'True' as const },
    ],
    true,
  ],
])('of the conditions %j Ready is %j', (conditions, expected) => {
  expect(isReady({ status: conditions === undefined ? {} : { conditions } })).toBe(expected);
});

it('is not ready without a status', () => {
  expect(isReady({})).toBe(false);
});

it('writes times in whole seconds, rounded down', () => {
  expect(toKubernetesTime(Date.parse('2026-11-30T22:25:54.999Z'))).toBe('2026-11-30T22:25:54Z');
});
