import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './test-support/test-server.ts';

const AUTHORIZATION = '/apis/authorization.k8s.io/v1';
const AUTHENTICATION = '/apis/authentication.k8s.io/v1';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('SelfSubjectAccessReview', () => {
  it.each([
    { resourceAttributes: { verb: 'delete', resource: 'pods', namespace: 'default' } },
    { nonResourceAttributes: { verb: 'get', path: '/version' } },
  ])('allows a known user everything: %j', async (spec) => {
    const { status, body } = await server.client.call('POST', `${AUTHORIZATION}/selfsubjectaccessreviews`, {
      body: { spec },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'SelfSubjectAccessReview', spec, status: { allowed: true } });
  });

  it.each([{}, { resourceAttributes: { verb: 'get' }, nonResourceAttributes: { verb: 'get' } }])(
    'wants one question, not %j',
    async (spec) => {
      const answer = await server.client.call('POST', `${AUTHORIZATION}/selfsubjectaccessreviews`, { body: { spec } });
      expect([answer.status, answer.body.details.causes[0]?.field]).toEqual([422, 'spec.resourceAttributes']);
    },
  );

  it('wants a question at all', async () => {
    const answer = await server.client.call('POST', `${AUTHORIZATION}/selfsubjectaccessreviews`, { body: {} });
    expect([answer.status, answer.body.details.causes[0]?.field]).toEqual([422, 'spec.resourceAttributes']);
  });
});

describe('SelfSubjectRulesReview', () => {
  it('lists everything', async () => {
    const { body } = await server.client.call('POST', `${AUTHORIZATION}/selfsubjectrulesreviews`, {
      body: { spec: { namespace: 'default' } },
    });
    expect(body.status).toEqual({
      resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
      nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
      incomplete: false,
    });
  });
});

describe('SelfSubjectReview', () => {
  it('says who asks', async () => {
    const { status, body } = await server.client.call('POST', `${AUTHENTICATION}/selfsubjectreviews`, { body: {} });
    expect([status, body.status]).toEqual([
      201,
      { userInfo: { username: 'tester', groups: ['system:authenticated'] } },
    ]);
  });
});

describe('a kind that is a question', () => {
  it.each([
    ['GET', '', 405],
    ['DELETE', '', 405],
    ['GET', '/a', 404],
  ])('is not stored: %s %s', async (method, path, status) => {
    const answer = await server.client.call(method, `${AUTHENTICATION}/selfsubjectreviews${path}`);
    expect(answer.status).toBe(status);
  });

  it('is found as one that can be created only', async () => {
    const { body } = await server.client.call('GET', AUTHENTICATION);
    expect((body as unknown as { resources: object[] }).resources).toEqual([
      {
        name: 'selfsubjectreviews',
        singularName: 'selfsubjectreview',
        namespaced: false,
        kind: 'SelfSubjectReview',
        verbs: ['create'],
      },
    ]);
  });
});
