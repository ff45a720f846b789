import { StoreError } from '@margay/ports';
import { describe, expect, it } from 'vitest';
import { expectCode, refOf, type Scene, withLabels } from './scene.ts';

export function describeWrites(scene: Scene): void {
  describe('writes', () => {
    it('replaces an object whose version is the stored one', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy({ a: '1' }));
      const updated = await scene.store.update('NetworkPolicy', withLabels(created, { b: '2' }));
      expect(updated.metadata.labels).toEqual({ b: '2' });
      expect(updated.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
      expect(updated.metadata.uid).toBe(created.metadata.uid);
    });

    it('refuses an update of an old version, and keeps what was written', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy());
      await scene.store.update('NetworkPolicy', withLabels(created, { winner: 'first' }));
      await expectCode('CONFLICT', scene.store.update('NetworkPolicy', withLabels(created, { winner: 'second' })));
      const stored = await scene.store.get('NetworkPolicy', refOf(created));
      expect(stored?.metadata.labels).toEqual({ winner: 'first' });
    });

    it('loses no write among concurrent writers', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy({ count: '0' }));
      const increment = async (): Promise<void> => {
        for (;;) {
          const current = await scene.store.get('NetworkPolicy', refOf(created));
          if (current === undefined) throw new Error('the object has gone');
          const next = Number(current.metadata.labels?.count) + 1;
          try {
            await scene.store.update('NetworkPolicy', withLabels(current, { count: `${next}` }));
            return;
          } catch (error) {
            if (!(error instanceof StoreError) || error.code !== 'CONFLICT') throw error;
          }
        }
      };
      await Promise.all(Array.from({ length: 6 }, increment));
      const stored = await scene.store.get('NetworkPolicy', refOf(created));
      expect(stored?.metadata.labels).toEqual({ count: '6' });
    });

    it('refuses to update or delete what does not exist', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy());
      await scene.store.delete('NetworkPolicy', refOf(created));
      await expectCode('NOT_FOUND', scene.store.update('NetworkPolicy', created));
      await expectCode('NOT_FOUND', scene.store.delete('NetworkPolicy', refOf(created)));
      await expectCode('NOT_FOUND', scene.store.patch('NetworkPolicy', refOf(created), { metadata: { labels: {} } }));
    });

    it('merges a patch: null removes, the rest stays', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy({ keep: 'k', drop: 'd' }));
      const patch = { metadata: { labels: { drop: null, add: 'a' }, annotations: { 'example.test/note': 'n' } } };
      const patched = await scene.store.patch('NetworkPolicy', refOf(created), patch);
      expect(patched.metadata.labels).toEqual({ keep: 'k', add: 'a' });
      expect(patched.metadata.annotations).toEqual({ 'example.test/note': 'n' });
      expect(patched.spec).toEqual(created.spec);
    });

    it('patches an object only at the version that the patch names', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy());
      const { resourceVersion } = created.metadata;
      await scene.store.patch('NetworkPolicy', refOf(created), { metadata: { labels: { a: '1' }, resourceVersion } });
      const again = { metadata: { labels: { a: '2' }, resourceVersion } };
      await expectCode('CONFLICT', scene.store.patch('NetworkPolicy', refOf(created), again));
    });

    it('keeps spec and status apart', async () => {
      const created = await scene.store.create('Pod', scene.pod());
      const patch = { spec: { activeDeadlineSeconds: 60 }, status: { podIP: '192.0.2.7', phase: 'Pending' } };
      const byStatus = await scene.store.patch('Pod', refOf(created), patch, { subresource: 'status' });
      expect(byStatus.status?.podIP).toBe('192.0.2.7');
      expect(byStatus.spec).toEqual(created.spec);
      const byMain = await scene.store.patch('Pod', refOf(created), { ...patch, status: { podIP: '192.0.2.8' } });
      expect(byMain.status?.podIP).toBe('192.0.2.7');
      expect(byMain.spec?.activeDeadlineSeconds).toBe(60);
    });

    it('keeps the status of a custom kind apart from the rest, from its creation on', async () => {
      const name = scene.fresh();
      const condition = { type: 'Allocatable', status: 'True', reason: 'Enabled', message: '' } as const;
      const status = { conditions: [{ ...condition, lastTransitionTime: '2026-01-01T00:00:00Z' }] };
      const spec = { cidr: '198.51.100.0/24', natOutgoing: false };
      const created = await scene.store.create('IPPool', { metadata: { name }, spec, status });
      expect(created.status).toBeUndefined();
      const { resourceVersion } = created.metadata;
      const patch = { metadata: { resourceVersion }, spec: { natOutgoing: true }, status };
      const said = await scene.store.patch('IPPool', { name }, patch, { subresource: 'status' });
      expect([said.status, said.spec, said.metadata.generation]).toEqual([status, created.spec, 1]);
      await expectCode('CONFLICT', scene.store.patch('IPPool', { name }, patch, { subresource: 'status' }));
      const updated = await scene.store.update('IPPool', {
        ...said,
        spec: { ...said.spec, natOutgoing: true },
        status: {},
      });
      expect([updated.status, updated.spec.natOutgoing, updated.metadata.generation]).toEqual([status, true, 2]);
      await scene.store.delete('IPPool', { name });
    });
  });
}
