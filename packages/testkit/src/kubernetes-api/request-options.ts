import { beforeAll, describe, expect, it } from 'vitest';
import { type ApiAnswer, causesOf, type StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, MAPS, MERGE_PATCH, SERVICES } from './manifests.ts';

const TRY = 'dryRun=All';

export function describeRequestOptions(context: ContractContext): void {
  const refusal = (answer: ApiAnswer<StatusBody>): string =>
    `${answer.status} ${answer.body.reason} ${causesOf(answer).join(', ')}`.trim();

  describe('options of a request', () => {
    beforeAll(async () => {
      await context.api.call('POST', MAPS, { body: configMap('options') });
    });

    it.each([
      ['POST', 'dryRun=', '422 Invalid dryRun FieldValueNotSupported'],
      ['POST', `${TRY}&fieldManager=${'x'.repeat(129)}`, '422 Invalid fieldManager FieldValueTooLong'],
      ['POST', `${TRY}&fieldManager=%01`, '422 Invalid fieldManager FieldValueInvalid'],
      ['POST', `${TRY}&fieldValidation=strict`, '422 Invalid fieldValidation FieldValueNotSupported'],
      ['PATCH', `${TRY}&fieldManager=${'x'.repeat(129)}`, '422 Invalid fieldManager FieldValueTooLong'],
      ['PATCH', `${TRY}&force=true`, '422 Invalid force FieldValueForbidden'],
      ['DELETE', `${TRY}&propagationPolicy=Sideways`, '422 Invalid propagationPolicy FieldValueNotSupported'],
      ['DELETE', 'dryRun=Some', '422 Invalid dryRun FieldValueNotSupported'],
    ])('%s ?%s is refused', async (method, query, expected) => {
      const path = method === 'POST' ? MAPS : `${MAPS}/options`;
      const body = method === 'POST' ? configMap('tried') : method === 'PATCH' ? {} : undefined;
      const answer = await context.api.call(method, `${path}?${query}`, { body, type: typeOf(method) });
      expect(refusal(answer)).toBe(expected);
    });

    it('are named after what is asked: each has options of its own', async () => {
      for (const [method, kind] of [
        ['PUT', 'UpdateOptions'],
        ['PATCH', 'PatchOptions'],
      ] as const) {
        const path = `${MAPS}/options?fieldValidation=Some`;
        const answer = await context.api.call(method, path, { body: configMap('options'), type: typeOf(method) });
        expect(answer.body.message).toContain(`${kind}.meta.k8s.io`);
      }
    });

    it('a validation that is empty is the usual one', async () => {
      const body = configMap('tried', { surplus: 1 });
      const answer = await context.api.call('POST', `${MAPS}?${TRY}&fieldValidation=`, { body });
      expect([answer.status, answer.headers.warning]).toEqual([201, '299 - "unknown field \\"surplus\\""']);
    });

    it.each([
      ['what cannot be tried', { dryRun: ['Some'] }, '422 Invalid dryRun FieldValueNotSupported'],
      [
        'orphans said twice',
        { propagationPolicy: 'Orphan', orphanDependents: true },
        '422 Invalid propagationPolicy FieldValueInvalid',
      ],
      ['another kind', { apiVersion: 'v1', kind: 'Other' }, '500 undefined'],
      ['a time that is none', { gracePeriodSeconds: 'long' }, '500 undefined'],
      ['a text for a list', { dryRun: 'All' }, '500 undefined'],
    ])('a delete with %s is refused, and deletes nothing', async (_, body, expected) => {
      expect(refusal(await context.api.call('DELETE', `${MAPS}/options`, { body }))).toBe(expected);
      expect((await context.api.call('GET', `${MAPS}/options`)).status).toBe(200);
    });

    it.each(['text/yaml', 'application/merge-patch+json', 'application/other+json'])(
      'a new object cannot come as %s',
      async (type) => {
        const answer = await context.api.call('POST', `${MAPS}?${TRY}`, { raw: JSON.stringify(configMap('q')), type });
        expect([answer.status, answer.body.reason]).toEqual([415, 'UnsupportedMediaType']);
      },
    );
  });

  describe('options of lists and watches', () => {
    const CHOSEN = `${MAPS}?labelSelector=paged`;
    type List = StatusBody & { readonly items: readonly object[] };
    let token = '';
    beforeAll(async () => {
      for (const name of ['paged-1', 'paged-2', 'paged-3']) {
        await context.api.call('POST', MAPS, { body: configMap(name, { metadata: { name, labels: { paged: '' } } }) });
      }
      const { body } = await context.api.call('GET', `${CHOSEN}&limit=1`);
      token = encodeURIComponent(body.metadata.continue ?? '');
    });

    it('a list that goes on takes no version', async () => {
      const versioned = await context.api.call('GET', `${CHOSEN}&continue=${token}&resourceVersion=1`);
      expect(refusal(versioned)).toBe('400 BadRequest');
      const matched = await context.api.call('GET', `${CHOSEN}&continue=${token}&resourceVersionMatch=Exact`);
      expect([matched.status, matched.body.reason]).toEqual([422, 'Invalid']);
    });

    it('a list from version 0 comes whole, whatever its limit', async () => {
      const { body } = await context.api.call<List>('GET', `${CHOSEN}&limit=1&resourceVersion=0`);
      expect([body.items.length, body.metadata.continue]).toEqual([3, undefined]);
    });

    it('a match that is none is not supported', async () => {
      const answer = await context.api.call('GET', `${CHOSEN}&resourceVersion=1&resourceVersionMatch=exact`);
      expect(refusal(answer)).toBe('422 Invalid resourceVersionMatch FieldValueNotSupported');
    });

    it.each(['resourceVersionMatch=NotOlderThan', 'resourceVersionMatch=Exact&resourceVersion=1', 'continue=x'])(
      'a watch with %s is refused',
      async (query) => {
        const answer = await context.api.call('GET', `${CHOSEN}&watch=1&timeoutSeconds=1&${query}`);
        expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
      },
    );
  });

  describe('services that are a name', () => {
    it.each(['None', '10.0.0.9'])('have no address, as %s', async (clusterIP) => {
      const spec = { type: 'ExternalName', externalName: 'example.com', clusterIP };
      const body = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'named' }, spec };
      const answer = await context.api.call('POST', SERVICES, { body });
      expect(refusal(answer)).toBe('422 Invalid spec.clusterIPs FieldValueForbidden');
    });

    it('can be made of one that had none', async () => {
      const spec = { clusterIP: 'None', selector: { a: 'b' }, ports: [{ port: 80 }] };
      await context.api.call('POST', SERVICES, {
        body: { apiVersion: 'v1', kind: 'Service', metadata: { name: 'renamed' }, spec },
      });
      const body = { spec: { type: 'ExternalName', externalName: 'example.com' } };
      const answer = await context.api.call('PATCH', `${SERVICES}/renamed`, { body, type: MERGE_PATCH });
      expect([answer.status, (answer.body.spec as { clusterIP?: string }).clusterIP]).toEqual([200, undefined]);
      await context.api.call('DELETE', `${SERVICES}/renamed`);
    });
  });
}

function typeOf(method: string): string {
  return method === 'PATCH' ? MERGE_PATCH : 'application/json';
}
