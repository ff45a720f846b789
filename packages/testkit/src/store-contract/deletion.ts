import { describe, expect, it } from 'vitest';
import { expectCode, refOf, type Scene, withLabels } from './scene.ts';

export function describeDeletion(scene: Scene): void {
  describe('deletion', () => {
    it('removes an object whose UID is the expected one, and no other', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy());
      const wrong = { uid: '11111111-1111-4111-8111-111111111111' };
      await expectCode('CONFLICT', scene.store.delete('NetworkPolicy', refOf(created), wrong));
      const { uid } = created.metadata;
      await scene.store.delete('NetworkPolicy', refOf(created), uid === undefined ? {} : { uid });
      expect(await scene.store.get('NetworkPolicy', refOf(created))).toBeUndefined();
    });

    it('refuses to delete another version than the expected one', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy());
      await scene.store.update('NetworkPolicy', withLabels(created, { changed: 'yes' }));
      const { resourceVersion } = created.metadata;
      const conditions = resourceVersion === undefined ? {} : { resourceVersion };
      await expectCode('CONFLICT', scene.store.delete('NetworkPolicy', refOf(created), conditions));
    });

    it('keeps an object with a finalizer until it is taken off', async () => {
      const wanted = scene.policy();
      wanted.metadata.finalizers = ['example.test/hold'];
      const created = await scene.store.create('NetworkPolicy', wanted);
      await scene.store.delete('NetworkPolicy', refOf(created));
      const held = await scene.store.get('NetworkPolicy', refOf(created));
      expect(held?.metadata.deletionTimestamp).toMatch(/./);
      await scene.store.patch('NetworkPolicy', refOf(created), { metadata: { finalizers: null } });
      expect(await scene.store.get('NetworkPolicy', refOf(created))).toBeUndefined();
    });

    it('removes in one step what its last finalizer lets go, and tells it as it was', async () => {
      const wanted = scene.policy({ seen: 'before' });
      wanted.metadata.finalizers = ['example.test/hold'];
      const created = await scene.store.create('NetworkPolicy', wanted);
      await scene.store.delete('NetworkPolicy', refOf(created));
      const held = await scene.store.get('NetworkPolicy', refOf(created));
      const resourceVersion = held?.metadata.resourceVersion ?? '';
      const watch = scene.watching({ resourceVersion });
      const patch = { metadata: { finalizers: null, labels: { seen: 'after' } } };
      const released = await scene.store.patch('NetworkPolicy', refOf(created), patch);
      expect(released.metadata).toMatchObject({ labels: { seen: 'after' }, resourceVersion });
      const next = await scene.store.create('NetworkPolicy', scene.policy());
      const events = await watch.take(2);
      expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
        `DELETED ${created.metadata.name}`,
        `ADDED ${next.metadata.name}`,
      ]);
      expect(events[0]?.object.metadata.labels).toEqual({ seen: 'before' });
      await watch.stop();
    });

    it('keeps a bound pod until its node lets it go', async () => {
      const created = await scene.store.create('Pod', scene.pod('node-1'));
      await scene.store.delete('Pod', refOf(created));
      const ending = await scene.store.get('Pod', refOf(created));
      expect(ending?.metadata.deletionTimestamp).toMatch(/./);
      await scene.store.delete('Pod', refOf(created), { gracePeriodSeconds: 0 });
      expect(await scene.store.get('Pod', refOf(created))).toBeUndefined();
    });
  });
}
