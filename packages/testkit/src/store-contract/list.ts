import { describe, expect, it } from 'vitest';
import { expectCode, type Scene } from './scene.ts';

export function describeList(scene: Scene): void {
  describe('list', () => {
    it('selects by namespace, label and field', async () => {
      const group = scene.fresh();
      const one = await scene.store.create('NetworkPolicy', scene.policy({ group, tier: 'a' }));
      const two = await scene.store.create('NetworkPolicy', scene.policy({ group, tier: 'b' }));
      const names = async (labelSelector: string, fieldSelector?: string): Promise<string[]> => {
        const options = {
          namespace: scene.namespace,
          labelSelector,
          ...(fieldSelector !== undefined && { fieldSelector }),
        };
        return (await scene.store.list('NetworkPolicy', options)).items.map(({ metadata }) => metadata.name).sort();
      };
      expect(await names(`group=${group}`)).toEqual([one.metadata.name, two.metadata.name].sort());
      expect(await names(`group=${group},tier!=a`)).toEqual([two.metadata.name]);
      expect(await names(`group=${group}`, `metadata.name=${one.metadata.name}`)).toEqual([one.metadata.name]);
      const elsewhere = await scene.store.list('NetworkPolicy', {
        namespace: 'elsewhere',
        labelSelector: `group=${group}`,
      });
      expect(elsewhere.items).toEqual([]);
      const everywhere = await scene.store.list('NetworkPolicy', { labelSelector: `group=${group}` });
      expect(everywhere.items).toHaveLength(2);
    });

    it('selects pods by their node', async () => {
      const nodeName = scene.fresh();
      const here = await scene.store.create('Pod', scene.pod(nodeName));
      await scene.store.create('Pod', scene.pod('another-node'));
      const { items } = await scene.store.list('Pod', {
        namespace: scene.namespace,
        fieldSelector: `spec.nodeName=${nodeName}`,
      });
      expect(items.map(({ metadata }) => metadata.name)).toEqual([here.metadata.name]);
    });

    it('refuses a selector that it cannot read', async () => {
      await expectCode(
        'INVALID',
        scene.store.list('NetworkPolicy', { namespace: scene.namespace, labelSelector: 'a=(((' }),
      );
    });
  });
}
