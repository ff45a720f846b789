import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, causesOf, type StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import {
  configMap,
  JSON_PATCH,
  MAPS,
  MERGE_PATCH,
  PODS,
  POOLS,
  pod,
  pool,
  SECRETS,
  STRATEGIC_PATCH,
} from './manifests.ts';

/** What the YAML `key:` without a value becomes, and bodies that are null as a whole. */
export function describeNulls(context: ContractContext): void {
  const tryOut = (path: string, body: unknown): Promise<ApiAnswer<StatusBody>> =>
    context.api.call('POST', `${path}?dryRun=All`, { body });
  const patch = (place: string, type: string, body: unknown): Promise<ApiAnswer<StatusBody>> =>
    context.api.call('PATCH', `${place}?dryRun=All`, { body, type });
  const nulls = { labels: { a: null }, annotations: { b: null } };
  const empties = { labels: { a: '' }, annotations: { b: '' } };

  describe('null', () => {
    beforeAll(async () => {
      await context.api.call('POST', MAPS, { body: configMap('nulls', { data: { a: '1' } }) });
      await context.api.call('POST', POOLS, { body: pool('nulls', '10.38.0.0/16') });
    });
    afterAll(async () => {
      await context.api.call('DELETE', `${MAPS}/nulls`);
      await context.api.call('DELETE', `${POOLS}/nulls`);
    });

    it('in a map of texts is an empty text', async () => {
      const raw = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a:\n';
      const answer = await context.api.call('POST', `${MAPS}?dryRun=All`, { raw, type: 'application/yaml' });
      expect([answer.status, answer.body.data]).toEqual([201, { a: '' }]);
      const labelled = await tryOut(MAPS, configMap('x', { metadata: { name: 'x', ...nulls } }));
      expect(labelled.body.metadata).toMatchObject(empties);
      const secret = { metadata: { name: 'x' }, data: { a: null }, stringData: { b: null } };
      expect((await tryOut(SECRETS, secret)).body.data).toEqual({ a: '', b: '' });
    });

    it('in the metadata of a custom kind is an empty text too', async () => {
      const { status, body } = await tryOut(POOLS, { ...pool('x', '10.37.0.0/16'), metadata: { name: 'x', ...nulls } });
      expect(status).toBe(201);
      expect(body.metadata).toMatchObject(empties);
    });

    it('in a list is an empty value', async () => {
      const container = { name: 'c', image: 'i', args: [null], resources: { limits: { cpu: null } } };
      const { status, body } = await tryOut(PODS, pod('x', { containers: [container] }));
      expect(status).toBe(201);
      const { containers } = body.spec as { containers: object[] };
      expect(containers[0]).toMatchObject({ args: [''], resources: { limits: { cpu: '0' } } });
      const causes = causesOf(await tryOut(PODS, pod('x', { containers: [null] })));
      expect(causes).toEqual([
        'spec.containers[0].name FieldValueRequired',
        'spec.containers[0].image FieldValueRequired',
      ]);
    });

    it.each([
      ['a merge patch', MAPS, MERGE_PATCH, { metadata: null }],
      ['a strategic merge patch', MAPS, STRATEGIC_PATCH, { metadata: null }],
      ['a merge patch of the name', MAPS, MERGE_PATCH, { metadata: { name: null } }],
      ['a JSON patch', MAPS, JSON_PATCH, [{ op: 'remove', path: '/metadata' }]],
      ['a merge patch of a custom kind', POOLS, MERGE_PATCH, { metadata: null }],
    ])('as metadata, by %s, takes the name away: that is refused', async (_, path, type, body) => {
      const answer = await patch(`${path}/nulls`, type, body);
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
    });

    it('as a patch changes nothing, but is no merge patch', async () => {
      for (const type of [JSON_PATCH, STRATEGIC_PATCH]) {
        const { status, body } = await patch(`${MAPS}/nulls`, type, null);
        expect([status, body.data]).toEqual([200, { a: '1' }]);
      }
      expect((await patch(`${MAPS}/nulls`, MERGE_PATCH, null)).status).toBe(400);
    });

    it('as an object lacks a name, and of a custom kind its kind too', async () => {
      const made = await tryOut(MAPS, null);
      expect([made.status, causesOf(made)]).toEqual([422, ['metadata.name FieldValueRequired']]);
      expect((await context.api.call('PUT', `${MAPS}/nulls`, { body: null })).status).toBe(400);
      expect((await tryOut(POOLS, null)).status).toBe(400);
    });

    it('as options of a delete sets none', async () => {
      await context.api.call('POST', MAPS, { body: configMap('nulls-deleted') });
      expect((await context.api.call('DELETE', `${MAPS}/nulls-deleted`, { body: null })).status).toBe(200);
      expect((await context.api.call('GET', `${MAPS}/nulls-deleted`)).status).toBe(404);
    });
  });
}
