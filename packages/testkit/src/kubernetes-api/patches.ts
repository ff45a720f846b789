import { describe, expect, it } from 'vitest';
import type { ApiAnswer, StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, JSON_PATCH, MAPS, MERGE_PATCH, POOLS, pool, STRATEGIC_PATCH } from './manifests.ts';

export function describePatches(context: ContractContext): void {
  const patch = (type: string, body: unknown, query = ''): Promise<ApiAnswer<StatusBody>> =>
    context.api.call('PATCH', `${MAPS}/patched${query}`, { body, type });

  describe('patches', () => {
    it('merge: objects merge, null removes, all else replaces', async () => {
      await context.api.call('POST', MAPS, { body: configMap('patched', { data: { a: '1', b: '2' } }) });
      const { status, body } = await patch(MERGE_PATCH, { data: { a: null, c: '3' } });
      expect([status, body.data]).toEqual([200, { b: '2', c: '3' }]);
    });

    it('JSON: operations one after the other', async () => {
      const operations = [
        { op: 'test', path: '/data/b', value: '2' },
        { op: 'replace', path: '/data/b', value: '4' },
        { op: 'remove', path: '/data/c' },
        { op: 'add', path: '/metadata/labels', value: { x: 'y' } },
      ];
      const { status, body } = await patch(JSON_PATCH, operations);
      expect([status, body.data, body.metadata.labels]).toEqual([200, { b: '4' }, { x: 'y' }]);
    });

    it.each([
      ['a test that fails', [{ op: 'test', path: '/data/b', value: 'other' }], 422, 'Invalid'],
      ['a place that is not there', [{ op: 'replace', path: '/data/none/deep', value: 'x' }], 422, 'Invalid'],
      ['no list', { op: 'add' }, 400, 'BadRequest'],
    ])('JSON: %s is refused', async (_, body, status, reason) => {
      const answer = await patch(JSON_PATCH, body);
      expect([answer.status, answer.body.reason]).toEqual([status, reason]);
    });

    it('that are no patch, or of no type that there is, are refused', async () => {
      expect((await patch(MERGE_PATCH, 'text')).status).toBe(400);
      const type = await patch('application/json', {});
      expect([type.status, type.body.reason]).toEqual([415, 'UnsupportedMediaType']);
    });

    it('strategic patches of custom kinds are refused', async () => {
      await context.api.call('POST', POOLS, { body: pool('patched', '10.33.0.0/16') });
      const answer = await context.api.call('PATCH', `${POOLS}/patched`, { body: {}, type: STRATEGIC_PATCH });
      expect([answer.status, answer.body.reason]).toEqual([415, 'UnsupportedMediaType']);
      await context.api.call('DELETE', `${POOLS}/patched`);
    });

    it('with an old version, or of what is not there, are refused', async () => {
      const conflict = await patch(MERGE_PATCH, { metadata: { resourceVersion: '1' } });
      expect([conflict.status, conflict.body.reason]).toEqual([409, 'Conflict']);
      const absent = await context.api.call('PATCH', `${MAPS}/absent`, { body: {}, type: MERGE_PATCH });
      expect([absent.status, absent.body.reason]).toEqual([404, 'NotFound']);
    });

    it('that only try change nothing', async () => {
      const tried = await patch(MERGE_PATCH, { data: { d: '5' } }, '?dryRun=All');
      expect(tried.body.data).toEqual({ b: '4', d: '5' });
      expect((await context.api.call('GET', `${MAPS}/patched`)).body.data).toEqual({ b: '4' });
    });

    it('cannot rename', async () => {
      const answer = await patch(MERGE_PATCH, { metadata: { name: 'renamed' } });
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
      await context.api.call('DELETE', `${MAPS}/patched`);
    });
  });
}
