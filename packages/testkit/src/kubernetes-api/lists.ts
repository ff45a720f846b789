import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer, ApiBody, StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, EVENTS } from './manifests.ts';

type List = ApiBody & { readonly items: readonly ApiBody[] };

const PATH = '/api/v1/namespaces/lists/configmaps';
const CHOSEN = `${PATH}?labelSelector=suite%3Dlists`;

export function describeLists(context: ContractContext): void {
  const list = (query = ''): Promise<ApiAnswer<List>> => context.api.call<List>('GET', `${CHOSEN}${query}`);
  const names = ({ body }: ApiAnswer<List>): string[] => body.items.map(({ metadata }) => metadata.name);

  describe('lists', () => {
    beforeAll(async () => {
      await context.api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'lists' } } });
      for (const name of ['a', 'b', 'c', 'd', 'e']) {
        const body = configMap(name, { metadata: { name, labels: { suite: 'lists' } } });
        expect((await context.api.call('POST', PATH, { body })).status).toBe(201);
      }
    });

    it('name their kind and version, and their items do not', async () => {
      const { status, body } = await list();
      expect([status, body.kind, body.apiVersion]).toEqual([200, 'ConfigMapList', 'v1']);
      expect(body.metadata.resourceVersion).toMatch(/^\d+$/);
      expect(body.items[0]).not.toHaveProperty('kind');
      expect(body.items[0]).not.toHaveProperty('apiVersion');
    });

    it('of custom kinds name the kind of each item too', async () => {
      const { body } = await context.api.call<List>('GET', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions');
      expect(body.kind).toBe('CustomResourceDefinitionList');
      expect(body.items.length).toBeGreaterThan(0);
    });

    it('come in pages that show one state, in the order of names', async () => {
      const first = await list('&limit=2');
      expect(names(first)).toEqual(['a', 'b']);
      expect(first.body.metadata.continue).toMatch(/./);
      await context.api.call('DELETE', `${PATH}/e`);
      const second = await list(`&limit=2&continue=${encodeURIComponent(first.body.metadata.continue ?? '')}`);
      const third = await list(`&limit=2&continue=${encodeURIComponent(second.body.metadata.continue ?? '')}`);
      expect([names(second), names(third)]).toEqual([['c', 'd'], ['e']]);
      expect(third.body.metadata.continue).toBeUndefined();
      expect(second.body.metadata.resourceVersion).toBe(first.body.metadata.resourceVersion);
      expect(names(await list())).toEqual(['a', 'b', 'c', 'd']);
    });

    it('tell how many are left when nothing is selected', async () => {
      const all = await context.api.call<List>('GET', PATH);
      const page = await context.api.call<List>('GET', `${PATH}?limit=1`);
      expect(page.body.metadata.remainingItemCount).toBe(all.body.items.length - 1);
      expect((await list('&limit=1')).body.metadata.remainingItemCount).toBeUndefined();
    });

    it('show an earlier state when asked for exactly that', async () => {
      const { body } = await list();
      await context.api.call('DELETE', `${PATH}/d`);
      const earlier = await list(`&resourceVersion=${body.metadata.resourceVersion}&resourceVersionMatch=Exact`);
      expect(names(earlier)).toEqual(names({ body } as ApiAnswer<List>));
      expect(earlier.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    });

    it.each([
      ['a token that is none', '&continue=nonsense', 400, 'BadRequest'],
      ['a version that is none', '&resourceVersion=nonsense', 400, 'BadRequest'],
      ['Exact without a version', '&resourceVersionMatch=Exact', 422, 'Invalid'],
      ['Exact of version 0', '&resourceVersionMatch=Exact&resourceVersion=0', 422, 'Invalid'],
      ['a match that is none', '&resourceVersionMatch=Roughly&resourceVersion=1', 422, 'Invalid'],
      ['a token with a version', '&continue=x&resourceVersion=7', 400, 'BadRequest'],
      ['initial events without a watch', '&sendInitialEvents=true', 422, 'Invalid'],
    ])('with %s are refused', async (_, query, status, reason) => {
      const answer = await context.api.call('GET', `${CHOSEN}${query}`);
      expect([answer.status, answer.body.reason]).toEqual([status, reason]);
    });

    it('have no limit where it is less than none', async () => {
      expect(names(await list('&limit=-1'))).toEqual(names(await list()));
    });

    it.each([
      'limit=few',
      'limit=1.5',
      'timeoutSeconds=soon',
      'watch=true&timeoutSeconds=soon',
      'watch=true&limit=few',
    ])('with ?%s are refused: it is no number', async (query) => {
      const answer = await context.api.call('GET', `${PATH}?${query}`);
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
    });

    it('of a version that has not come end in 504', async () => {
      const { body } = await list();
      const later = BigInt(body.metadata.resourceVersion) + 1_000_000n;
      const answer = await context.api.call<StatusBody>('GET', `${PATH}/a?resourceVersion=${later}`);
      expect([answer.status, answer.body.reason]).toEqual([504, 'Timeout']);
      expect(answer.body.details?.causes?.[0]?.reason).toBe('ResourceVersionTooLarge');
    }, 20_000);

    it('that were forgotten in the middle end in 410', async () => {
      await context.server.compact();
      const path = `${EVENTS}?limit=1&resourceVersion=1&resourceVersionMatch=Exact`;
      const old = await context.api.call<StatusBody>('GET', path);
      expect([old.status, old.body.reason, old.body.code]).toEqual([410, 'Expired', 410]);
    });
  });
}
