import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { LEASES, MERGE_PATCH, NODES, PODS, SECRETS, SLICES } from './manifests.ts';

export function describeKinds(context: ContractContext): void {
  describe('kinds', () => {
    it('a new object gets uid, version and time', async () => {
      const body = { metadata: { generateName: 'made-' } };
      const path = '/api/v1/namespaces/default/configmaps';
      const answer = await context.api.call('POST', path, { body });
      expect([answer.status, answer.body.kind, answer.body.apiVersion]).toEqual([201, 'ConfigMap', 'v1']);
      expect(answer.body.metadata.name).toMatch(/^made-[a-z0-9]{5}$/);
      expect(answer.body.metadata.uid).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(answer.body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(answer.body.metadata).not.toHaveProperty('generation');
      await context.api.call('DELETE', `${path}/${answer.body.metadata.name}`);
    });

    it('Lease: held, renewed and taken over with microseconds', async () => {
      const spec = { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.123456Z' };
      const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'leader' }, spec };
      const made = await context.api.call('POST', LEASES, { body: lease });
      expect([made.status, made.body.spec]).toEqual([201, spec]);
      const next = { ...made.body, spec: { ...spec, holderIdentity: 'b', leaseTransitions: 1 } };
      expect((await context.api.call('PUT', `${LEASES}/leader`, { body: next })).status).toBe(200);
      expect((await context.api.call('PUT', `${LEASES}/leader`, { body: next })).status).toBe(409);
      await context.api.call('DELETE', `${LEASES}/leader`);
    });

    it.each([
      ['2026-01-01T00:00:00.123456Z', 201],
      ['2026-01-01T00:00:00.123456+01:00', 201],
      ['2026-01-01T00:00:00.123Z', 400],
      ['2026-01-01T00:00:00.1234567Z', 400],
      ['2026-01-01T00:00:00Z', 400],
    ])('Lease: its times have six decimals: %s', async (renewTime, status) => {
      const lease = { metadata: { name: 'timed' }, spec: { renewTime } };
      expect((await context.api.call('POST', LEASES, { body: lease })).status).toBe(status);
      await context.api.call('DELETE', `${LEASES}/timed`);
    });

    it('EndpointSlice: found by the name of its service', async () => {
      const metadata = { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } };
      const endpoints = [{ addresses: ['192.0.2.7'], conditions: { ready: true }, nodeName: 'n1' }];
      const slice = { addressType: 'IPv4', endpoints, ports: [{ name: 'grpc', port: 7461, protocol: 'TCP' }] };
      const made = await context.api.call('POST', SLICES, { body: { metadata, ...slice } });
      expect([made.status, made.body.kind, made.body.apiVersion]).toEqual([
        201,
        'EndpointSlice',
        'discovery.k8s.io/v1',
      ]);
      expect(made.body).toMatchObject(slice);
      const list = await context.api.call('GET', `${SLICES}?labelSelector=kubernetes.io%2Fservice-name%3Dweb`);
      expect([list.body.kind, (list.body.items as unknown[]).length]).toEqual(['EndpointSliceList', 1]);
      const wrong = await context.api.call('POST', SLICES, {
        body: { metadata: { name: 'wrong' }, addressType: 'IPv4', endpoints: [{ addresses: ['host'] }] },
      });
      expect([wrong.status, wrong.body.details?.causes?.[0]?.field]).toEqual([422, 'endpoints[0].addresses[0]']);
      const none = await context.api.call('POST', SLICES, { body: { metadata: { name: 'wrong' }, endpoints: [] } });
      expect([none.status, none.body.details?.causes?.[0]?.field]).toEqual([422, 'addressType']);
      await context.api.call('DELETE', `${SLICES}/web-1`);
    });

    it('Secret: text becomes data', async () => {
      const body = { metadata: { name: 'text' }, stringData: { a: 'b' } };
      const { body: made } = await context.api.call('POST', SECRETS, { body });
      expect([made.type, made.data, made.stringData]).toEqual(['Opaque', { a: 'Yg==' }, undefined]);
      await context.api.call('DELETE', `${SECRETS}/text`);
    });

    it('Pod: bound once', async () => {
      const body = { metadata: { name: 'bound' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
      await context.api.call('POST', PODS, { body });
      const binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name: 'bound' },
        target: { kind: 'Node', name: 'n1' },
      };
      const first = await context.api.call('POST', `${PODS}/bound/binding`, { body: binding });
      expect([first.status, first.body.kind, first.body.status]).toEqual([201, 'Status', 'Success']);
      const second = await context.api.call('POST', `${PODS}/bound/binding`, { body: binding });
      expect([second.status, second.body.reason]).toEqual([409, 'Conflict']);
      const { body: bound } = await context.api.call('GET', `${PODS}/bound`);
      expect(bound.spec).toMatchObject({ nodeName: 'n1' });
      await context.api.call('DELETE', `${PODS}/bound?gracePeriodSeconds=0`);
    });

    it.each([
      [{ capacity: { cpu: '2', pods: '110' } }, { cpu: '2', pods: '110' }],
      [{ capacity: { cpu: '2' }, allocatable: { cpu: '1' } }, { cpu: '1' }],
      [{ allocatable: { cpu: '1' } }, { cpu: '1' }],
    ])('Node: all of it may be allocated unless it says otherwise: %j', async (status, allocatable) => {
      const made = await context.api.call('POST', NODES, { body: { metadata: { name: 'sized' }, status } });
      expect([made.status, made.body.status]).toMatchObject([201, { allocatable }]);
      await context.api.call('DELETE', `${NODES}/sized`);
    });

    it('Node: its status changes alone', async () => {
      await context.api.call('POST', NODES, { body: { metadata: { name: 'alone' } } });
      const conditions = [
        { type: 'NetworkUnavailable', status: 'False', reason: 'Up', message: 'the network is there' },
      ];
      const { status, body } = await context.api.call('PATCH', `${NODES}/alone/status`, {
        body: { status: { conditions }, spec: { unschedulable: true } },
        type: MERGE_PATCH,
      });
      expect([status, (body.status as { conditions: object }).conditions]).toMatchObject([200, conditions]);
      expect(body.spec).not.toHaveProperty('unschedulable');
      await context.api.call('DELETE', `${NODES}/alone`);
    });
  });
}
