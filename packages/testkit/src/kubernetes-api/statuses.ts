import { describe, expect, it } from 'vitest';
import type { ContractContext } from './contract-context.ts';
import { configMap, MAPS, PODS, POLICIES, POOLS, pod, pool } from './manifests.ts';

export function describeStatuses(context: ContractContext): void {
  describe('answers to what cannot be done', () => {
    it('are a Status with reason, code and details', async () => {
      const { status, body } = await context.api.call('GET', `${POLICIES}/absent`);
      expect([status, body]).toEqual([
        404,
        {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'networkpolicies.networking.k8s.io "absent" not found',
          reason: 'NotFound',
          details: { name: 'absent', group: 'networking.k8s.io', kind: 'networkpolicies' },
          code: 404,
        },
      ]);
    });

    it('name the object that is there already', async () => {
      await context.api.call('POST', POOLS, { body: pool('twice', '10.35.0.0/16') });
      const { status, body } = await context.api.call('POST', POOLS, { body: pool('twice', '10.36.0.0/16') });
      expect([status, body.reason, body.message, body.details]).toEqual([
        409,
        'AlreadyExists',
        'ippools.networking.margay.dev "twice" already exists',
        { name: 'twice', group: 'networking.margay.dev', kind: 'ippools' },
      ]);
      await context.api.call('DELETE', `${POOLS}/twice`);
    });

    it('are 401 without a credential, and with a wrong one', async () => {
      for (const token of [undefined, 'wrong']) {
        const { status, body } = await context.api.withToken(token).call('GET', MAPS);
        expect([token, status, body.reason]).toEqual([token, token === undefined ? status : 401, body.reason]);
        expect([401, 403]).toContain(status);
        expect(body.kind).toBe('Status');
      }
    });

    it.each([
      ['a method that a path does not have', 'PUT', MAPS, undefined, 405, 'MethodNotAllowed'],
      ['a create under a name', 'POST', `${MAPS}/named`, undefined, 405, 'MethodNotAllowed'],
      ['text that is no JSON', 'POST', MAPS, '{', 400, 'BadRequest'],
      ['another kind', 'POST', PODS, '{"kind":"Node","apiVersion":"v1","metadata":{"name":"x"}}', 400, 'BadRequest'],
      [
        'another version',
        'POST',
        MAPS,
        '{"kind":"ConfigMap","apiVersion":"v9","metadata":{"name":"x"}}',
        400,
        'BadRequest',
      ],
      ['a custom kind without its kind', 'POST', POOLS, '{"metadata":{"name":"x"},"spec":{}}', 400, 'BadRequest'],
      ['no name', 'POST', MAPS, '{"metadata":{}}', 422, 'Invalid'],
      [
        'a namespace that is not that of the path',
        'POST',
        MAPS,
        '{"metadata":{"name":"x","namespace":"y"}}',
        400,
        'BadRequest',
      ],
      ['a version at creation', 'POST', MAPS, '{"metadata":{"name":"x","resourceVersion":"7"}}', 500, ''],
    ])('%s', async (_, method, path, raw, status, reason) => {
      const answer = await context.api.call(method, path, raw === undefined ? { body: {} } : { raw });
      expect([answer.status, answer.body.reason ?? '']).toEqual([status, reason]);
    });

    it('a body of another form', async () => {
      const { status, body } = await context.api.call('POST', MAPS, { raw: 'a: b', type: 'text/plain' });
      expect([status, body.reason]).toEqual([415, 'UnsupportedMediaType']);
    });

    it('an answer in a form that there is not', async () => {
      expect((await context.api.call('GET', MAPS, { accept: 'image/png' })).status).toBe(406);
    });

    it('YAML is as good as JSON', async () => {
      const raw = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\n';
      const { status } = await context.api.call('POST', `${MAPS}?dryRun=All`, { raw, type: 'application/yaml' });
      expect(status).toBe(201);
    });

    it('a dry run leaves nothing, and only All is one', async () => {
      expect((await context.api.call('POST', `${MAPS}?dryRun=All`, { body: configMap('dry') })).status).toBe(201);
      expect((await context.api.call('GET', `${MAPS}/dry`)).status).toBe(404);
      const { status, body } = await context.api.call('POST', `${MAPS}?dryRun=Some`, { body: configMap('dry') });
      expect([status, body.reason]).toEqual([422, 'Invalid']);
    });

    it('server-side apply', async () => {
      const raw = JSON.stringify(pod('applied'));
      const type = 'application/apply-patch+yaml';
      // A kube-apiserver asks who applies; one that has no server-side apply refuses that alike, with a sentence.
      const { status, body } = await context.api.call('PATCH', `${PODS}/applied`, { raw, type });
      expect(status).toBeGreaterThanOrEqual(400);
      expect([body.kind, body.message.length > 0]).toEqual(['Status', true]);
    });
  });
}
