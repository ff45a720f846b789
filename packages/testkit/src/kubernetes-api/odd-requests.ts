import { beforeAll, describe, expect, it } from 'vitest';
import type { ApiAnswer, StatusBody } from './api-client.ts';
import type { ContractContext } from './contract-context.ts';
import { configMap, JSON_PATCH, MAPS, MERGE_PATCH, POOLS, pool } from './manifests.ts';

const SPACELESS = '/api/v1/namespaces//configmaps';

/** What a person with curl, or a client with a mistake, sends. */
export function describeOddRequests(context: ContractContext): void {
  const call = (method: string, path: string, body?: unknown, type?: string): Promise<ApiAnswer<StatusBody>> =>
    context.api.call(method, path, {
      ...(body === undefined ? {} : { body }),
      ...(type === undefined ? {} : { type }),
    });

  describe('health', () => {
    it.each(['healthz', 'livez', 'readyz'])('/%s lists its checks when asked', async (endpoint) => {
      const text = String((await call('GET', `/${endpoint}?verbose`)).body);
      expect(text).toMatch(/^\[\+\]ping ok\n/);
      expect(text).toContain('[+]etcd ok\n');
      expect(text.endsWith(`${endpoint} check passed\n`)).toBe(true);
      const excluded = await call('GET', `/${endpoint}?verbose&exclude=etcd`);
      expect(String(excluded.body)).toContain('[+]etcd excluded: ok\n');
      const unknown = await call('GET', `/${endpoint}?verbose&exclude=nothing`);
      expect(String(unknown.body)).toMatch(/^warn: .*"nothing"/m);
    });

    it.each([
      ['GET', '/readyz/ping', 200, 'ok'],
      ['GET', '/livez/etcd?exclude=ping', 200, 'ok'],
      ['POST', '/readyz', 200, 'ok'],
      ['GET', '/readyz/nothing', 404, '404 page not found\n'],
      ['GET', '/readyz/ping/more', 404, '404 page not found\n'],
      ['GET', '/healthz/', 404, '404 page not found\n'],
    ])('%s %s is %i', async (method, path, status, text) => {
      const answer = await call(method, path);
      expect([answer.status, answer.body]).toEqual([status, text]);
    });

    it('answers HEAD', async () => {
      expect((await call('HEAD', '/readyz')).status).toBe(200);
    });
  });

  describe('odd paths', () => {
    it.each([
      ['POST', '/nowhere'],
      ['GET', '/nowhere/deeper'],
      ['GET', '/apis/nowhere.example.com'],
      ['GET', '/apis/nowhere.example.com/v1'],
      ['DELETE', '//api/v1'],
    ])('%s %s is no page', async (method, path) => {
      const answer = await context.api.call(method, path, { verbatim: true });
      expect([answer.status, answer.body]).toEqual([404, '404 page not found\n']);
    });

    it.each([
      ['POST', '/api'],
      ['POST', '/version'],
      ['DELETE', '/api/v1'],
      ['PUT', MAPS],
      ['POST', `${MAPS}/a`],
    ])('%s %s is not allowed, with details that say nothing', async (method, path) => {
      const { status, body } = await call(method, path);
      expect([status, body.reason, body.details]).toEqual([405, 'MethodNotAllowed', {}]);
    });

    it('with no name for the namespace list all, and name nothing', async () => {
      const list = await context.api.call('GET', SPACELESS, { verbatim: true });
      expect([list.status, list.body.kind]).toEqual([200, 'ConfigMapList']);
      const object = await context.api.call('GET', `${SPACELESS}/a`, { verbatim: true });
      expect([object.status, object.body.reason]).toEqual([400, 'BadRequest']);
      const created = await context.api.call('POST', SPACELESS, { verbatim: true, body: configMap('spaceless') });
      expect([created.status, created.body.details?.causes?.[0]?.field]).toEqual([422, 'metadata.namespace']);
    });
  });

  describe('bodies of another object', () => {
    const map = (metadata: object, more: object = {}): object => configMap('', { metadata, ...more });
    it.each([
      ['without a name', map({})],
      ['without metadata', { apiVersion: 'v1', kind: 'ConfigMap' }],
      ['of another name', map({ name: 'other' })],
      ['of another namespace', map({ name: 'absent', namespace: 'other' })],
      ['of another kind', map({ name: 'absent' }, { kind: 'Secret' })],
    ])('%s are refused, though there is no such object', async (_, body) => {
      const answer = await call('PUT', `${MAPS}/absent`, body);
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
    });

    it('of custom kinds are refused alike', async () => {
      const answer = await call('PUT', `${POOLS}/absent`, pool('', '10.34.0.0/16'));
      expect([answer.status, answer.body.reason]).toEqual([400, 'BadRequest']);
    });

    it('with a version that is none are the client’s mistake, told without a reason', async () => {
      await call('POST', MAPS, configMap('unversioned'));
      const answer = await call('PUT', `${MAPS}/unversioned`, map({ name: 'unversioned', resourceVersion: 'new' }));
      expect([answer.status, answer.body.reason]).toEqual([500, undefined]);
      await call('DELETE', `${MAPS}/unversioned`);
    });
  });

  describe('patches of the type', () => {
    beforeAll(async () => {
      await call('POST', MAPS, configMap('retyped'));
      await call('POST', POOLS, pool('retyped', '10.34.0.0/16'));
    });

    it.each([
      ['kind: null', { kind: null }, 200, undefined],
      ['kind: empty', { kind: '' }, 200, undefined],
      ['kind: another', { kind: 'Secret' }, 422, 'Invalid'],
      ['apiVersion: null', { apiVersion: null }, 400, 'BadRequest'],
      ['apiVersion: another', { apiVersion: 'v2' }, 422, 'Invalid'],
      ['no name', { metadata: { name: null } }, 400, 'BadRequest'],
    ])('%s', async (_, body, status, reason) => {
      const answer = await call('PATCH', `${MAPS}/retyped`, body, MERGE_PATCH);
      expect([answer.status, answer.body.reason]).toEqual([status, reason]);
    });

    it.each([
      ['/kind', 200, undefined],
      ['/apiVersion', 400, 'BadRequest'],
    ])('JSON: without %s', async (path, status, reason) => {
      const answer = await call('PATCH', `${MAPS}/retyped`, [{ op: 'remove', path }], JSON_PATCH);
      expect([answer.status, answer.body.reason]).toEqual([status, reason]);
    });

    it.each([
      ['kind: null', { kind: null }, 422, 'Invalid', 'patch'],
      ['kind: another', { kind: 'Other' }, 422, 'Invalid', 'kind'],
      ['apiVersion: null', { apiVersion: null }, 500, 'InternalError', undefined],
    ])('of a custom kind: %s', async (_, body, status, reason, field) => {
      const answer = await call('PATCH', `${POOLS}/retyped`, body, MERGE_PATCH);
      const [cause] = answer.body.details?.causes ?? [];
      expect([answer.status, answer.body.reason, cause?.field]).toEqual([status, reason, field]);
    });
  });
}
