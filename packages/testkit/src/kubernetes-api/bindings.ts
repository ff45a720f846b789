import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { PODS, pod } from './manifests.ts';

/** What a scheduler posts. */
export function describeBindings(context: ContractContext): void {
  const bind = (target: object, metadata: object = { name: 'bound' }) =>
    context.api.call('POST', `${PODS}/bound/binding`, {
      body: { apiVersion: 'v1', kind: 'Binding', metadata, target },
    });

  describe('bindings', () => {
    it('that are wrong are refused; one that is right gives the pod its node, once', async () => {
      await context.api.call('POST', PODS, { body: pod('bound') });
      expect((await bind({ kind: 'Node', name: 'n1' }, {})).status).toBe(400);
      expect((await bind({ kind: 'Node', name: 'n1' }, { name: 'other' })).status).toBe(400);
      expect((await bind({ kind: 'Pod', name: 'n1' })).status).toBe(500);
      expect((await bind({ kind: 'Node' })).status).toBe(500);
      expect((await bind({ kind: 'Node', name: 'n1' }, { name: 'bound', uid: 'another' })).status).toBe(409);
      const right = await bind({ kind: 'Node', name: 'n1' }, { name: 'bound', annotations: { a: 'b' } });
      expect([right.status, right.body.code]).toEqual([201, 201]);
      const { body } = await context.api.call('GET', `${PODS}/bound`);
      expect([(body.spec as { nodeName: string }).nodeName, body.metadata.annotations]).toEqual(['n1', { a: 'b' }]);
      const again = await bind({ kind: 'Node', name: 'n1' });
      expect([again.status, again.body.reason, again.body.details?.kind]).toEqual([409, 'Conflict', 'pods/binding']);
      await context.api.call('DELETE', `${PODS}/bound?gracePeriodSeconds=0`);
    });
  });
}
