import { describe, expect, it } from 'vitest';
import { expectCode, refOf, type Scene, withLabels } from './scene.ts';

export function describeWatch(scene: Scene, { canCompact }: { readonly canCompact: boolean }): void {
  describe('watch', () => {
    it('tells every change after a list, in order', async () => {
      const group = scene.fresh();
      const { resourceVersion } = await scene.store.list('NetworkPolicy', { namespace: scene.namespace });
      const watch = scene.watching({ resourceVersion, labelSelector: `group=${group}` });
      const created = await scene.store.create('NetworkPolicy', scene.policy({ group }));
      await scene.store.update('NetworkPolicy', withLabels(created, { group, step: '2' }));
      await scene.store.delete('NetworkPolicy', refOf(created));
      const events = await watch.take(3);
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect(new Set(events.map(({ object }) => object.metadata.name))).toEqual(new Set([created.metadata.name]));
      const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
      expect(new Set(versions).size).toBe(3);
      await watch.stop();
    });

    it('resumes after the version it is given', async () => {
      const group = scene.fresh();
      const first = await scene.store.create('NetworkPolicy', scene.policy({ group }));
      const second = await scene.store.create('NetworkPolicy', scene.policy({ group }));
      const resourceVersion = first.metadata.resourceVersion ?? '';
      const watch = scene.watching({ resourceVersion, labelSelector: `group=${group}` });
      const events = await watch.take(1);
      expect(events.map(({ object }) => object.metadata.name)).toEqual([second.metadata.name]);
      await watch.stop();
    });

    it('tells nothing before the version that it starts from, also when that has not come yet', async () => {
      const group = scene.fresh();
      const first = await scene.store.create('NetworkPolicy', scene.policy({ group, step: '0' }));
      const ahead = `${Number(first.metadata.resourceVersion) + 2}`;
      const watch = scene.watching({ resourceVersion: ahead, labelSelector: `group=${group}` });
      let current = first;
      // Others may write in between: only what is newer than the version counts.
      for (const step of ['1', '2', '3']) {
        current = await scene.store.update('NetworkPolicy', withLabels(current, { group, step }));
      }
      const [event] = await watch.take(1);
      expect(Number(event?.object.metadata.resourceVersion)).toBeGreaterThan(Number(ahead));
      await watch.stop();
    });

    it('tells of an object that leaves the selection as deleted, and of one that enters as added', async () => {
      const group = scene.fresh();
      const { resourceVersion } = await scene.store.list('NetworkPolicy', { namespace: scene.namespace });
      const watch = scene.watching({ resourceVersion, labelSelector: `group=${group}` });
      const created = await scene.store.create('NetworkPolicy', scene.policy({ group }));
      const left = await scene.store.update('NetworkPolicy', withLabels(created, { group: 'other' }));
      await scene.store.update('NetworkPolicy', withLabels(left, { group }));
      const events = await watch.take(3);
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED', 'ADDED']);
      await watch.stop();
    });

    it('ends without an error when the signal aborts', async () => {
      const { resourceVersion } = await scene.store.list('NetworkPolicy', { namespace: scene.namespace });
      const watch = scene.watching({ resourceVersion });
      await watch.stop();
    });

    it.runIf(canCompact)('says GONE for a version that the server has forgotten', async () => {
      const { resourceVersion } = await scene.store.list('NetworkPolicy', { namespace: scene.namespace });
      await scene.store.create('NetworkPolicy', scene.policy());
      await scene.store.create('NetworkPolicy', scene.policy());
      await scene.compact();
      const iterate = async (): Promise<void> => {
        const signal = AbortSignal.timeout(5_000);
        for await (const event of scene.store.watch('NetworkPolicy', {
          namespace: scene.namespace,
          resourceVersion,
          signal,
        }))
          void event;
      };
      await expectCode('GONE', iterate());
    });
  });
}
