import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDuplicateFields } from './duplicate-fields.ts';

/** What a program finds that builds the whole tree: the oracle. */
function slowly(text: string): string[] {
  const found: string[] = [];
  let index = 0;
  const value = (path: string): void => {
    if (text[index] === '{') members(path);
    else if (text[index] === '[') items(path);
    else if (text[index] === '"') string();
    else while (index < text.length && !',]}'.includes(text[index] ?? '')) index += 1;
  };
  const string = (): string => {
    const start = index;
    for (index += 1; text[index] !== '"'; index += 1) if (text[index] === '\\') index += 1;
    index += 1;
    return JSON.parse(text.slice(start, index)) as string;
  };
  const items = (path: string): void => {
    index += 1;
    for (let place = 0; text[index] !== ']'; place += 1) {
      value(`${path}[${place}]`);
      if (text[index] === ',') index += 1;
    }
    index += 1;
  };
  const members = (path: string): void => {
    const keys: string[] = [];
    index += 1;
    while (text[index] !== '}') {
      const key = string();
      const at = path === '' ? key : `${path}.${key}`;
      if (keys.includes(key) && !found.includes(at)) found.push(at);
      keys.push(key);
      index += 1;
      value(at);
      if (text[index] === ',') index += 1;
    }
    index += 1;
  };
  value('');
  return found;
}

describe('findDuplicateFields', () => {
  it.each([
    ['nothing where all keys differ', '{"a":{"b":1},"b":{"b":1},"c":["b","b"]}', []],
    ['a key of the object itself', '{"a":1,"a":2}', ['a']],
    [
      'keys in depth, in lists',
      '{"s":{"c":[{"n":1},{"n":1,"p":[0,{"q":1,"q":2}],"n":3}]}}',
      ['s.c[1].p[1].q', 's.c[1].n'],
    ],
    ['one that stands three times once', '{"a":1,"a":2,"a":3}', ['a']],
    ['two spellings of one key', '{"a":1,"\\u0061":2}', ['a']],
    ['no key in a value that looks like one', '{"a":"{\\"x\\":1,\\"x\\":2}","b":"\\\\"}', []],
    ['keys with quotes and backslashes', '{"\\"":1,"\\\\":2,"\\"":3}', ['"']],
    ['the empty key', '{"":1,"":2}', ['']],
    ['keys of objects after a list of lists', '{"a":[[1,2],[3]],"a":[]}', ['a']],
    ['a list at the top', '[{"a":1,"a":2}]', ['[0].a']],
    ['nothing in a lone value', '"a"', []],
    ['white space of all kinds', '{ "a" :\n1 ,\t"a"\r:2 }', ['a']],
    ['__proto__ as any other key', '{"__proto__":1,"__proto__":2}', ['__proto__']],
  ])('tells %s', (_, text, expected) => {
    JSON.parse(text);
    expect(findDuplicateFields(text)).toEqual(expected);
  });

  it('tells at most a hundred', () => {
    const text = `{${Array.from({ length: 300 }, (_, index) => `"k${index % 150}":1`).join(',')}}`;
    expect(findDuplicateFields(text)).toHaveLength(100);
  });

  it('goes as deep as the text does', () => {
    const depth = 200_000;
    const text = `${'{"a":'.repeat(depth)}{"b":1,"b":2}${'}'.repeat(depth)}`;
    expect(findDuplicateFields(text)[0]).toHaveLength(2 * depth + 1);
  });

  it('finds what a program finds that builds the tree', () => {
    const key = fc.constantFrom('a', 'b', '"', '\\', 'é', '{', ',');
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('1', 'null', '"a"', '"\\""', '"\\\\"', '"}"'),
        fc.array(tie('tree'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
        fc
          .array(fc.tuple(key, tie('tree')), { maxLength: 4 })
          .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(',')}}`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => {
        expect(new Set(findDuplicateFields(text))).toEqual(new Set(slowly(text)));
      }),
      { numRuns: 500 },
    );
  });
});
