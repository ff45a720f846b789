import { describe, expect, it } from 'vitest';
import { shortDuration } from './duration.ts';
import { compileJsonPath } from './json-path.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('shortDuration', () => {
  it.each([
    [-5 * SECOND, '<invalid>'],
    [-SECOND / 2, '0s'],
    [0, '0s'],
    [119 * SECOND, '119s'],
    [2 * MINUTE + 5 * SECOND, '2m5s'],
    [9 * MINUTE, '9m'],
    [10 * MINUTE + 5 * SECOND, '10m'],
    [179 * MINUTE, '179m'],
    [3 * HOUR + 5 * MINUTE, '3h5m'],
    [8 * HOUR + 5 * MINUTE, '8h'],
    [47 * HOUR, '47h'],
    [2 * DAY + 3 * HOUR, '2d3h'],
    [8 * DAY + 3 * HOUR, '8d'],
    [729 * DAY, '729d'],
    [731 * DAY, '2y1d'],
    [3000 * DAY, '8y'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(shortDuration(milliseconds)).toBe(text);
  });
});

describe('compileJsonPath', () => {
  const object = {
    spec: {
      cidr: 'c',
      list: [
        { type: 'A', v: 1 },
        { type: 'B', v: 2 },
      ],
    },
    'a.b': { c: 3 },
  };
  it.each([
    ['.spec.cidr', 'c'],
    ['spec.cidr', 'c'],
    ['.spec.list[1].v', 2],
    ['.spec.list[?(@.type=="B")].v', 2],
    ["['a.b'].c", 3],
    ['.a\\.b.c', 3],
    ['.spec.none.deeper', undefined],
  ])('%s', (path, value) => {
    expect(compileJsonPath(path)(object)).toEqual(value);
  });

  it('refuses what it does not understand', () => {
    expect(() => compileJsonPath('.spec..cidr')).toThrow("'.spec..cidr' cannot be read at");
  });
});
