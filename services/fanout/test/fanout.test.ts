import { type FeedEntry, Replica } from '@margay/feed-core';
import {
  addHealth,
  clientCredentials,
  createGrpcServer,
  createLogger,
  createMetrics,
  listen,
  shutdownServer,
  systemClock,
} from '@margay/runtime';
import { MemoryStore } from '@margay/testkit';
import {
  addService,
  createClient,
  decodeFeedBatch,
  encodeSubscribe,
  encodeViewBatch,
  type MessageWriter,
  serverStream,
  type ViewBatchMessage,
} from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFanout } from '../src/create-fanout.ts';

let stop: (() => Promise<unknown>)[];
let store: MemoryStore;

beforeEach(() => {
  stop = [];
  store = new MemoryStore();
});
afterEach(async () => {
  for (const each of stop.reverse()) await each();
});

const text = (entries: Iterable<FeedEntry>): string[] => [...entries].map((entry) => JSON.stringify(entry)).sort();

/** A policy service that says what a test tells it to. */
async function startPolicy(
  port = 0,
): Promise<{ port: number; say(batch: Partial<ViewBatchMessage>): Promise<void>; close(): Promise<void> }> {
  const server = createGrpcServer();
  let writer: MessageWriter<ReturnType<typeof encodeViewBatch>> | undefined;
  addService(server, 'margay.policy.v1.PolicyViews', {
    watch: async (_request, to, { signal }) => {
      writer = to;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  });
  const bound = await listen(server, `127.0.0.1:${port}`);
  const close = (): Promise<void> => shutdownServer(server, 0);
  stop.push(close);
  return {
    port: bound,
    say: async (batch) => {
      await expect.poll(() => writer).toBeDefined();
      await writer?.write(
        encodeViewBatch({ snapshotStart: false, complete: true, spans: [], upserts: [], removes: [], ...batch }),
      );
    },
    close,
  };
}

interface RunningFanout {
  readonly port: number;
  isReady(): boolean;
  /** Ends it as SIGTERM does, without force. */
  end(): Promise<void>;
}

async function startFanout(policyPort: number): Promise<RunningFanout> {
  const server = createGrpcServer();
  const health = addHealth(server);
  const ending = new AbortController();
  const running = createFanout({
    store,
    policyAddress: `127.0.0.1:${policyPort}`,
    server,
    health,
    metrics: createMetrics(),
    clock: systemClock,
    logger: createLogger({ name: 'fanout', level: 'error' }),
  }).run(ending.signal);
  const port = await listen(server, '127.0.0.1:0');
  stop.push(async () => {
    ending.abort();
    await shutdownServer(server, 0);
    await running;
  });
  return {
    port,
    isReady: () => health.ready,
    end: async () => {
      ending.abort();
      await shutdownServer(server, 60_000);
    },
  };
}

/** A node's agent, as far as the feed is concerned. */
function follow(
  port: number,
  node: string,
  replica = new Replica(),
): { replica: Replica; batches: number; disconnect(): Promise<void> } {
  const client = createClient('margay.feed.v1.Feed', `127.0.0.1:${port}`, { credentials: clientCredentials() });
  const ending = new AbortController();
  const follower = { replica, batches: 0, disconnect: async (): Promise<void> => {} };
  const reading = (async (): Promise<void> => {
    replica.begin();
    const { position } = replica;
    const request = encodeSubscribe({ node, ...(position && { from: position }) });
    for await (const batch of serverStream(client, 'subscribe', request, { signal: ending.signal })) {
      follower.batches++;
      replica.receive(decodeFeedBatch(batch));
    }
  })().catch((error: unknown) => {
    if (!ending.signal.aborted) throw error;
  });
  follower.disconnect = async (): Promise<void> => {
    ending.abort();
    await reading;
    client.close();
  };
  stop.push(follower.disconnect);
  return follower;
}

const policy = (id: string): FeedEntry => ({ kind: 'policy', id, ingress: [], egress: [] });
const endpoint = (pod: string): FeedEntry => ({ kind: 'endpoint', namespace: 'default', pod, uid: 'u' });
const snapshot: Partial<ViewBatchMessage> = {
  snapshotStart: true,
  spans: [{ scope: 'policy:p', add: ['node-1'], remove: [] }],
  upserts: [
    { scope: 'policy:p', entry: policy('p') },
    { scope: 'node:node-1', entry: endpoint('web') },
    { scope: 'node:node-2', entry: endpoint('db') },
  ],
};

async function addNode(name: string, address: string): Promise<void> {
  await store.create('Node', { metadata: { name, annotations: { 'networking.margay.dev/ipv4-address': address } } });
}

describe('fanout', () => {
  it('is not ready, and answers nobody, before both the API and policy are known', async () => {
    const policyService = await startPolicy();
    const fanout = await startFanout(policyService.port);
    const client = createClient('margay.feed.v1.Feed', `127.0.0.1:${fanout.port}`, {
      credentials: clientCredentials(),
    });
    stop.push(async () => client.close());
    await expect(serverStream(client, 'subscribe', { node: 'node-1' }).next()).rejects.toMatchObject({
      status: 'UNAVAILABLE',
    });
    expect(fanout.isReady()).toBe(false);
    await policyService.say(snapshot);
    await expect.poll(fanout.isReady).toBe(true);
  });

  it('gives a node its own entries and those of all', async () => {
    await addNode('node-1', '192.0.2.10/26');
    const policyService = await startPolicy();
    const fanout = await startFanout(policyService.port);
    await policyService.say(snapshot);
    await expect.poll(fanout.isReady).toBe(true);
    const one = follow(fanout.port, 'node-1').replica;
    const two = follow(fanout.port, 'node-2').replica;
    await expect
      .poll(() => [...one.policies.keys(), ...one.endpoints.keys(), ...one.nodes.keys()])
      .toEqual(['p', 'default/web', 'node-1']);
    await expect
      .poll(() => [...two.policies.keys(), ...two.endpoints.keys(), ...two.nodes.keys()])
      .toEqual(['default/db', 'node-1']);
  });

  it('sends only what changed to a node that comes back', async () => {
    const policyService = await startPolicy();
    const fanout = await startFanout(policyService.port);
    await policyService.say(snapshot);
    await expect.poll(fanout.isReady).toBe(true);
    const first = follow(fanout.port, 'node-1');
    await expect.poll(() => first.replica.inSync).toBe(true);
    await first.disconnect();
    const before = first.replica.position;
    await addNode('node-2', '192.0.2.11/26');
    const again = follow(fanout.port, 'node-1', first.replica);
    await expect.poll(() => again.replica.nodes.size).toBe(1);
    expect(again.replica.position?.epoch).toBe(before?.epoch);
    expect(again.replica.policies.size).toBe(1);
  });

  it('is taken over by another process of it: a node gets a snapshot, and loses only what is gone', async () => {
    await addNode('node-1', '192.0.2.10/26');
    await addNode('node-2', '192.0.2.11/26');
    const policyService = await startPolicy();
    const first = await startFanout(policyService.port);
    await policyService.say(snapshot);
    await expect.poll(first.isReady).toBe(true);
    const before = follow(first.port, 'node-1');
    await expect.poll(() => before.replica.nodes.size).toBe(2);
    await expect.poll(() => before.replica.policies.size).toBe(1);
    await before.disconnect();
    const { replica } = before;
    const epoch = replica.position?.epoch;

    const otherPolicy = await startPolicy();
    const second = await startFanout(otherPolicy.port);
    // The other process does not know the whole yet: it answers nobody, and the node keeps all.
    const early = createClient('margay.feed.v1.Feed', `127.0.0.1:${second.port}`, { credentials: clientCredentials() });
    stop.push(async () => early.close());
    const { position } = replica;
    const request = encodeSubscribe({ node: 'node-1', ...(position && { from: position }) });
    await expect(serverStream(early, 'subscribe', request).next()).rejects.toMatchObject({ status: 'UNAVAILABLE' });
    expect([...replica.policies.keys()]).toEqual(['p']);

    await store.delete('Node', { name: 'node-2' });
    await otherPolicy.say(snapshot);
    await expect.poll(second.isReady).toBe(true);
    const after = follow(second.port, 'node-1', replica);
    // In between nothing is missing that the snapshot brings again.
    const seen: number[] = [];
    await expect
      .poll(() => {
        seen.push(replica.policies.size, replica.endpoints.size);
        return [...replica.nodes.keys()];
      })
      .toEqual(['node-1']);
    expect(new Set(seen)).toEqual(new Set([1]));
    expect(after.replica.position?.epoch).not.toBe(epoch);
    expect([...replica.policies.keys(), ...replica.endpoints.keys()]).toEqual(['p', 'default/web']);
  });

  it('keeps policy in force while the policy service is away, and takes over what it says when it is back', async () => {
    const policyService = await startPolicy();
    const fanout = await startFanout(policyService.port);
    await policyService.say(snapshot);
    await expect.poll(fanout.isReady).toBe(true);
    const { replica } = follow(fanout.port, 'node-1');
    await expect.poll(() => replica.policies.size).toBe(1);
    await policyService.close();
    await addNode('node-2', '192.0.2.11/26');
    await expect.poll(() => replica.nodes.size).toBe(1);
    expect([...replica.policies.keys()]).toEqual(['p']);
    const back = await startPolicy(policyService.port);
    await back.say({ snapshotStart: true, upserts: [{ scope: 'node:node-1', entry: endpoint('web') }] });
    await expect.poll(() => replica.policies.size).toBe(0);
    expect([...replica.endpoints.keys()]).toEqual(['default/web']);
    expect(replica.nodes.size).toBe(1);
  });

  it('follows a node through a step of thousands of entries', async () => {
    const policyService = await startPolicy();
    const fanout = await startFanout(policyService.port);
    const upserts = Array.from({ length: 3_000 }, (_, index) => ({
      scope: 'node:node-1' as const,
      entry: endpoint(`pod-${index}`),
    }));
    await policyService.say({ snapshotStart: true, complete: false, upserts: upserts.slice(0, 1_000) });
    await policyService.say({ upserts: upserts.slice(1_000) });
    await expect.poll(fanout.isReady).toBe(true);
    const follower = follow(fanout.port, 'node-1');
    await expect.poll(() => follower.replica.endpoints.size).toBe(3_000);
    expect(follower.batches).toBe(6);
    expect(text(follower.replica.entries())).toEqual(text(upserts.map(({ entry }) => entry)));
  });

  it('keeps the last good state of an object that cannot be read any more', async () => {
    await addNode('node-1', '192.0.2.10/26');
    const policyService = await startPolicy();
    const fanout = await startFanout(policyService.port);
    await policyService.say({ snapshotStart: true });
    await expect.poll(fanout.isReady).toBe(true);
    const { replica } = follow(fanout.port, 'node-1');
    await expect.poll(() => replica.nodes.size).toBe(1);
    await store.patch(
      'Node',
      { name: 'node-1' },
      { metadata: { annotations: { 'networking.margay.dev/ipv4-address': 'nonsense' } } },
    );
    await addNode('node-2', '192.0.2.11/26');
    await expect.poll(() => replica.nodes.size).toBe(2);
    expect(replica.nodes.get('node-1')?.address).toBe('192.0.2.10');
  });

  it('ends at once when it is told to, though nodes are subscribed', async () => {
    const policyService = await startPolicy();
    const fanout = await startFanout(policyService.port);
    await policyService.say(snapshot);
    await expect.poll(fanout.isReady).toBe(true);
    const client = createClient('margay.feed.v1.Feed', `127.0.0.1:${fanout.port}`, {
      credentials: clientCredentials(),
    });
    stop.push(async () => client.close());
    const feed = serverStream(client, 'subscribe', { node: 'node-1' });
    await feed.next();
    const [next] = await Promise.allSettled([feed.next(), fanout.end()]);
    const message: unknown = expect.stringContaining('this fanout is stopping');
    expect(next).toMatchObject({ status: 'rejected', reason: { status: 'UNAVAILABLE', message } });
  });
});
