import type { Node } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { expectCode, refOf, type Scene } from './scene.ts';

export function describeObjects(scene: Scene): void {
  describe('objects', () => {
    it('gives undefined for an object that does not exist', async () => {
      expect(
        await scene.store.get('NetworkPolicy', { namespace: scene.namespace, name: scene.fresh() }),
      ).toBeUndefined();
    });

    it('gives back what was created, with what the server sets', async () => {
      const wanted = scene.policy({ tier: 'front' });
      const created = await scene.store.create('NetworkPolicy', wanted);
      expect(created.spec).toEqual(wanted.spec);
      expect(created.metadata).toMatchObject({
        name: wanted.metadata.name,
        namespace: scene.namespace,
        labels: { tier: 'front' },
      });
      expect(created.metadata.uid).toMatch(/./);
      expect(created.metadata.resourceVersion).toMatch(/^[0-9]+$/);
      expect(Date.parse(created.metadata.creationTimestamp ?? '')).not.toBeNaN();
      expect(await scene.store.get('NetworkPolicy', refOf(created))).toEqual(created);
    });

    it('creates cluster-scoped objects', async () => {
      const node: Node = { metadata: { name: scene.fresh() } };
      await scene.store.create('Node', node);
      expect((await scene.store.get('Node', { name: node.metadata.name }))?.metadata.name).toBe(node.metadata.name);
      await scene.store.delete('Node', { name: node.metadata.name });
    });

    it('creates objects of custom kinds', async () => {
      const metadata = { name: scene.fresh() };
      const spec = { cidr: '198.51.100.0/24', ipipMode: 'Never', natOutgoing: false } as const;
      const created = await scene.store.create('IPPool', { metadata, spec });
      expect(created.spec).toMatchObject(spec);
      await scene.store.delete('IPPool', metadata);
      expect(await scene.store.get('IPPool', metadata)).toBeUndefined();
    });

    it('refuses a second object of the same name', async () => {
      const created = await scene.store.create('NetworkPolicy', scene.policy());
      await expectCode('ALREADY_EXISTS', scene.store.create('NetworkPolicy', scene.policy({}, created.metadata.name)));
    });

    it('refuses an object that is not valid', async () => {
      await expectCode('INVALID', scene.store.create('NetworkPolicy', scene.policy({}, 'Not_A_Name')));
    });

    it('refuses a namespaced object without a namespace', async () => {
      await expectCode('INVALID', scene.store.get('NetworkPolicy', { name: scene.fresh() }));
    });
  });
}
