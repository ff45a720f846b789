import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { configMap, MAPS, MERGE_PATCH, PODS, POOLS, pod, pool } from './manifests.ts';

export function describeDeletes(context: ContractContext): void {
  const deleteWith = (path: string, body: object) => context.api.call('DELETE', path, { body });

  describe('deletes', () => {
    it('answer with a Status that names what is gone', async () => {
      const { body } = await context.api.call('POST', MAPS, { body: configMap('gone') });
      const deleted = await context.api.call('DELETE', `${MAPS}/gone`);
      expect([deleted.status, deleted.body.kind, deleted.body.status]).toEqual([200, 'Status', 'Success']);
      expect(deleted.body.details).toEqual({ name: 'gone', kind: 'configmaps', uid: body.metadata.uid });
      const again = await context.api.call('DELETE', `${MAPS}/gone`);
      expect([again.status, again.body.reason]).toEqual([404, 'NotFound']);
    });

    it('of custom kinds name the group too', async () => {
      await context.api.call('POST', POOLS, { body: pool('gone', '10.34.0.0/16') });
      const { body } = await context.api.call('DELETE', `${POOLS}/gone`);
      expect(body.details).toMatchObject({ name: 'gone', group: 'networking.margay.dev', kind: 'ippools' });
    });

    it('keep to preconditions', async () => {
      const { body } = await context.api.call('POST', MAPS, { body: configMap('kept') });
      const uid = await deleteWith(`${MAPS}/kept`, { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } });
      expect([uid.status, uid.body.reason]).toEqual([409, 'Conflict']);
      const version = await deleteWith(`${MAPS}/kept`, { preconditions: { resourceVersion: '1' } });
      expect([version.status, version.body.reason]).toEqual([409, 'Conflict']);
      const preconditions = { uid: body.metadata.uid, resourceVersion: body.metadata.resourceVersion };
      expect((await deleteWith(`${MAPS}/kept`, { preconditions, dryRun: ['All'] })).status).toBe(200);
      // Options in the query count only where there is no body.
      expect((await deleteWith(`${MAPS}/kept?dryRun=All`, { preconditions })).status).toBe(200);
      expect((await context.api.call('GET', `${MAPS}/kept`)).status).toBe(404);
    });

    it('wait for finalizers, and take no new ones', async () => {
      const metadata = { name: 'held', finalizers: ['example.com/hold'] };
      await context.api.call('POST', MAPS, { body: configMap('held', { metadata }) });
      const deleted = await context.api.call('DELETE', `${MAPS}/held`);
      expect([deleted.status, deleted.body.kind]).toEqual([200, 'ConfigMap']);
      expect(deleted.body.metadata).toMatchObject({ deletionGracePeriodSeconds: 0 });
      const patch = (finalizers: string[]) =>
        context.api.call('PATCH', `${MAPS}/held`, { body: { metadata: { finalizers } }, type: MERGE_PATCH });
      const added = await patch(['example.com/hold', 'example.com/more']);
      expect([added.status, added.body.reason]).toEqual([422, 'Invalid']);
      expect(added.body.message).toContain('no new finalizers can be added if the object is being deleted');
      expect((await patch([])).status).toBe(200);
      expect((await context.api.call('GET', `${MAPS}/held`)).status).toBe(404);
    });

    it('of a pod on a node wait for its kubelet, unless there is no time to wait', async () => {
      await context.api.call('POST', PODS, {
        body: pod('running', { nodeName: 'n1', terminationGracePeriodSeconds: 7 }),
      });
      const deleted = await context.api.call('DELETE', `${PODS}/running`);
      expect([deleted.status, deleted.body.kind]).toEqual([200, 'Pod']);
      expect(deleted.body.metadata.deletionGracePeriodSeconds).toBe(7);
      const shorter = await context.api.call('DELETE', `${PODS}/running?gracePeriodSeconds=3`);
      expect(shorter.body.metadata.deletionGracePeriodSeconds).toBe(3);
      const longer = await context.api.call('DELETE', `${PODS}/running?gracePeriodSeconds=60`);
      expect(longer.body.metadata.deletionGracePeriodSeconds).toBe(3);
      expect((await deleteWith(`${PODS}/running`, { gracePeriodSeconds: 0 })).status).toBe(200);
      expect((await context.api.call('GET', `${PODS}/running`)).status).toBe(404);
    });

    it('of a pod that no node has do not wait', async () => {
      await context.api.call('POST', PODS, { body: pod('unplaced') });
      expect((await context.api.call('DELETE', `${PODS}/unplaced`)).status).toBe(200);
      expect((await context.api.call('GET', `${PODS}/unplaced`)).status).toBe(404);
    });

    it('of a selection answer with what was there', async () => {
      for (const name of ['many-1', 'many-2', 'few']) {
        const labels = { many: String(name !== 'few') };
        await context.api.call('POST', MAPS, { body: configMap(name, { metadata: { name, labels } }) });
      }
      const { status, body } = await context.api.call('DELETE', `${MAPS}?labelSelector=many%3Dtrue`);
      expect([status, body.kind]).toEqual([200, 'ConfigMapList']);
      expect((await context.api.call('GET', `${MAPS}/many-1`)).status).toBe(404);
      expect((await context.api.call('DELETE', `${MAPS}/few`)).status).toBe(200);
    });
  });
}
