import { describe, expect, it } from 'vitest';
import type { StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import {
  configMap,
  EVENTS,
  LEASES,
  MAPS,
  MERGE_PATCH,
  NODES,
  PODS,
  POLICIES,
  pod,
  policy,
  SERVICES,
  SLICES,
} from './manifests.ts';

type Made = StatusBody & { readonly spec: Record<string, unknown>; readonly status: Record<string, unknown> };

export function describeForms(context: ContractContext): void {
  const tryOut = async (path: string, body: object): Promise<Made> => {
    const answer = await context.api.call<Made>('POST', `${path}?dryRun=All`, { body });
    expect([answer.status, answer.body.message]).toEqual([201, undefined]);
    return answer.body;
  };

  describe('forms of objects', () => {
    it('leave out what is empty', async () => {
      const metadata = { name: 'x', labels: {}, annotations: {}, finalizers: [] };
      const { spec, metadata: made } = await tryOut(PODS, {
        ...pod('x', { hostNetwork: false, hostname: '', volumes: [], nodeSelector: {} }),
        metadata,
      });
      expect(Object.keys(made)).not.toEqual(expect.arrayContaining(['labels']));
      for (const field of ['labels', 'annotations', 'finalizers']) expect(made).not.toHaveProperty(field);
      for (const field of ['hostNetwork', 'hostname', 'volumes', 'nodeSelector'])
        expect(spec).not.toHaveProperty(field);
      const map = await tryOut(MAPS, configMap('x', { data: {}, immutable: false }));
      expect([map.data, map.immutable]).toEqual([undefined, false]);
    });

    it('show in a status also what is empty', async () => {
      await context.api.call('POST', PODS, { body: pod('formed') });
      const status = {
        conditions: [{ type: 'Ready', status: 'True' }],
        containerStatuses: [{ name: 'web', image: 'i', imageID: '', ready: false, restartCount: 0 }],
      };
      const { body } = await context.api.call('PATCH', `${PODS}/formed/status`, {
        body: { status },
        type: MERGE_PATCH,
      });
      expect(body.status).toMatchObject({
        conditions: [{ lastProbeTime: null, lastTransitionTime: null, status: 'True', type: 'Ready' }],
        containerStatuses: [{ imageID: '', lastState: {}, ready: false, restartCount: 0, state: {} }],
      });
      await context.api.call('DELETE', `${PODS}/formed?gracePeriodSeconds=0`);
      const node = await tryOut(NODES, { metadata: { name: 'x' } });
      expect(node.status).toMatchObject({
        daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
        nodeInfo: { osImage: '' },
      });
      const involvedObject = { kind: 'Pod', name: 'x', namespace: 'default' };
      const event = await tryOut(EVENTS, { metadata: { name: 'x' }, involvedObject });
      expect(event).toMatchObject({ source: {}, firstTimestamp: null, eventTime: null, reportingComponent: '' });
    });

    it.each([
      ['1000m', '1'],
      ['0.5', '500m'],
      [2, '2'],
      ['1024Mi', '1Gi'],
      ['1.5Gi', '1536Mi'],
      ['0.5Ki', '512'],
      ['1e3', '1e3'],
      ['1500000', '1500k'],
      ['0', '0'],
    ])('write the quantity %s as %s', async (given, written) => {
      const body = pod('x', { overhead: { memory: given } });
      const { status } = await tryOut(NODES, { metadata: { name: 'x' }, status: { capacity: { memory: given } } });
      expect([status.capacity, body.kind]).toEqual([{ memory: written }, 'Pod']);
    });

    it('refuse a quantity that is none: 400', async () => {
      const body = pod('x', { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: 'lots' } } }] });
      const answer = await context.api.call('POST', `${PODS}?dryRun=All`, { body });
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
    });

    it.each([
      [PODS, pod('x'), 1],
      [POLICIES, policy('x', { podSelector: {} }), 1],
      [SLICES, { metadata: { name: 'x' }, addressType: 'IPv4', endpoints: [] }, 1],
      [MAPS, configMap('x'), undefined],
      [LEASES, { metadata: { name: 'x' }, spec: { holderIdentity: 'a' } }, undefined],
      [NODES, { metadata: { name: 'x' }, spec: {} }, undefined],
      [SERVICES, { metadata: { name: 'x' }, spec: { clusterIP: 'None' } }, undefined],
      ['/api/v1/namespaces', { metadata: { name: 'x' } }, undefined],
    ])('in %s count generations where Kubernetes does', async (path, body, generation) => {
      expect((await tryOut(path, body)).metadata.generation).toBe(generation);
    });
  });
}
