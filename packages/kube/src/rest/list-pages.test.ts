import { StoreError } from '@margay/ports';
import { describe, expect, it } from 'vitest';
import { type ListBody, listPages, type PageQuery } from './list-pages.ts';

type Answer = ListBody<string> | StoreError;

/** Answers in order; notes what was asked. */
function server(...answers: Answer[]): {
  page(query: PageQuery): Promise<ListBody<string>>;
  readonly asked: PageQuery[];
} {
  const asked: PageQuery[] = [];
  return {
    asked,
    page: async (query) => {
      asked.push(query);
      const answer = answers.shift();
      if (answer === undefined) throw new Error('asked too often');
      if (answer instanceof StoreError) throw answer;
      return answer;
    },
  };
}

const body = (items: string[], resourceVersion: string, next?: string): ListBody<string> => ({
  items,
  metadata: { resourceVersion, ...(next !== undefined && { continue: next }) },
});
const same = (text: string): string => text;
const gone = (): StoreError => new StoreError('GONE', 'too old');

describe('listPages', () => {
  it('puts the pages together, each object as it is to be kept', async () => {
    const { page, asked } = server(body(['a', 'b'], '7', 'x'), body(['c'], '7', ''));
    const list = await listPages(page, (text) => text.toUpperCase());
    expect(list).toEqual({ items: ['A', 'B', 'C'], resourceVersion: '7' });
    expect(asked).toEqual([{ limit: 500 }, { limit: 500, continue: 'x' }]);
  });

  it('begins again when the version was forgotten between two pages', async () => {
    const { page } = server(body(['a'], '7', 'x'), gone(), body(['b'], '9', 'y'), body(['c'], '9'));
    expect(await listPages(page, same)).toEqual({ items: ['b', 'c'], resourceVersion: '9' });
  });

  it('asks for the whole when pages never come to an end', async () => {
    const half = (): Answer[] => [body(['a'], '7', 'x'), gone()];
    const { page, asked } = server(...half(), ...half(), ...half(), body(['a', 'b'], '9'));
    expect(await listPages(page, same)).toEqual({ items: ['a', 'b'], resourceVersion: '9' });
    expect(asked.at(-1)).toEqual({});
  });

  it('gives no part of a list when a page fails', async () => {
    const { page } = server(body(['a'], '7', 'x'), new StoreError('UNAVAILABLE', 'away'));
    await expect(listPages(page, same)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([
    ['no items', { metadata: { resourceVersion: '7' } }],
    ['no version', { items: ['a'] }],
    ['no items on a later page', undefined],
  ])('takes an answer with %s for broken, not for empty', async (_, answer) => {
    const answers = answer === undefined ? [body(['a'], '7', 'x'), { metadata: { resourceVersion: '7' } }] : [answer];
    await expect(listPages(server(...answers).page, same)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('says GONE when the first page does', async () => {
    await expect(listPages(server(gone()).page, same)).rejects.toMatchObject({ code: 'GONE' });
  });
});
