import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileLabelSelector, EVERYTHING, parseSelectorText, SelectorError } from './index.ts';

const failure = (action: () => unknown): SelectorError => {
  try {
    action();
  } catch (error) {
    if (error instanceof SelectorError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
};

describe('compileLabelSelector', () => {
  it('selects nothing when null or absent, everything when empty', () => {
    for (const nothing of [null, undefined]) {
      expect(compileLabelSelector(nothing, 'spec').matches({ a: 'b' })).toBe(false);
      expect(compileLabelSelector(nothing, 'spec').matches({})).toBe(false);
    }
    for (const everything of [{}, { matchLabels: {} }, { matchExpressions: [] }, { matchLabels: null }]) {
      expect(compileLabelSelector(everything, 'spec').matches({})).toBe(true);
      expect(compileLabelSelector(everything, 'spec').matches(undefined)).toBe(true);
    }
  });

  it.each([
    { operator: 'In', values: ['x', 'y'], hit: [{ a: 'x' }, { a: 'y' }], miss: [{ a: 'z' }, {}] },
    { operator: 'NotIn', values: ['x'], hit: [{ a: 'z' }, {}], miss: [{ a: 'x' }] },
    { operator: 'Exists', hit: [{ a: '' }], miss: [{}, { b: 'x' }] },
    { operator: 'DoesNotExist', hit: [{}, { b: 'x' }], miss: [{ a: '' }] },
  ])('knows $operator', ({ operator, values, hit, miss }) => {
    const selector = compileLabelSelector({ matchExpressions: [{ key: 'a', operator, values }] }, 'spec');
    for (const labels of hit) expect(selector.matches(labels as Record<string, string>)).toBe(true);
    for (const labels of miss) expect(selector.matches(labels as Record<string, string>)).toBe(false);
  });

  it('requires labels and expressions together', () => {
    const selector = compileLabelSelector(
      { matchLabels: { a: 'x' }, matchExpressions: [{ key: 'b', operator: 'Exists' }] },
      'spec',
    );
    expect([{ a: 'x', b: '' }, { a: 'x' }, { b: '' }].map((labels) => selector.matches(labels))).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('does not take inherited properties for labels', () => {
    expect(parseSelectorText('constructor').matches({})).toBe(false);
  });

  it.each([
    [{ matchExpressions: [{ key: 'a', operator: 'Near' }] }, 'UNKNOWN_OPERATOR', 's.matchExpressions[0].operator'],
    [{ matchExpressions: [{ key: 'a' }] }, 'UNKNOWN_OPERATOR', 's.matchExpressions[0].operator'],
    [{ matchExpressions: [{ key: 'a', operator: 'In' }] }, 'BAD_VALUE_COUNT', 's.matchExpressions[0].values'],
    [
      { matchExpressions: [{ key: 'a', operator: 'Exists', values: ['x'] }] },
      'BAD_VALUE_COUNT',
      's.matchExpressions[0].values',
    ],
    [{ matchExpressions: [{ key: '-', operator: 'Exists' }] }, 'BAD_KEY', 's.matchExpressions[0].key'],
    [{ matchExpressions: [null] }, 'MALFORMED', 's.matchExpressions[0]'],
    [{ matchExpressions: {} }, 'MALFORMED', 's.matchExpressions'],
    [{ matchLabels: { a: 1 } }, 'MALFORMED', 's.matchLabels.a'],
    [{ matchLabels: { a: '-x' } }, 'BAD_VALUE', 's.matchLabels.a'],
    [{ matchLabels: { 'A.b/': 'x' } }, 'BAD_KEY', 's.matchLabels'],
    [{ matchNames: ['x'] }, 'MALFORMED', 's.matchNames'],
    [[], 'MALFORMED', 's'],
  ])('refuses %j', (selector, code, path) => {
    expect(failure(() => compileLabelSelector(selector as object, 's'))).toMatchObject({ code, path });
  });

  it('has one text for every spelling of the same requirements', () => {
    const a = compileLabelSelector(
      {
        matchLabels: { b: '1', a: '2' },
        matchExpressions: [
          { key: 'c', operator: 'NotIn', values: ['y', 'x', 'y'] },
          { key: 'a', operator: 'In', values: ['2'] },
        ],
      },
      's',
    );
    expect(a.text()).toBe('a=2,b=1,c notin (x,y)');
    expect(parseSelectorText('c notin (y,x),b==1,a in (2)').text()).toBe(a.text());
    expect(compileLabelSelector({}, 's').text()).toBe('');
    expect(compileLabelSelector(null, 's').text()).not.toBe('');
  });
});

describe('parseSelectorText', () => {
  it.each([
    ['a=b', { a: 'b' }, {}],
    ['a==b', { a: 'b' }, { a: 'c' }],
    ['a!=b', {}, { a: 'b' }],
    ['a = b , c', { a: 'b', c: 'd' }, { a: 'b' }],
    ['a in (x, y)', { a: 'y' }, { a: 'z' }],
    ['a notin (x,y)', {}, { a: 'x' }],
    ['!a', {}, { a: '' }],
    ['a', { a: '' }, {}],
    ['a=', { a: '' }, {}],
    ['a in ()', { a: '' }, { a: 'x' }],
    ['a in (,x)', { a: '' }, { a: 'y' }],
    ['a>5', { a: '6' }, { a: '5' }],
    ['a<5', { a: '4' }, { a: 'four' }],
    ['in in (in)', { in: 'in' }, {}],
    ['example.com/app=x,!notin', { 'example.com/app': 'x' }, { 'example.com/app': 'x', notin: '' }],
  ])('reads %s', (text, hit, miss) => {
    const selector = parseSelectorText(text);
    expect(selector.matches(hit as Record<string, string>)).toBe(true);
    expect(selector.matches(miss as Record<string, string>)).toBe(false);
  });

  it('selects everything when empty', () => {
    expect(parseSelectorText('')).toBe(EVERYTHING);
    expect(parseSelectorText('  ')).toBe(EVERYTHING);
  });

  it.each([
    'a,',
    ',a',
    'a b',
    'a in x',
    'a in (x',
    'a in (x y)',
    'a=b=c',
    'a===b',
    '!',
    '!a=b',
    '!!a',
    '=b',
    'a>x',
    'a>',
    '(a)',
    'a notin',
    '-a',
    'a=_',
    'a/b/c=d',
  ])('refuses %j', (text) => {
    expect(failure(() => parseSelectorText(text)).message).not.toBe('');
  });

  it('says where the mistake is', () => {
    expect(failure(() => parseSelectorText('a=b,c in x')).message).toBe(
      "the selector 'a=b,c in x' has 'x' at character 10, where an opening parenthesis must stand",
    );
  });

  it('reads its own text back', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd');
    const expression = fc.oneof(
      fc.record({
        key: word,
        operator: fc.constantFrom('In', 'NotIn'),
        values: fc.array(fc.constantFrom('', 'x', 'y'), { minLength: 1 }),
      }),
      fc.record({ key: word, operator: fc.constantFrom('Exists', 'DoesNotExist') }),
    );
    const labels = fc.dictionary(word, fc.constantFrom('', 'x', 'y'));
    fc.assert(
      fc.property(fc.array(expression), labels, labels, (matchExpressions, matchLabels, object) => {
        const selector = compileLabelSelector({ matchLabels, matchExpressions }, 's');
        const again = parseSelectorText(selector.text());
        expect(again.text()).toBe(selector.text());
        expect(again.matches(object)).toBe(selector.matches(object));
      }),
    );
  });
});
