import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { PODS, pod } from './manifests.ts';

export function describeEvictions(context: ContractContext): void {
  const evict = (name: string, deleteOptions: object = {}) =>
    context.api.call('POST', `${PODS}/${name}/eviction`, {
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' }, deleteOptions },
    });

  describe('evictions', () => {
    it('are told of in the discovery of pods, with a group of their own', async () => {
      const { body } = await context.api.call('GET', '/api/v1');
      const resources = body.resources as readonly { readonly name: string }[];
      expect(resources.find(({ name }) => name === 'pods/eviction')).toMatchObject({
        group: 'policy',
        version: 'v1',
        kind: 'Eviction',
        namespaced: true,
        verbs: ['create'],
      });
    });

    it('delete a pod, with the time that they give it', async () => {
      await context.api.call('POST', PODS, { body: pod('evicted', { nodeName: 'n1' }) });
      const tried = await evict('evicted', { dryRun: ['All'] });
      expect([tried.status, tried.body.kind, tried.body.status]).toEqual([201, 'Status', 'Success']);
      expect((await context.api.call('GET', `${PODS}/evicted`)).body.metadata.deletionTimestamp).toBeUndefined();
      expect((await evict('evicted', { gracePeriodSeconds: 7 })).status).toBe(201);
      const { body } = await context.api.call('GET', `${PODS}/evicted`);
      expect(body.metadata.deletionGracePeriodSeconds).toBe(7);
      expect((await evict('evicted', { gracePeriodSeconds: 0 })).status).toBe(201);
      expect((await context.api.call('GET', `${PODS}/evicted`)).status).toBe(404);
    });

    it('must say which pod they are about, and say nothing that cannot be', async () => {
      await context.api.call('POST', PODS, { body: pod('named', { nodeName: 'n1' }) });
      const send = (body: object, name = 'named') =>
        context.api.call('POST', `${PODS}/${name}/eviction?dryRun=All`, { body });
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction' };
      const metadata = { name: 'named' };
      for (const body of [
        {},
        eviction,
        { ...eviction, metadata: { name: 'other' } },
        { ...eviction, metadata: { name: 'named', namespace: 'other' } },
        { ...pod('named'), metadata },
        { ...eviction, metadata, deleteOptions: { gracePeriodSeconds: 'long' } },
      ]) {
        const { status, body: answer } = await send(body);
        expect([status, answer.reason]).toEqual([400, 'BadRequest']);
      }
      expect((await send(eviction, 'absent')).status).toBe(400);
      expect((await send({ ...eviction, metadata })).body).toMatchObject({ status: 'Success', code: 201 });
      await context.api.call('DELETE', `${PODS}/named?gracePeriodSeconds=0`);
    });

    it('of a pod that is not there are not found, and can only be posted', async () => {
      const absent = await evict('absent');
      expect([absent.status, absent.body.reason]).toEqual([404, 'NotFound']);
      expect((await context.api.call('GET', `${PODS}/absent/eviction`)).status).toBe(405);
    });
  });
}
