import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonMistake } from './json-mistake.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('findJsonMistake', () => {
  it.each([
    ['', 0],
    ['{"a":', 5],
    ['{"a":"b', 7],
    ['[1,', 3],
    ['{"a":1} x', 8],
    ['{"a":1,}', 7],
    ['[1,]', 3],
    ['{"a":NaN}', 5],
    ['{"a":"\\q"}', 6],
    ['{"a":"\n"}', 6],
    ["{'a':1}", 1],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['[1}', 2],
    ['{"a":01}', 5],
    ['[1.]', 1],
    ['[nul]', 1],
    ['[truefalse]', 1],
    ['1 2', 2],
    [' ', 1],
  ])('tells the place in %j', (text, offset) => {
    expect(isJson(text)).toBe(false);
    expect(findJsonMistake(text)).toBe(offset);
  });

  it('finds a mistake exactly where JSON.parse finds one', () => {
    const token = fc.constantFrom(
      ...'{}[],: \n',
      '"a"',
      '"\\"',
      '"\\u00e9"',
      '1',
      '-0.5e+3',
      '01',
      'true',
      'null',
      '-',
      'x',
    );
    const broken = fc.array(token, { maxLength: 9 }).map((tokens) => tokens.join(''));
    const cut = fc.tuple(fc.json(), fc.nat(30)).map(([text, at]) => text.slice(0, at));
    fc.assert(
      fc.property(fc.oneof(broken, cut, fc.json()), (text) => {
        expect(findJsonMistake(text) === undefined).toBe(isJson(text));
      }),
      { numRuns: 3_000 },
    );
  });

  it('reads long strings and deep nesting', () => {
    expect(findJsonMistake(`["${'x'.repeat(2_000_000)}${'\\n'.repeat(200_000)}",]`)).toBe(2_400_004);
    expect(findJsonMistake('['.repeat(1_000_000))).toBe(1_000_000);
  });
});
