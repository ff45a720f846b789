import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, causesOf, type StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, JSON_PATCH, MAPS, MERGE_PATCH, SECRETS, STRATEGIC_PATCH } from './manifests.ts';

const MAX_VALUE_BYTES = 1024 * 1024;

/** Deeper than any server reads. */
const TOO_DEEP = 100_000;
const DEEP = 900;

export function describeLimits(context: ContractContext): void {
  const tryOut = (path: string, body: unknown): Promise<ApiAnswer<StatusBody>> =>
    context.api.call('POST', `${path}?dryRun=All`, { body });
  const send = (method: string, place: string, raw: string, type?: string): Promise<ApiAnswer<StatusBody>> =>
    context.api.call(method, `${place}?dryRun=All`, { raw, ...(type === undefined ? {} : { type }) });

  describe('limits', () => {
    beforeAll(async () => {
      await context.api.call('POST', MAPS, { body: configMap('limits') });
    });
    afterAll(async () => {
      await context.api.call('DELETE', `${MAPS}/limits`);
    });

    const half = 'x'.repeat(MAX_VALUE_BYTES / 2);
    it('of values: one MiB for an object, keys not counted', async () => {
      expect((await tryOut(MAPS, configMap('x', { data: { a: half, b: half } }))).status).toBe(201);
      const secret = { metadata: { name: 'x' }, stringData: { a: half, b: half } };
      expect((await tryOut(SECRETS, secret)).status).toBe(201);
    });

    it.each([
      ['texts', MAPS, configMap('x', { data: { a: half, b: `${half}x` } }), '[]'],
      ['texts of several bytes a letter', MAPS, configMap('x', { data: { a: half, b: `${half.slice(1)}é` } }), '[]'],
      ['texts and bytes', MAPS, configMap('x', { data: { a: half, b: half }, binaryData: { c: 'AA==' } }), '[]'],
      ['secrets', SECRETS, { metadata: { name: 'x' }, stringData: { a: half, b: `${half}x` } }, 'data'],
    ])('of values: more is refused (%s)', async (_, path, body, field) => {
      const answer = await tryOut(path, body);
      expect([answer.status, answer.body.reason, causesOf(answer)]).toEqual([
        422,
        'Invalid',
        [`${field} FieldValueTooLong`],
      ]);
    });

    const deepLists = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
    const deepObjects = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
    const around = (value: string): string => `{"metadata":{"name":"x"},"foo":${value}}`;
    it.each<readonly [name: string, nest: (levels: number) => string]>([
      ['lists', deepLists],
      ['objects', deepObjects],
    ])('of depth: %s in each other', async (_, nest) => {
      const patches = [MERGE_PATCH, STRATEGIC_PATCH] as const;
      expect((await send('POST', MAPS, around(nest(DEEP)))).status).toBe(201);
      for (const type of patches) {
        expect((await send('PATCH', `${MAPS}/limits`, `{"foo":${nest(DEEP)}}`, type)).status).toBe(200);
        expect((await send('PATCH', `${MAPS}/limits`, `{"foo":${nest(TOO_DEEP)}}`, type)).status).toBe(400);
      }
      const operations = `[{"op":"add","path":"/foo","value":${nest(TOO_DEEP)}}]`;
      expect((await send('PATCH', `${MAPS}/limits`, operations, JSON_PATCH)).status).toBe(400);
      const answer = await send('POST', MAPS, around(nest(TOO_DEEP)));
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
    });

    it('of depth: brackets in a text do not count', async () => {
      const data = { a: '['.repeat(TOO_DEEP), b: '\\"{'.repeat(TOO_DEEP) };
      expect((await tryOut(MAPS, configMap('x', { data }))).status).toBe(201);
    });
  });

  describe('paths', () => {
    it.each([
      '//',
      '///',
      '//?x',
      '//api',
      '//api/v1/pods',
      '//[',
      '//@:',
      '//x:99999/',
      '/..',
      '/api/../version',
      '*',
    ])('%s names nothing', async (path) => {
      expect((await context.api.call('GET', path, { verbatim: true })).status).toBe(404);
    });

    it.each(['/', '/api/v1/', '/api/v1/pods//', '/api/v1?x=%zz'])('%s names something', async (path) => {
      expect((await context.api.call('GET', path, { verbatim: true })).status).toBe(200);
    });

    it('that cannot be decoded are refused', async () => {
      expect((await context.api.call('GET', '/%zz', { verbatim: true })).status).toBe(400);
    });
  });
}
