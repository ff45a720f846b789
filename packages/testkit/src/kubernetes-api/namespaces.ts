import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { configMap, MERGE_PATCH, NAMESPACES } from './manifests.ts';

export function describeNamespaces(context: ContractContext): void {
  describe('namespaces', () => {
    it('get their label, their finalizer and a phase', async () => {
      const { status, body } = await context.api.call('POST', NAMESPACES, { body: { metadata: { name: 'short' } } });
      expect([status, body.status, body.spec]).toEqual([201, { phase: 'Active' }, { finalizers: ['kubernetes'] }]);
      expect(body.metadata.labels).toEqual({ 'kubernetes.io/metadata.name': 'short' });
    });

    it('that end take nothing new, and go when nothing is left', async () => {
      const path = `${NAMESPACES}/short/configmaps`;
      const metadata = { name: 'held', finalizers: ['example.com/hold'] };
      await context.api.call('POST', path, { body: configMap('held', { metadata }) });
      const deleted = await context.api.call('DELETE', `${NAMESPACES}/short`);
      expect([deleted.status, deleted.body.kind]).toEqual([200, 'Namespace']);
      const { body } = await context.api.call('GET', `${NAMESPACES}/short`);
      expect(body.status).toMatchObject({ phase: 'Terminating' });
      expect(body.metadata.deletionTimestamp).toBeDefined();
      const late = await context.api.call('POST', path, { body: configMap('late') });
      expect([late.status, late.body.reason]).toEqual([403, 'Forbidden']);
      expect(late.body.details?.causes?.map(({ reason, field }) => [reason, field])).toEqual([
        ['NamespaceTerminating', 'metadata.namespace'],
      ]);
      expect(late.body.message).toBe(
        'configmaps "late" is forbidden: unable to create new content in namespace short because it is being terminated',
      );
      await context.api.call('PATCH', `${path}/held`, { body: { metadata: { finalizers: [] } }, type: MERGE_PATCH });
      // A kube-apiserver alone has no controller that empties a namespace and lets it go.
      const finalized = { ...body, spec: { finalizers: [] } };
      await context.api.call('PUT', `${NAMESPACES}/short/finalize`, {
        body: { ...finalized, metadata: { name: 'short' } },
      });
      await expect.poll(async () => (await context.api.call('GET', `${NAMESPACES}/short`)).status).toBe(404);
    });

    it.each(['default', 'kube-system', 'kube-public'])('%s cannot be deleted', async (name) => {
      const { status, body } = await context.api.call('DELETE', `${NAMESPACES}/${name}`);
      expect([status, body.reason]).toEqual([403, 'Forbidden']);
      expect(body.message).toBe(`namespaces "${name}" is forbidden: this namespace may not be deleted`);
    });

    it('that are not there hold nothing: 404 for a write, an empty list for a read', async () => {
      const path = `${NAMESPACES}/nowhere/configmaps`;
      const write = await context.api.call('POST', path, { body: configMap('lost') });
      expect([write.status, write.body.reason, write.body.message]).toEqual([
        404,
        'NotFound',
        'namespaces "nowhere" not found',
      ]);
      const read = await context.api.call('GET', path);
      expect([read.status, read.body.items]).toEqual([200, []]);
    });

    it('are not deleted all at once', async () => {
      const { status, body } = await context.api.call('DELETE', NAMESPACES);
      expect([status, body.reason]).toEqual([405, 'MethodNotAllowed']);
    });
  });
}
