import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { PODS, pod } from './manifests.ts';

const PLACED = [
  { name: 'sel-1', labels: { app: 'web', tier: 'front' }, nodeName: 'n1' },
  { name: 'sel-2', labels: { app: 'web', tier: 'back' }, nodeName: 'n2' },
  { name: 'sel-3', labels: { app: 'db' }, nodeName: 'n1' },
];

export function describeSelectors(context: ContractContext): void {
  const select = async (query: string): Promise<string[]> => {
    const { body } = await context.api.call<ApiBody & { items: ApiBody[] }>('GET', `${PODS}?${query}`);
    return body.items.map(({ metadata }) => metadata.name).filter((name) => name.startsWith('sel-'));
  };

  describe('selectors', () => {
    beforeAll(async () => {
      for (const { name, labels, nodeName } of PLACED) {
        await context.api.call('POST', PODS, { body: pod(name, { nodeName }, { labels }) });
      }
    });
    afterAll(async () => {
      for (const { name } of PLACED) await context.api.call('DELETE', `${PODS}/${name}?gracePeriodSeconds=0`);
    });

    it.each([
      ['app=web', ['sel-1', 'sel-2']],
      ['app==db', ['sel-3']],
      ['app!=web', ['sel-3']],
      ['tier', ['sel-1', 'sel-2']],
      ['!tier', ['sel-3']],
      ['tier in (front, other)', ['sel-1']],
      ['tier notin (front)', ['sel-2', 'sel-3']],
      ['app=web,tier=back', ['sel-2']],
    ])('of labels: %s', async (selector, names) => {
      expect(await select(`labelSelector=${encodeURIComponent(selector)}`)).toEqual(names);
    });

    it.each([
      ['spec.nodeName=n1', ['sel-1', 'sel-3']],
      ['spec.nodeName!=n1', ['sel-2']],
      ['metadata.name=sel-2', ['sel-2']],
      ['metadata.namespace=default,spec.nodeName=n2', ['sel-2']],
      ['status.phase=Pending', ['sel-1', 'sel-2', 'sel-3']],
      ['spec.restartPolicy=Never', []],
    ])('of fields: %s', async (selector, names) => {
      expect(await select(`fieldSelector=${encodeURIComponent(selector)}`)).toEqual(names);
    });

    it.each([
      ['labelSelector', 'a in', 400],
      ['labelSelector', 'a=b=c', 400],
      ['fieldSelector', 'spec.unknown=x', 400],
      ['fieldSelector', 'metadata.labels=x', 400],
    ])('%s=%s is refused', async (name, selector, status) => {
      const answer = await context.api.call('GET', `${PODS}?${name}=${encodeURIComponent(selector)}`);
      expect([answer.status, answer.body.reason]).toEqual([status, 'BadRequest']);
    });
  });
}
