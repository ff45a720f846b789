import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { take, type WatchEvent } from './test-support/client.ts';
import { startTestServer, type TestServer } from './test-support/test-server.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const MERGE = { 'content-type': 'application/merge-patch+json' };

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ historyLength: 80, bookmarkIntervalMs: 20, versionWaitMs: 100 });
});
afterAll(() => server.close());

async function create(name: string, labels: Record<string, string> = {}): Promise<string> {
  const { body } = await server.client.call('POST', MAPS, { body: { metadata: { name, labels } } });
  return body.metadata.resourceVersion;
}

async function label(name: string, labels: Record<string, string | null>): Promise<void> {
  await server.client.call('PATCH', `${MAPS}/${name}`, { body: { metadata: { labels } }, headers: MERGE });
}

async function now(): Promise<string> {
  return (await server.client.call('GET', `${MAPS}?limit=1`)).body.metadata.resourceVersion;
}

function told(events: readonly WatchEvent[]): string[] {
  return events.map(({ type, object }) => `${type} ${object.metadata.name}`);
}

describe('list', () => {
  it('shows one revision over all pages', async () => {
    for (const name of ['p1', 'p2', 'p3', 'p4', 'p5']) await create(name, { paged: 'yes' });
    const path = `${MAPS}?labelSelector=paged&limit=2`;
    const first = await server.client.call('GET', path);
    await server.client.call('DELETE', `${MAPS}/p3`);
    await create('p31', { paged: 'yes' });
    const metadata = first.body.metadata as { continue?: string; resourceVersion: string };
    const second = await server.client.call('GET', `${path}&continue=${metadata.continue}`);
    const last = (second.body.metadata as { continue?: string }).continue;
    const third = await server.client.call('GET', `${path}&continue=${last}`);
    const pages = [first, second, third].map(({ body }) => body.items.map((item) => item.metadata.name));
    expect(pages).toEqual([['p1', 'p2'], ['p3', 'p4'], ['p5']]);
    expect(third.body.metadata).toEqual({ resourceVersion: metadata.resourceVersion });
    const exact = `${MAPS}?labelSelector=paged&resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact`;
    const names = (await server.client.call('GET', exact)).body.items.map((item) => item.metadata.name);
    expect(names).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
  });

  it.each([
    { name: 'a continue token that is not one', query: 'continue=x', status: 400 },
    { name: 'a version that is no number', query: 'resourceVersion=x', status: 400 },
    { name: 'a version from the future', query: 'resourceVersion=999999', status: 504 },
  ])('answers $status to $name', async ({ query, status }) => {
    expect((await server.client.call('GET', `${MAPS}?${query}`)).status).toBe(status);
  });
});

/** As kube-apiserver 1.34 answers. */
const TOO_LARGE = {
  code: 504,
  reason: 'Timeout',
  message: expect.stringMatching(/^Timeout: Too large resource version: 999999, current: \d+$/) as string,
  details: {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  },
};

describe('a version that has not come yet', () => {
  it.each([
    `${MAPS}?resourceVersion=999999`,
    `${MAPS}?resourceVersion=999999&limit=1`,
    `${MAPS}?resourceVersion=999999&resourceVersionMatch=Exact`,
    '/api/v1/namespaces/default?resourceVersion=999999',
  ])('is too large for a read when it does not come: %s', async (path) => {
    const { status, headers, body } = await server.client.call('GET', path);
    expect([status, headers['retry-after']]).toEqual([504, '1']);
    expect(body).toMatchObject(TOO_LARGE);
  });

  it('is waited for by a read', async () => {
    const patient = await startTestServer({ versionWaitMs: 20_000 });
    const created = await patient.client.call('POST', MAPS, { body: { metadata: { name: 'a' } } });
    const next = Number(created.body.metadata.resourceVersion) + 1;
    const list = patient.client.call('GET', `${MAPS}?resourceVersion=${next}`);
    await patient.client.call('POST', MAPS, { body: { metadata: { name: 'b' } } });
    expect((await list).body.items.map(({ metadata }) => metadata.name)).toContain('b');
    await patient.close();
  });

  it('is waited for by a watch in silence, also without bookmarks of before', async () => {
    const from = Number(await now()) + 2;
    const query = `watch=true&resourceVersion=${from}&allowWatchBookmarks=true`;
    const events = server.client.watch(`${MAPS}?${query}`);
    const first = take(events, 1);
    // Meanwhile another watch gets its bookmarks.
    const other = server.client.watch(`${MAPS}?watch=true&resourceVersion=${await now()}&allowWatchBookmarks=true`);
    expect((await take(other, 3)).map(({ type }) => type)).toEqual(['BOOKMARK', 'BOOKMARK', 'BOOKMARK']);
    await other.return(undefined);
    for (const name of ['f1', 'f2', 'f3']) await create(name);
    const seen = await first;
    while (seen.at(-1)?.type === 'BOOKMARK') seen.push(...(await take(events, 1)));
    expect(told(seen.slice(-1))).toEqual(['ADDED f3']);
    for (const { object } of seen) expect(Number(object.metadata.resourceVersion)).toBeGreaterThanOrEqual(from);
    await events.return(undefined);
  });

  it('is too large for a watch that wants all that is there', async () => {
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&resourceVersion=999999';
    const events = await take(server.client.watch(`${MAPS}?${query}`), 2);
    expect(events).toMatchObject([{ type: 'ERROR', object: TOO_LARGE }]);
  });
});

describe('watch', () => {
  it('tells what comes after a version, in order', async () => {
    const from = await now();
    const events = server.client.watch(`${MAPS}?watch=true&resourceVersion=${from}`);
    await create('w1');
    await label('w1', { a: 'b' });
    await server.client.call('DELETE', `${MAPS}/w1`);
    const taken = await take(events, 3);
    expect(told(taken)).toEqual(['ADDED w1', 'MODIFIED w1', 'DELETED w1']);
    const versions = taken.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    await events.return(undefined);
  });

  it('tells an object that comes into a selection as added, and one that leaves as deleted', async () => {
    await create('s1', { color: 'red' });
    const from = await now();
    await label('s1', { color: 'blue' });
    await label('s1', { size: 'big' });
    await label('s1', { color: 'red' });
    const events = server.client.watch(`${MAPS}?watch=1&labelSelector=color%3Dblue&resourceVersion=${from}`);
    expect(told(await take(events, 3))).toEqual(['ADDED s1', 'MODIFIED s1', 'DELETED s1']);
    await events.return(undefined);
  });

  it('starts with what is there when no version is given', async () => {
    await create('first', { start: 'here' });
    const events = server.client.watch(`${MAPS}?watch=true&labelSelector=start`);
    expect(told(await take(events, 1))).toEqual(['ADDED first']);
    await events.return(undefined);
  });

  it('marks the end of the initial events', async () => {
    await create('initial', { streamed: 'yes' });
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const events = server.client.watch(`${MAPS}?${query}&labelSelector=streamed`);
    const [added, bookmark] = await take(events, 2);
    expect([added?.type, bookmark?.type]).toEqual(['ADDED', 'BOOKMARK']);
    expect(bookmark?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    expect(bookmark?.object.metadata.resourceVersion).toBe(await now());
    await events.return(undefined);
  });

  it('sends bookmarks to who asks for them', async () => {
    const events = server.client.watch(`${MAPS}?watch=true&resourceVersion=${await now()}&allowWatchBookmarks=true`);
    const [bookmark] = await take(events, 1);
    expect(bookmark).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap', apiVersion: 'v1' } });
    await events.return(undefined);
  });

  it('ends when its time is over', async () => {
    const events = server.client.watch(`${MAPS}?watch=true&resourceVersion=${await now()}&timeoutSeconds=1`);
    expect(await take(events, 1)).toEqual([]);
  });

  it('resumes after a restart of the server', async () => {
    const from = await create('before');
    await create('after');
    await server.restart();
    const events = server.client.watch(`${MAPS}?watch=true&resourceVersion=${from}`);
    await create('later');
    expect(told(await take(events, 2))).toEqual(['ADDED after', 'ADDED later']);
    await events.return(undefined);
  });

  it('answers 410 Gone to a version that is forgotten', async () => {
    const old = await now();
    for (let index = 0; index < 120; index += 1) await label('before', { n: String(index) });
    const events = await take(server.client.watch(`${MAPS}?watch=true&resourceVersion=${old}`), 2);
    expect(events).toMatchObject([{ type: 'ERROR', object: { code: 410, reason: 'Expired' } }]);
    expect((await server.client.call('GET', `${MAPS}?resourceVersion=${old}&resourceVersionMatch=Exact`)).status).toBe(
      410,
    );
  });

  it('closes the watch of a reader that does not read', async () => {
    await create('large');
    const from = await now();
    const closed = server.client.neglectedWatch(`${MAPS}?watch=true&resourceVersion=${from}`);
    const socket = await closed.opened;
    // More than the server keeps for one reader and what the kernel's buffers take.
    const filler = 'x'.repeat(500_000);
    for (let index = 0; index < 60; index += 1) {
      const body = { data: { index: String(index), filler } };
      expect((await server.client.call('PATCH', `${MAPS}/large`, { body, headers: MERGE })).status).toBe(200);
    }
    socket.resume();
    expect(await closed.ended).toBe('cut off');
  });

  it('sends tables to who asks for them', async () => {
    const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
    const events = server.client.watch(`${MAPS}?watch=true&resourceVersion=${await now()}`, headers);
    await create('t1');
    await create('t2');
    const [first, second] = await take(events, 2);
    expect(first?.object).toMatchObject({ columnDefinitions: [{ name: 'Name' }, { name: 'Data' }, { name: 'Age' }] });
    expect(second?.object).toMatchObject({
      kind: 'Table',
      columnDefinitions: null,
      rows: [{ cells: ['t2', 0, '0s'] }],
    });
    await events.return(undefined);
  });
});
