import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiObject } from './storage/entry.ts';
import { take } from './test-support/client.ts';
import { startTestServer, type TestServer } from './test-support/test-server.ts';

const PODS = '/api/v1/namespaces/default/pods';
const MAPS = '/api/v1/namespaces/default/configmaps';
const MERGE = { 'content-type': 'application/merge-patch+json' };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

async function createPod(name: string, spec: object = {}, namespace = 'default'): Promise<ApiObject> {
  const body = { metadata: { name }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } };
  const answer = await server.client.call('POST', `/api/v1/namespaces/${namespace}/pods`, { body });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function createMap(name: string, metadata: object = {}): Promise<ApiObject> {
  const answer = await server.client.call('POST', MAPS, {
    body: { metadata: { name, ...metadata }, data: { a: '1' } },
  });
  expect(answer.status).toBe(201);
  return answer.body;
}

async function statusOf(path: string): Promise<number> {
  return (await server.client.call('GET', path)).status;
}

describe('update', () => {
  it('answers 409 to a version that is not the stored one', async () => {
    const map = await createMap('versions');
    const first = await server.client.call('PUT', `${MAPS}/versions`, { body: { ...map, data: { a: '2' } } });
    expect(first.status).toBe(200);
    const second = await server.client.call('PUT', `${MAPS}/versions`, { body: { ...map, data: { a: '3' } } });
    expect([second.status, second.body.reason]).toEqual([409, 'Conflict']);
    const { resourceVersion: _, ...metadata } = map.metadata;
    const unseen = await server.client.call('PUT', `${MAPS}/versions`, {
      body: { ...map, metadata, data: { a: '4' } },
    });
    expect([unseen.status, unseen.body.data]).toEqual([200, { a: '4' }]);
  });

  it('wants a version for a custom resource', async () => {
    const path = '/apis/networking.margay.dev/v1/ippools';
    const type = { apiVersion: 'networking.margay.dev/v1', kind: 'IPPool' };
    const body = { ...type, metadata: { name: 'seen' }, spec: { cidr: '10.0.0.0/16' } };
    await server.client.call('POST', path, { body });
    const { status, body: answer } = await server.client.call('PUT', `${path}/seen`, { body });
    expect([status, answer.details.causes[0]?.field]).toEqual([422, 'metadata.resourceVersion']);
  });

  it('answers 409 to another uid', async () => {
    const map = await createMap('uids');
    const metadata = { ...map.metadata, resourceVersion: '', uid: 'another' };
    expect((await server.client.call('PUT', `${MAPS}/uids`, { body: { ...map, metadata } })).status).toBe(409);
  });

  it('raises no version when nothing changes', async () => {
    const map = await createMap('same');
    const { body } = await server.client.call('PUT', `${MAPS}/same`, { body: map });
    expect(body.metadata.resourceVersion).toBe(map.metadata.resourceVersion);
  });

  it('changes the status through its own path, and only there', async () => {
    const pod = await createPod('halves');
    const path = `${PODS}/halves`;
    const main = await server.client.call('PATCH', path, { body: { status: { phase: 'Running' } }, headers: MERGE });
    expect(main.body.status).toEqual(pod.status);
    const body = { spec: { nodeName: 'n1' }, status: { phase: 'Running', podIP: '192.0.2.1' } };
    const status = await server.client.call('PATCH', `${path}/status`, { body, headers: MERGE });
    expect(status.body.status).toMatchObject({ phase: 'Running', podIP: '192.0.2.1' });
    expect(status.body.spec).toEqual(pod.spec);
  });

  it("refuses changes of a pod's containers", async () => {
    await createPod('fixed');
    const body = { spec: { hostNetwork: true } };
    const answer = await server.client.call('PATCH', `${PODS}/fixed`, { body, headers: MERGE });
    expect([answer.status, answer.body.details.causes[0]?.field]).toEqual([422, 'spec']);
  });
});

describe('patch', () => {
  it.each([
    {
      type: 'application/json-patch+json',
      patch: [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'add', path: '/data/b', value: '2' },
      ],
    },
    { type: 'application/merge-patch+json', patch: { data: { b: '2' } } },
    { type: 'application/strategic-merge-patch+json', patch: { data: { b: '2' } } },
  ])('applies $type', async ({ type, patch }) => {
    const { metadata } = await createMap(`patched-${type.length}`);
    const answer = await server.client.call('PATCH', `${MAPS}/${metadata.name}`, {
      body: patch,
      headers: { 'content-type': type },
    });
    expect([answer.status, answer.body.data]).toEqual([200, { a: '1', b: '2' }]);
  });

  it.each([
    { name: 'a failed test', patch: [{ op: 'test', path: '/data/a', value: 'other' }], status: 422 },
    { name: 'a path that is not there', patch: [{ op: 'remove', path: '/data/none/x' }], status: 422 },
    { name: 'a patch that is no list', patch: {}, status: 400 },
  ])('answers $status to $name', async ({ patch, status }) => {
    const headers = { 'content-type': 'application/json-patch+json' };
    if ((await statusOf(`${MAPS}/tested`)) === 404) await createMap('tested');
    expect((await server.client.call('PATCH', `${MAPS}/tested`, { body: patch, headers })).status).toBe(status);
  });

  it('holds a patch with a version to it', async () => {
    await createMap('guarded');
    const body = { metadata: { resourceVersion: '1' }, data: { b: '2' } };
    expect((await server.client.call('PATCH', `${MAPS}/guarded`, { body, headers: MERGE })).status).toBe(409);
  });
});

describe('delete', () => {
  it('holds to preconditions', async () => {
    const { metadata } = await createMap('conditional');
    const path = `${MAPS}/conditional`;
    for (const preconditions of [{ uid: 'another' }, { resourceVersion: '1' }]) {
      expect((await server.client.call('DELETE', path, { body: { preconditions } })).status).toBe(409);
    }
    const { uid, resourceVersion } = metadata;
    const answer = await server.client.call('DELETE', path, { body: { preconditions: { uid, resourceVersion } } });
    expect([answer.status, answer.body.status, answer.body.details.uid]).toEqual([200, 'Success', uid]);
    expect(await statusOf(path)).toBe(404);
  });

  it('waits for finalizers', async () => {
    await createMap('held', { finalizers: ['example.com/hold'] });
    const path = `${MAPS}/held`;
    const answer = await server.client.call('DELETE', path);
    expect(answer.body.metadata.deletionTimestamp).toMatch(/Z$/);
    const added = { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } };
    expect((await server.client.call('PATCH', path, { body: added, headers: MERGE })).status).toBe(422);
    await server.client.call('PATCH', path, { body: { metadata: { finalizers: null } }, headers: MERGE });
    expect(await statusOf(path)).toBe(404);
  });

  it('removes in one step what its last finalizer lets go, and shows it as it was', async () => {
    await createMap('released', { finalizers: ['example.com/hold'], labels: { seen: 'before' } });
    const path = `${MAPS}/released`;
    const deleted = Number((await server.client.call('DELETE', path)).body.metadata.resourceVersion);
    const body = { metadata: { finalizers: null, labels: { seen: 'after' } } };
    const answer = await server.client.call('PATCH', path, { body, headers: MERGE });
    // As kube-apiserver: the writer sees what it wrote, in the version that it changed.
    expect(answer.body.metadata).toMatchObject({ labels: { seen: 'after' }, resourceVersion: `${deleted}` });
    const events = server.client.watch(`${MAPS}?watch=true&resourceVersion=${deleted}&timeoutSeconds=1`);
    const [event, ...others] = await take(events, 5);
    expect(others).toEqual([]);
    expect([event?.type, event?.object.metadata]).toMatchObject([
      'DELETED',
      { labels: { seen: 'before' }, resourceVersion: `${deleted + 1}` },
    ]);
  });

  it('removes at once a pod that no node has', async () => {
    await createPod('unbound');
    await server.client.call('DELETE', `${PODS}/unbound`);
    expect(await statusOf(`${PODS}/unbound`)).toBe(404);
  });

  it('keeps a bound pod until its kubelet is done', async () => {
    await createPod('bound', { terminationGracePeriodSeconds: 7 });
    const path = `${PODS}/bound`;
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name: 'bound' },
      target: { kind: 'Node', name: 'n1' },
    };
    expect((await server.client.call('POST', `${path}/binding`, { body: binding })).status).toBe(201);
    expect((await server.client.call('POST', `${path}/binding`, { body: binding })).status).toBe(409);
    const { body } = await server.client.call('DELETE', path);
    expect(body.metadata.deletionGracePeriodSeconds).toBe(7);
    const again = await server.client.call('DELETE', path);
    expect(again.body.metadata).toEqual(body.metadata);
    const shorter = await server.client.call('DELETE', `${path}?gracePeriodSeconds=3`);
    expect(shorter.body.metadata.deletionGracePeriodSeconds).toBe(3);
    expect(await statusOf(path)).toBe(200);
    await server.client.call('DELETE', path, { body: { gracePeriodSeconds: 0 } });
    expect(await statusOf(path)).toBe(404);
  });

  it('deletes what a selector chooses', async () => {
    await createMap('chosen', { labels: { group: 'x' } });
    await createMap('left', { labels: { group: 'y' } });
    const answer = await server.client.call('DELETE', `${MAPS}?labelSelector=group%3Dx`);
    expect(answer.body.items.map(({ metadata }) => metadata.name)).toEqual(['chosen']);
    expect([await statusOf(`${MAPS}/chosen`), await statusOf(`${MAPS}/left`)]).toEqual([404, 200]);
  });

  it('changes nothing in a dry run', async () => {
    await createMap('dry');
    expect((await server.client.call('DELETE', `${MAPS}/dry?dryRun=All`)).status).toBe(200);
    expect(await statusOf(`${MAPS}/dry`)).toBe(200);
  });
});

describe('namespaces', () => {
  it('exist from the start', async () => {
    const { body } = await server.client.call('GET', '/api/v1/namespaces');
    const names = body.items.map(({ metadata }) => metadata.name);
    expect(names).toEqual(expect.arrayContaining(['default', 'kube-node-lease', 'kube-public', 'kube-system']));
    expect((await server.client.call('DELETE', '/api/v1/namespaces/default')).status).toBe(403);
  });

  it('take their objects with them, and pods their time', async () => {
    const path = '/api/v1/namespaces/short';
    await server.client.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'short' } } });
    await createPod('quick', {}, 'short');
    await createPod('slow', { nodeName: 'n1' }, 'short');
    await server.client.call('POST', `${path}/configmaps`, { body: { metadata: { name: 'm' } } });
    const { body } = await server.client.call('DELETE', path);
    expect(body.status).toEqual({ phase: 'Terminating' });
    expect(await statusOf(`${path}/configmaps/m`)).toBe(404);
    expect(await statusOf(`${path}/pods/quick`)).toBe(404);
    const slow = await server.client.call('GET', `${path}/pods/slow`);
    expect(slow.body.metadata.deletionTimestamp).toMatch(/Z$/);

    const refused = await server.client.call('POST', `${path}/configmaps`, { body: { metadata: { name: 'n' } } });
    expect([refused.status, refused.body.details.causes[0]?.reason]).toEqual([403, 'NamespaceTerminating']);

    await server.restart();
    expect(await statusOf(path)).toBe(200);
    await server.client.call('DELETE', `${path}/pods/slow?gracePeriodSeconds=0`);
    expect(await statusOf(path)).toBe(404);
  });
});

describe('custom resource definitions', () => {
  const definition = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: { spec: { type: 'object', properties: { size: { type: 'integer', minimum: 1 } } } },
            },
          },
        },
      ],
    },
  };
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const widgets = '/apis/example.com/v1/namespaces/default/widgets';

  it('are served from the moment they are created, and take their objects with them', async () => {
    expect(await statusOf(widgets)).toBe(404);
    expect((await server.client.call('POST', crds, { body: definition })).status).toBe(201);
    const type = { apiVersion: 'example.com/v1', kind: 'Widget' };
    const widget = (size: unknown): object => ({ ...type, metadata: { name: 'w' }, spec: { size } });
    expect((await server.client.call('POST', widgets, { body: widget(0) })).status).toBe(422);
    expect((await server.client.call('POST', widgets, { body: widget(2) })).status).toBe(201);
    await server.restart();
    expect(await statusOf(`${widgets}/w`)).toBe(200);
    await server.client.call('DELETE', `${crds}/widgets.example.com`);
    expect(await statusOf(widgets)).toBe(404);
    await server.client.call('POST', crds, { body: definition });
    expect((await server.client.call('GET', widgets)).body.items).toEqual([]);
  });

  it.each([
    { name: 'a pattern that is none', schema: { properties: { spec: { type: 'string', pattern: '(' } } } },
    { name: 'a reference', schema: { properties: { spec: { $ref: '#/x' } } } },
    { name: 'a column that cannot be read', columns: [{ name: 'X', type: 'string', jsonPath: '.a..b' }] },
  ])('are refused with $name', async ({ schema = {}, columns = [] }) => {
    const [version] = definition.spec.versions;
    const versions = [
      { ...version, schema: { openAPIV3Schema: { type: 'object', ...schema } }, additionalPrinterColumns: columns },
    ];
    const names = { plural: 'refused', kind: 'Refused' };
    const spec = { ...definition.spec, names, versions };
    const body = { ...definition, metadata: { name: 'refused.example.com' }, spec };
    expect((await server.client.call('POST', crds, { body })).status).toBe(422);
  });

  it('must be named after their plural', async () => {
    const body = { ...definition, metadata: { name: 'other.example.com' } };
    const answer = await server.client.call('POST', crds, { body });
    expect([answer.status, answer.body.details.causes[0]?.field]).toEqual([422, 'metadata.name']);
  });
});
