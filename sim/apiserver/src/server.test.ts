import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestClient } from './test-support/client.ts';
import { startTestServer, type TestServer } from './test-support/test-server.ts';

const POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
};
const PODS = '/api/v1/namespaces/default/pods';
const POOLS = '/apis/networking.margay.dev/v1/ippools';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

function pod(name: string, extra: object = {}): object {
  return { ...POD, metadata: { name, ...extra } };
}

function pool(name: string, spec: object): object {
  return { apiVersion: 'networking.margay.dev/v1', kind: 'IPPool', metadata: { name }, spec };
}

describe('credentials', () => {
  it.each([undefined, 'wrong'])('answers 401 to the token %s', async (token) => {
    const { status, body, headers } = await server.clientWith(token).call('GET', '/api/v1/pods');
    expect([status, body.reason, headers['www-authenticate']]).toEqual([401, 'Unauthorized', 'Bearer']);
  });

  it('accepts a client certificate of the CA', async () => {
    const { certificate, privateKey } = await server.authority.issue('alice');
    const tls = { ca: server.authority.certificate, cert: certificate, key: privateKey };
    expect((await new TestClient(server.port, tls).call('GET', '/api/v1/pods')).status).toBe(200);
  });

  it('refuses a client certificate of another CA', async () => {
    const other = await (await import('./test-support/certificates.ts')).TestAuthority.create();
    const { certificate, privateKey } = await other.issue('mallory');
    const tls = { ca: server.authority.certificate, cert: certificate, key: privateKey };
    expect((await new TestClient(server.port, tls).call('GET', '/api/v1/pods')).status).toBe(401);
  });

  it('tells everyone that it lives', async () => {
    expect((await server.clientWith(undefined).call('GET', '/readyz')).status).toBe(200);
  });
});

describe('create and get', () => {
  it('fills in what the server decides', async () => {
    const { status, body } = await server.client.call('POST', PODS, { body: pod('filled') });
    expect(status).toBe(201);
    expect(body.metadata).toMatchObject({ name: 'filled', namespace: 'default', generation: 1 });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.status).toMatchObject({ phase: 'Pending' });
    const got = await server.client.call('GET', `${PODS}/filled`);
    expect(got.body).toEqual(body);
  });

  it('makes a name from generateName', async () => {
    const { body } = await server.client.call('POST', PODS, { body: { ...POD, metadata: { generateName: 'web-' } } });
    expect(body.metadata.name).toMatch(/^web-[a-z0-9]{5}$/);
  });

  it('answers 409 to a second one of the same name', async () => {
    await server.client.call('POST', PODS, { body: pod('twice') });
    const { status, body } = await server.client.call('POST', PODS, { body: pod('twice') });
    expect([status, body.reason, body.message]).toEqual([409, 'AlreadyExists', 'pods "twice" already exists']);
  });

  it('answers 404 in a namespace that does not exist', async () => {
    const { status, body } = await server.client.call('POST', '/api/v1/namespaces/none/pods', { body: pod('a') });
    expect([status, body.message]).toEqual([404, 'namespaces "none" not found']);
  });

  it('reads YAML', async () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\ndata: {a: b}\n';
    const headers = { 'content-type': 'application/yaml' };
    const { status } = await server.client.call('POST', '/api/v1/namespaces/default/configmaps', { text, headers });
    expect(status).toBe(201);
  });

  it('stores nothing in a dry run', async () => {
    expect((await server.client.call('POST', `${PODS}?dryRun=All`, { body: pod('dry') })).status).toBe(201);
    expect((await server.client.call('GET', `${PODS}/dry`)).status).toBe(404);
  });
});

describe('requests that cannot be served', () => {
  it.each([
    { name: 'an unknown version', method: 'GET', path: '/apis/networking.k8s.io/v9', status: 404 },
    { name: 'an unknown kind', method: 'GET', path: '/api/v1/widgets', status: 404 },
    { name: 'an unknown object', method: 'GET', path: `${PODS}/none`, status: 404 },
    { name: 'a method that the path does not have', method: 'PUT', path: PODS, status: 405 },
    { name: 'a delete of all namespaces', method: 'DELETE', path: '/api/v1/namespaces', status: 405 },
    { name: 'malformed JSON', method: 'POST', path: PODS, text: '{', status: 400 },
    { name: 'malformed YAML', method: 'POST', path: PODS, text: 'a: [', type: 'application/yaml', status: 400 },
    { name: 'a body that is no object', method: 'POST', path: PODS, text: '[]', status: 400 },
    { name: 'another kind', method: 'POST', path: PODS, text: '{"kind":"Node"}', status: 400 },
    {
      name: 'protobuf of a kind that has no such form',
      method: 'POST',
      path: PODS,
      text: `k8s\0${'\n\x0a\n\x02v1\x12\x04Pool'}`,
      type: 'application/vnd.kubernetes.protobuf',
      status: 415,
    },
    {
      name: 'server-side apply',
      method: 'PATCH',
      path: `${PODS}/x`,
      text: '{}',
      type: 'application/apply-patch+yaml',
      status: 415,
    },
    {
      name: 'a strategic patch of a custom resource',
      method: 'PATCH',
      path: `${POOLS}/x`,
      text: '{}',
      type: 'application/strategic-merge-patch+json',
      status: 415,
    },
    { name: 'more than 3 MB', method: 'POST', path: PODS, text: `"${'x'.repeat(3_200_000)}"`, status: 413 },
    { name: 'a bad label selector', method: 'GET', path: `${PODS}?labelSelector=a%20in`, status: 400 },
    {
      name: 'a field that cannot be selected by',
      method: 'GET',
      path: `${PODS}?fieldSelector=spec.x%3D1`,
      status: 400,
    },
  ])('$name is answered with $status and a Status', async ({ method, path, text, type, status }) => {
    const headers = type === undefined ? undefined : { 'content-type': type };
    const answer = await server.client.call(method, path, {
      ...(text === undefined ? {} : { text }),
      ...(headers === undefined ? {} : { headers }),
    });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status });
  });

  it('does not need the credential to survive a broken path', async () => {
    const status = await new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: server.port, path: '/%ff', ca: server.authority.certificate };
      request(options, (response) => resolve(response.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });
});

describe('validation', () => {
  const wrong = { ...pod('wrong'), spec: { foo: 1, containers: [{ name: 'c', image: 'i', bar: 2 }] } };

  it('refuses unknown fields when asked to be strict', async () => {
    const { status, body } = await server.client.call('POST', `${PODS}?fieldValidation=Strict`, { body: wrong });
    expect(status).toBe(400);
    expect(body.message).toContain(
      'strict decoding error: unknown field "spec.foo", unknown field "spec.containers[0].bar"',
    );
  });

  it('warns about unknown fields, and drops them', async () => {
    const { status, body, headers } = await server.client.call('POST', `${PODS}?dryRun=All`, { body: wrong });
    expect(status).toBe(201);
    expect(headers.warning).toContain('299 - "unknown field \\"spec.foo\\""');
    expect(body.spec).not.toHaveProperty('foo');
  });

  it('says nothing when asked to ignore unknown fields', async () => {
    const answer = await server.client.call('POST', `${PODS}?dryRun=All&fieldValidation=Ignore`, { body: wrong });
    expect([answer.status, answer.headers.warning]).toEqual([201, undefined]);
  });

  it('answers 400 to a wrong type in a kind of Kubernetes, with the field', async () => {
    const body = { ...pod('wrong'), spec: { hostNetwork: 'yes', containers: [] } };
    const answer = await server.client.call('POST', PODS, { body });
    expect([answer.status, answer.body.details.causes[0]?.field]).toEqual([400, 'spec.hostNetwork']);
  });

  it('answers 422 with one cause for each mistake', async () => {
    const container = { name: 'Bad_Name', image: 'i', ports: [{ containerPort: 70_000, protocol: 'ICMP' }] };
    const body = { ...pod('Wrong'), spec: { containers: [container] } };
    const answer = await server.client.call('POST', PODS, { body });
    expect(answer.status).toBe(422);
    expect(answer.body.details.causes.map(({ field }) => field)).toEqual([
      'spec.containers[0].ports[0].protocol',
      'metadata.name',
      'spec.containers[0].name',
      'spec.containers[0].ports[0].containerPort',
    ]);
  });
});

describe('IPPool admission', () => {
  it('fills in the defaults of the schema', async () => {
    const { body } = await server.client.call('POST', POOLS, { body: pool('defaults', { cidr: '10.1.0.0/16' }) });
    expect(body.spec).toEqual({
      cidr: '10.1.0.0/16',
      blockSize: 26,
      ipipMode: 'Never',
      vxlanMode: 'Never',
      natOutgoing: false,
      disabled: false,
    });
  });

  it.each([
    {
      name: 'host bits',
      spec: { cidr: '10.2.0.1/16' },
      field: 'spec.cidr',
      says: 'cidr has host bits: write the first address of the range',
    },
    { name: 'no CIDR', spec: { cidr: 'ten' }, field: 'spec.cidr', says: 'cidr is not an address range' },
    {
      name: 'a pool smaller than its block',
      spec: { cidr: '10.2.0.0/28' },
      field: 'spec.cidr',
      says: 'smaller than one of its blocks',
    },
    { name: 'IPv6', spec: { cidr: '2001:db8::/64' }, field: 'spec.cidr', says: 'IPv6 pools are not supported yet' },
    {
      name: 'a block size out of range',
      spec: { cidr: '10.2.0.0/16', blockSize: 33 },
      field: 'spec.blockSize',
      says: '32',
    },
    {
      name: 'a mode whose time has not come',
      spec: { cidr: '10.2.0.0/16', ipipMode: 'CrossSubnet' },
      field: 'spec.ipipMode',
      says: 'supported values: "Always", "Never"',
    },
    { name: 'a missing range', spec: {}, field: 'spec.cidr', says: 'Required value' },
    {
      name: 'a wrong type',
      spec: { cidr: '10.2.0.0/16', natOutgoing: 'yes' },
      field: 'spec.natOutgoing',
      says: 'must be of type boolean',
    },
  ])('refuses $name', async ({ spec, field, says }) => {
    const { status, body } = await server.client.call('POST', POOLS, { body: pool('refused', spec) });
    expect([status, body.reason, body.details.causes[0]?.field]).toEqual([422, 'Invalid', field]);
    expect(body.message).toContain(says);
  });

  it('tells all that the schema forbids in one answer', async () => {
    const spec = { blockSize: 99, natOutgoing: 'yes', disabled: 1, ipipMode: 'Sometimes' };
    const body = { ...pool('Wrong_Name', spec), status: {} };
    const answer = await server.client.call('POST', POOLS, { body });
    expect([answer.status, answer.body.reason]).toEqual([422, 'Invalid']);
    expect(answer.body.details.causes.map(({ field, reason }) => `${field} ${reason}`).sort()).toEqual([
      '<nil> FieldValueInvalid',
      'metadata.name FieldValueInvalid',
      'spec.blockSize FieldValueInvalid',
      'spec.cidr FieldValueRequired',
      'spec.disabled FieldValueTypeInvalid',
      'spec.ipipMode FieldValueNotSupported',
      'spec.natOutgoing FieldValueTypeInvalid',
    ]);
  });

  it('tells what the schema and what the rules find in one answer', async () => {
    const answer = await server.client.call('POST', POOLS, {
      body: pool('twice', { cidr: '10.2.0.1/16', blockSize: 33 }),
    });
    expect(answer.body.details.causes.map(({ field }) => field)).toEqual(['spec.blockSize', 'spec.cidr']);
  });

  it('keeps the range and the block size as they are', async () => {
    const headers = { 'content-type': 'application/merge-patch+json' };
    const { status, body } = await server.client.call('PATCH', `${POOLS}/defaults`, {
      body: { spec: { cidr: '10.3.0.0/16', blockSize: 25 } },
      headers,
    });
    expect([status, body.details.causes.map(({ field }) => field)]).toEqual([422, ['spec.blockSize', 'spec.cidr']]);
    const edited = await server.client.call('PATCH', `${POOLS}/defaults`, {
      body: { spec: { ipipMode: 'Always' } },
      headers,
    });
    expect([edited.status, edited.body.metadata.generation]).toEqual([200, 2]);
  });

  it('refuses a field that the schema does not have', async () => {
    const body = pool('unknown', { cidr: '10.9.0.0/16', nodeSelector: 'all()' });
    const answer = await server.client.call('POST', `${POOLS}?fieldValidation=Strict`, { body });
    expect([answer.status, answer.body.message]).toEqual([
      400,
      'IPPool in version "v1" cannot be handled as a IPPool: strict decoding error: unknown field "spec.nodeSelector"',
    ]);
  });
});

describe('NetworkPolicy validation', () => {
  const path = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
  const from = (peer: object): object => ({ podSelector: {}, ingress: [{ from: [peer] }] });
  const port = (value: object): object => ({ podSelector: {}, ingress: [{ ports: [value] }] });

  it.each([
    {
      name: 'a bad CIDR',
      spec: from({ ipBlock: { cidr: '10.0.0.0' } }),
      field: 'spec.ingress[0].from[0].ipBlock.cidr',
    },
    {
      name: 'an except outside',
      spec: from({ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }),
      field: 'spec.ingress[0].from[0].ipBlock.except[0]',
    },
    {
      name: 'an ipBlock beside a selector',
      spec: from({ ipBlock: { cidr: '10.0.0.0/8' }, podSelector: {} }),
      field: 'spec.ingress[0].from[0]',
    },
    { name: 'an empty peer', spec: from({}), field: 'spec.ingress[0].from[0]' },
    { name: 'a bad port', spec: port({ port: 0 }), field: 'spec.ingress[0].ports[0].port' },
    { name: 'a bad protocol', spec: port({ protocol: 'ICMP' }), field: 'spec.ingress[0].ports[0].protocol' },
    {
      name: 'an end before the port',
      spec: port({ port: 80, endPort: 79 }),
      field: 'spec.ingress[0].ports[0].endPort',
    },
    {
      name: 'a bad operator',
      spec: { podSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } },
      field: 'spec.podSelector.matchExpressions[0].operator',
    },
  ])('refuses $name', async ({ spec, field }) => {
    const body = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'np' }, spec };
    const answer = await server.client.call('POST', path, { body });
    expect([answer.status, answer.body.details.causes[0]?.field]).toEqual([422, field]);
  });

  it('fills in policy types and protocols', async () => {
    const spec = { podSelector: {}, egress: [{ ports: [{ port: 53 }] }] };
    const body = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'filled' }, spec };
    const answer = await server.client.call('POST', path, { body });
    expect(answer.body.spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
      egress: [{ ports: [{ port: 53, protocol: 'TCP' }] }],
    });
  });
});
