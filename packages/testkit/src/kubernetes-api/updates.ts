import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { configMap, LEASES, MAPS, PODS, POOLS, pod, pool } from './manifests.ts';

export function describeUpdates(context: ContractContext): void {
  describe('updates', () => {
    it('with an old version are refused, and change nothing', async () => {
      const made = await context.api.call('POST', MAPS, { body: configMap('swapped', { data: { a: '1' } }) });
      const next = await context.api.call('PUT', `${MAPS}/swapped`, { body: { ...made.body, data: { a: '2' } } });
      expect([next.status, next.body.metadata.resourceVersion === made.body.metadata.resourceVersion]).toEqual([
        200,
        false,
      ]);
      const late = await context.api.call('PUT', `${MAPS}/swapped`, { body: { ...made.body, data: { a: '3' } } });
      expect([late.status, late.body.reason]).toEqual([409, 'Conflict']);
      expect(late.body.message).toBe(
        'Operation cannot be fulfilled on configmaps "swapped": the object has been modified; please apply your changes to the latest version and try again',
      );
      expect(late.body.details).toEqual({ name: 'swapped', kind: 'configmaps' });
      expect((await context.api.call('GET', `${MAPS}/swapped`)).body.data).toEqual({ a: '2' });
    });

    it('without a version overwrite configuration, and are refused for leases and custom kinds', async () => {
      expect((await context.api.call('PUT', `${MAPS}/swapped`, { body: configMap('swapped') })).status).toBe(200);
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'swapped' } };
      await context.api.call('POST', LEASES, { body: lease });
      await context.api.call('POST', POOLS, { body: pool('swapped', '10.31.0.0/16') });
      const answers = [
        await context.api.call('PUT', `${LEASES}/swapped`, { body: lease }),
        await context.api.call('PUT', `${POOLS}/swapped`, { body: pool('swapped', '10.31.0.0/16') }),
      ];
      for (const { status, body } of answers) {
        expect([status, body.reason, body.details?.causes?.[0]?.field]).toEqual([
          422,
          'Invalid',
          'metadata.resourceVersion',
        ]);
        expect(body.message).toContain('must be specified for an update');
      }
      await context.api.call('DELETE', `${POOLS}/swapped`);
      await context.api.call('DELETE', `${LEASES}/swapped`);
    });

    it('that change nothing keep the version', async () => {
      const { body } = await context.api.call('GET', `${MAPS}/swapped`);
      const same = await context.api.call('PUT', `${MAPS}/swapped`, { body });
      expect(same.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    });

    it('count generations of what is wanted, not of labels', async () => {
      const made = await context.api.call('POST', POOLS, { body: pool('counted', '10.32.0.0/16') });
      const labelled = await context.api.call('PUT', `${POOLS}/counted`, {
        body: { ...made.body, metadata: { ...made.body.metadata, labels: { a: 'b' } } },
      });
      const changed = await context.api.call('PUT', `${POOLS}/counted`, {
        body: { ...labelled.body, spec: { ...(made.body.spec as object), disabled: true } },
      });
      const generations = [made, labelled, changed].map(({ body }) => body.metadata.generation);
      expect(generations).toEqual([1, 1, 2]);
      await context.api.call('DELETE', `${POOLS}/counted`);
    });

    it('cannot change what the server decides', async () => {
      const { body } = await context.api.call('GET', `${MAPS}/swapped`);
      const metadata = { ...body.metadata, creationTimestamp: '2001-01-01T00:00:00Z', generation: 99 };
      const answer = await context.api.call('PUT', `${MAPS}/swapped`, { body: { ...body, metadata } });
      expect(answer.status).toBe(200);
      expect(answer.body.metadata.creationTimestamp).toBe(body.metadata.creationTimestamp);
    });

    it('of another uid, name or namespace are refused', async () => {
      const put = (metadata: object) =>
        context.api.call('PUT', `${MAPS}/swapped`, { body: { ...configMap('swapped'), metadata } });
      const uid = await put({ name: 'swapped', uid: '00000000-0000-0000-0000-000000000000' });
      expect([uid.status, uid.body.reason]).toEqual([409, 'Conflict']);
      const name = await put({ name: 'other' });
      expect([name.status, name.body.reason]).toEqual([400, 'BadRequest']);
      const namespace = await put({ name: 'swapped', namespace: 'kube-system' });
      expect([namespace.status, namespace.body.reason]).toEqual([400, 'BadRequest']);
    });

    it('of what is not there are not found', async () => {
      const { status, body } = await context.api.call('PUT', `${PODS}/absent`, { body: pod('absent') });
      expect([status, body.reason]).toEqual([404, 'NotFound']);
    });

    it('of the status leave the rest, and of the rest leave the status', async () => {
      const made = await context.api.call('POST', PODS, { body: pod('parts') });
      const status = { phase: 'Running', podIP: '10.1.2.3', podIPs: [{ ip: '10.1.2.3' }] };
      const spec = { ...(made.body.spec as object), activeDeadlineSeconds: 60 };
      const first = await context.api.call('PUT', `${PODS}/parts/status`, { body: { ...made.body, spec, status } });
      expect(first.body.status).toMatchObject(status);
      expect(first.body.spec).not.toHaveProperty('activeDeadlineSeconds');
      const second = await context.api.call('PUT', `${PODS}/parts`, {
        body: { ...first.body, status: { phase: 'Failed' }, spec },
      });
      expect(second.body.status).toMatchObject(status);
      expect(second.body.spec).toMatchObject({ activeDeadlineSeconds: 60 });
      await context.api.call('DELETE', `${PODS}/parts?gracePeriodSeconds=0`);
    });
  });
}
