import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { PODS, pod, STRATEGIC_PATCH } from './manifests.ts';

const NODES = '/api/v1/nodes';
const SERVICES = '/api/v1/namespaces/default/services';
const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';

export function describeStrategicPatches(context: ContractContext): void {
  const patch = async (path: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await context.api.call('PATCH', path, { body, type: STRATEGIC_PATCH });
    expect({ status: answer.status, message: answer.body.message }).toEqual({ status: 200, message: undefined });
    return answer.body as unknown as Record<string, unknown>;
  };

  describe('strategic patches', () => {
    beforeAll(async () => {
      const containers = [
        { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }], ports: [{ containerPort: 80 }] },
        { name: 'b', image: 'b:1' },
      ];
      const tolerations = [{ key: 'k', operator: 'Exists' }];
      await context.api.call('POST', PODS, { body: pod('merged', { containers, tolerations }) });
      const taints = [{ key: 'x', value: '1', effect: 'NoSchedule' }];
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'merged' }, spec: { taints } };
      await context.api.call('POST', NODES, { body: node });
    });
    afterAll(async () => {
      await context.api.call('DELETE', `${PODS}/merged?gracePeriodSeconds=0`);
      await context.api.call('DELETE', `${NODES}/merged`);
    });

    it('merge containers by name', async () => {
      const { spec } = await patch(`${PODS}/merged`, { spec: { containers: [{ name: 'b', image: 'b:2' }] } });
      const { containers } = spec as { containers: { name: string; image: string }[] };
      expect(containers.map(({ name, image }) => `${name} ${image}`)).toEqual(['a a:1', 'b b:2']);
    });

    it('merge conditions by type, and delete them by a mark', async () => {
      const first = [
        { type: 'Ready', status: 'True' },
        { type: 'Other', status: 'False' },
      ];
      await patch(`${PODS}/merged/status`, { status: { conditions: first } });
      const marked = [
        { type: 'Ready', status: 'False' },
        { $patch: 'delete', type: 'Other' },
      ];
      const { status } = await patch(`${PODS}/merged/status`, { status: { conditions: marked } });
      const { conditions } = status as { conditions: { type: string; status: string }[] };
      expect(conditions.map(({ type, status: value }) => `${type} ${value}`)).toEqual(['Ready False']);
    });

    it('merge addresses of a node by type, and replace its taints as one', async () => {
      await patch(`${NODES}/merged/status`, { status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] } });
      const node = await patch(`${NODES}/merged/status`, {
        status: { addresses: [{ type: 'Hostname', address: 'merged' }] },
      });
      expect((node.status as { addresses: object[] }).addresses).toHaveLength(2);
      const taint = { key: 'y', effect: 'NoExecute' };
      const { spec } = await patch(`${NODES}/merged`, { spec: { taints: [taint] } });
      expect((spec as { taints: { key: string }[] }).taints.map(({ key }) => key)).toEqual(['y']);
    });

    it('merge finalizers as a set, take single ones out, and keep an order that is given', async () => {
      const set = async (metadata: object): Promise<string[]> =>
        ((await patch(`${NODES}/merged`, { metadata })).metadata as { finalizers?: string[] }).finalizers ?? [];
      expect(await set({ finalizers: ['example.com/b'] })).toEqual(['example.com/b']);
      expect(
        await set({
          finalizers: ['example.com/a'],
          '$setElementOrder/finalizers': ['example.com/a', 'example.com/b'],
        }),
      ).toEqual(['example.com/a', 'example.com/b']);
      const both = ['example.com/a', 'example.com/b'];
      expect(await set({ '$deleteFromPrimitiveList/finalizers': both })).toEqual([]);
    });

    it('merge ports of a service by number, and secrets of an account by name', async () => {
      const spec = { ports: [{ name: 'a', port: 80 }], selector: { a: 'b' } };
      await context.api.call('POST', SERVICES, { body: { metadata: { name: 'merged' }, spec } });
      const service = await patch(`${SERVICES}/merged`, {
        spec: { ports: [{ name: 'b', port: 81 }], selector: { c: 'd' } },
      });
      const { ports, selector } = service.spec as { ports: { name: string }[]; selector: object };
      expect(ports.map(({ name }) => name).sort()).toEqual(['a', 'b']);
      expect(selector).toEqual({ a: 'b', c: 'd' });
      await context.api.call('DELETE', `${SERVICES}/merged`);
      await context.api.call('POST', ACCOUNTS, { body: { metadata: { name: 'merged' }, secrets: [{ name: 'a' }] } });
      const account = await patch(`${ACCOUNTS}/merged`, {
        secrets: [{ name: 'b' }],
        imagePullSecrets: [{ name: 'c' }],
      });
      expect((account.secrets as { name: string }[]).map(({ name }) => name).sort()).toEqual(['a', 'b']);
      await context.api.call('DELETE', `${ACCOUNTS}/merged`);
    });

    it('replace where told to', async () => {
      const { metadata } = await patch(`${NODES}/merged`, { metadata: { labels: { a: 'b', c: 'd' } } });
      expect((metadata as { labels: object }).labels).toMatchObject({ a: 'b', c: 'd' });
      const body = { metadata: { labels: { $patch: 'replace', e: 'f' } } };
      const replaced = await patch(`${NODES}/merged`, body);
      expect((replaced.metadata as { labels: object }).labels).toEqual({ e: 'f' });
    });

    it('with an element that lacks its key, or a mark that is none, are refused', async () => {
      const call = (body: object) => context.api.call('PATCH', `${PODS}/merged`, { body, type: STRATEGIC_PATCH });
      expect((await call({ spec: { containers: [{ image: 'x' }] } })).status).toBeGreaterThanOrEqual(400);
      expect((await call({ spec: { $patch: 'shuffle' } })).status).toBeGreaterThanOrEqual(400);
    });
  });
}
