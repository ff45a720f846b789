import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadManifests } from '../kube-apiserver/load-crds.ts';
import { type ApiAnswer, causesOf, type StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { MERGE_PATCH } from './manifests.ts';

const GROUP = 'statuses.test.margay.dev';
const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const GAUGES = `/apis/${GROUP}/v1/gauges`;
const TAGS = `/apis/${GROUP}/v1/tags`;

/** Rules about the status alone, about its changes, and about it beside the spec; defaults inside and of its own. */
const GAUGE_SCHEMA = {
  type: 'object',
  'x-kubernetes-validations': [
    {
      rule: '!has(self.status) || !has(self.spec) || self.status.level <= self.spec.limit',
      message: 'level is above the limit',
    },
  ],
  properties: {
    spec: {
      type: 'object',
      required: ['limit'],
      properties: {
        limit: { type: 'integer' },
        name: {
          type: 'string',
          maxLength: 20,
          'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'name stays' }],
        },
      },
    },
    status: {
      type: 'object',
      default: {},
      properties: {
        level: {
          type: 'integer',
          default: 0,
          'x-kubernetes-validations': [{ rule: 'self >= oldSelf', message: 'level must grow' }],
        },
        unit: { type: 'string' },
      },
    },
  },
};

/** A kind whose status is a field as any other. */
const TAG_SCHEMA = {
  type: 'object',
  properties: { status: { type: 'object', properties: { level: { type: 'integer', maximum: 9 } } } },
};

function definition(plural: string, kind: string, openAPIV3Schema: object, more: object = {}): string {
  const names = { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` };
  return JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Cluster',
      names,
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema }, ...more }],
    },
  });
}

export function describeStatusRules(context: ContractContext): void {
  const call = (method: string, path: string, body?: unknown, type?: string): Promise<ApiAnswer<StatusBody>> =>
    context.api.call(method, path, { body, ...(type !== undefined && { type }) });
  const get = async (path: string): Promise<StatusBody> => (await call('GET', path)).body;

  describe('a status of a custom kind with rules and defaults', () => {
    const gauge = (more: object = {}): object => ({
      apiVersion: `${GROUP}/v1`,
      kind: 'Gauge',
      metadata: { name: 'one' },
      spec: { limit: 10, name: 'first' },
      ...more,
    });
    const setStatus = (status: object, query = '?dryRun=All'): Promise<ApiAnswer<StatusBody>> =>
      call('PATCH', `${GAUGES}/one/status${query}`, { status }, MERGE_PATCH);

    beforeAll(async () => {
      const subresources = { status: {} };
      await loadManifests(context.api, [definition('gauges', 'Gauge', GAUGE_SCHEMA, { subresources })]);
      const { status, body } = await call('POST', GAUGES, gauge({ status: { level: 99, unit: 'litre' } }));
      expect([status, body.message]).toEqual([201, undefined]);
    });
    afterAll(async () => {
      await call('DELETE', `${DEFINITIONS}/gauges.${GROUP}`);
    });

    it('begins with the defaults, and gets them where a field is left out', async () => {
      expect((await get(`${GAUGES}/one`)).status).toEqual({ level: 0 });
      const { body } = await call('PUT', `${GAUGES}/one/status?dryRun=All`, {
        ...(await get(`${GAUGES}/one`)),
        status: { unit: 'litre' },
      });
      expect(body.status).toEqual({ level: 0, unit: 'litre' });
    });

    it('obeys rules about itself, its changes, and the spec beside it', async () => {
      expect((await setStatus({ level: 5 }, '')).body.status).toEqual({ level: 5 });
      const answers = [await setStatus({ level: 4 }), await setStatus({ level: 11 }), await setStatus({ level: 10 })];
      expect(answers.map((answer) => [answer.status, causesOf(answer)])).toEqual([
        [422, ['status.level FieldValueInvalid']],
        [422, ['<nil> FieldValueInvalid']],
        [200, []],
      ]);
    });

    it('is judged beside the stored spec, not beside the one that was sent', async () => {
      const stored = await get(`${GAUGES}/one`);
      const sent = { ...stored, spec: { limit: 100, name: 'second' } };
      const high = await call('PUT', `${GAUGES}/one/status?dryRun=All`, { ...sent, status: { level: 50 } });
      expect([high.status, causesOf(high)]).toEqual([422, ['<nil> FieldValueInvalid']]);
      expect(high.body.message).toMatch(
        /^Gauge\..+ "one" is invalid: <nil>: Invalid value: .*: level is above the limit$/,
      );
      const right = await call('PUT', `${GAUGES}/one/status?dryRun=All`, { ...sent, status: { level: 6 } });
      expect([right.status, right.body.spec]).toEqual([200, stored.spec]);
    });

    it('counts as stored for the rules when the spec is written', async () => {
      const stored = await get(`${GAUGES}/one`);
      const put = (spec: object, status: object): Promise<ApiAnswer<StatusBody>> =>
        call('PUT', `${GAUGES}/one?dryRun=All`, { ...stored, spec, status });
      const answers = [
        await put({ limit: 4, name: 'first' }, { level: 0 }),
        await put({ limit: 6, name: 'first' }, { level: 99 }),
      ];
      expect(answers.map((answer) => [answer.status, causesOf(answer)])).toEqual([
        [422, ['<nil> FieldValueInvalid']],
        [200, []],
      ]);
    });
  });

  describe('a status of a custom kind that does not set it apart', () => {
    const tag = (name: string, status: object): object => ({
      apiVersion: `${GROUP}/v1`,
      kind: 'Tag',
      metadata: { name },
      status,
    });
    beforeAll(() => loadManifests(context.api, [definition('tags', 'Tag', TAG_SCHEMA)]));
    afterAll(async () => {
      await call('DELETE', `${DEFINITIONS}/tags.${GROUP}`);
    });

    it('is a field as any other: taken at creation and later, judged, and counted', async () => {
      const { status, body } = await call('POST', TAGS, tag('one', { level: 1 }));
      expect([status, body.status, body.metadata.generation]).toEqual([201, { level: 1 }, 1]);
      const wrong = await call('PUT', `${TAGS}/one`, { ...body, status: { level: 10 } });
      expect([wrong.status, causesOf(wrong)]).toEqual([422, ['status.level FieldValueInvalid']]);
      const changed = await call('PUT', `${TAGS}/one`, { ...body, status: { level: 2 } });
      expect([changed.status, changed.body.status, changed.body.metadata.generation]).toEqual([200, { level: 2 }, 2]);
    });

    it('has no path', async () => {
      await call('POST', TAGS, tag('two', { level: 1 }));
      const answers = [
        await call('GET', `${TAGS}/two/status`),
        await call('PATCH', `${TAGS}/two/status`, { status: { level: 2 } }, MERGE_PATCH),
      ];
      expect(answers.map((answer) => [answer.status, answer.body.reason])).toEqual([
        [404, 'NotFound'],
        [404, 'NotFound'],
      ]);
      expect((await get(`${TAGS}/two`)).status).toEqual({ level: 1 });
    });
  });
}
