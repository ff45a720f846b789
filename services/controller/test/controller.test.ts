import { parseCidr } from '@margay/ip';
import { allocate, newBlock } from '@margay/ipam-core';
import { ANNOTATION } from '@margay/model';
import type { ResourceStore } from '@margay/ports';
import {
  addHealth,
  clientCredentials,
  createGrpcServer,
  createLogger,
  createMetrics,
  listen,
  shutdownServer,
} from '@margay/runtime';
import { createFakeClock, type FakeClock, MemoryStore } from '@margay/testkit';
import { addService, createClient } from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createController } from '../src/create-controller.ts';

const GRACE_MS = 60_000;

/** What the IPAM service was asked, in order. */
let asked: string[];
let clock: FakeClock;
let store: MemoryStore;
let stop: (() => Promise<void>)[];

beforeEach(() => {
  asked = [];
  stop = [];
  clock = createFakeClock();
  store = new MemoryStore();
});
afterEach(async () => {
  for (const each of stop.reverse()) await each();
});

async function start(options: { defaultPool?: string; store?: ResourceStore } = {}): Promise<void> {
  const server = createGrpcServer();
  const health = addHealth(server);
  addService(server, 'margay.ipam.v1.Ipam', {
    autoAssign: () => Promise.reject(new Error('not asked here')),
    keepReserve: () => Promise.reject(new Error('not asked here')),
    releaseHandle: () => Promise.reject(new Error('not asked here')),
    releaseAddresses: async ({ addresses }) => {
      asked.push(...addresses.map(({ address, handle }) => `free ${address} of ${handle}`));
      return { released: addresses.map(({ address }) => address) };
    },
    releaseNode: async ({ node }) => {
      asked.push(`free node ${node}`);
      return {};
    },
  });
  const port = await listen(server, '127.0.0.1:0');
  stop.push(() => shutdownServer(server, 0));
  const ipam = createClient('margay.ipam.v1.Ipam', `127.0.0.1:${port}`, { credentials: clientCredentials() });
  stop.push(async () => ipam.close());
  const ending = new AbortController();
  const running = createController({
    store: options.store ?? store,
    ipam,
    leakGraceMs: GRACE_MS,
    health,
    metrics: createMetrics(),
    clock,
    logger: createLogger({ name: 'controller', level: 'error' }),
    ...(options.defaultPool !== undefined && { defaultPool: parseCidr(options.defaultPool) }),
  }).run(ending.signal);
  stop.push(async () => {
    ending.abort();
    await running;
  });
  await expect.poll(() => health.ready).toBe(true);
}

/** Lets one scan pass, and whatever it asks for. */
async function scan(): Promise<void> {
  await clock.waitForSleepers(1);
  await clock.advance(30_000);
}

async function addBlock(node: string, attributes: Record<string, string>): Promise<void> {
  const empty = newBlock(parseCidr('10.8.1.0/30'), node, 1);
  const { block: spec } = allocate(empty, [{ handle: 'margay.c1', attributes: { node, ...attributes } }]);
  await store.create('IPAMBlock', { metadata: { name: '10-8-1-0-30' }, spec });
}

describe('removed nodes', () => {
  it('lose their blocks, when the node is deleted', async () => {
    await store.create('Node', { metadata: { name: 'node-1' } });
    await addBlock('node-1', { type: 'ipipTunnelAddress' });
    await start();
    expect(asked).toEqual([]);
    await store.delete('Node', { name: 'node-1' });
    await expect.poll(() => asked).toEqual(['free node node-1']);
  });

  it('keep their addresses as long as a pod is bound to them', async () => {
    const pod = { metadata: { name: 'web', namespace: 'default' }, spec: { nodeName: 'node-1' } };
    await store.create('Pod', pod);
    await addBlock('node-1', {});
    await start();
    await scan();
    expect(asked).toEqual([]);
    await store.delete('Pod', pod.metadata, { gracePeriodSeconds: 0 });
    await expect.poll(async () => (await store.list('Pod')).items.length).toBe(0);
    // The clock stands: no scan that is due anyway can have seen it.
    await expect.poll(() => asked).toContain('free node node-1');
  });

  it('are not believed to be gone while the API has them', async () => {
    await addBlock('node-1', {});
    // The watch is behind: it has no nodes yet, though the API has.
    const behind = new Proxy(store, {
      get: (target, name) =>
        name === 'list'
          ? async (kind: string, o: object) =>
              kind === 'Node' ? { resourceVersion: '0', items: [] } : target.list(kind as 'Pod', o)
          : Reflect.get(target, name).bind(target),
    });
    await store.create('Node', { metadata: { name: 'node-1' } });
    store.compact();
    await start({ store: behind });
    await scan();
    expect(asked).toEqual([]);
  });
});

describe('leaked addresses', () => {
  const pod = { metadata: { name: 'web', namespace: 'default' }, spec: { nodeName: 'node-1' } };

  beforeEach(async () => {
    await store.create('Node', { metadata: { name: 'node-1' } });
  });

  it('are freed once their pod has been gone for the grace period', async () => {
    await addBlock('node-1', { namespace: 'default', pod: 'web' });
    await start();
    await scan();
    expect(asked).toEqual([]);
    await scan();
    await scan();
    await expect.poll(() => asked).toContain('free 10.8.1.0 of margay.c1');
  });

  it('are freed when the pod was made again under its name', async () => {
    await store.create('Pod', pod);
    await addBlock('node-1', { namespace: 'default', pod: 'web', uid: 'an-earlier-one' });
    await start();
    await scan();
    await scan();
    await scan();
    await expect.poll(() => asked).toContain('free 10.8.1.0 of margay.c1');
  });

  it('are none while the pod is there, or when nobody knows whose they are', async () => {
    await store.create('Pod', pod);
    const uid = (await store.get('Pod', pod.metadata))?.metadata.uid ?? '';
    const { block } = allocate(newBlock(parseCidr('10.8.2.0/30'), 'node-1', 1), [
      { handle: 'margay.c1', attributes: { node: 'node-1', namespace: 'default', pod: 'web', uid } },
      { handle: 'somebody', attributes: { node: 'node-1' } },
    ]);
    await store.create('IPAMBlock', { metadata: { name: 'b' }, spec: block });
    await start();
    for (let round = 0; round < 4; round++) await scan();
    expect(asked).toEqual([]);
  });
});

describe('addresses of earlier containers of a pod', () => {
  const ref = { name: 'web', namespace: 'default' };

  /** Containers of one pod, each with an address, in this order from 10.8.1.0 on. */
  async function give(...containers: { id: string; allocatedAt?: string }[]): Promise<void> {
    const uid = (await store.get('Pod', ref))?.metadata.uid ?? '';
    const takers = containers.map(({ id, allocatedAt }) => ({
      handle: `margay.${id}`,
      attributes: { node: 'node-1', namespace: 'default', pod: 'web', uid, ...(allocatedAt && { allocatedAt }) },
    }));
    const { block: spec } = allocate(newBlock(parseCidr('10.8.1.0/29'), 'node-1', 1), takers);
    await store.create('IPAMBlock', { metadata: { name: '10-8-1-0-29' }, spec });
  }

  /** What the node's agent and the kubelet say of the pod. */
  async function say({ container, podIP }: { container?: string; podIP?: string }): Promise<void> {
    const annotations = { [ANNOTATION.podContainerId]: container ?? null };
    await store.patch('Pod', ref, { metadata: { annotations } });
    if (podIP !== undefined) {
      await store.patch('Pod', ref, { status: { podIP, podIPs: [{ ip: podIP }] } }, { subresource: 'status' });
    }
  }

  beforeEach(async () => {
    await store.create('Node', { metadata: { name: 'node-1' } });
    await store.create('Pod', { metadata: ref, spec: { nodeName: 'node-1' } });
  });

  const C1 = { id: 'c1', allocatedAt: '2026-01-01T10:00:00Z' };
  const C2 = { id: 'c2', allocatedAt: '2026-01-01T10:05:00Z' };
  const C3 = { id: 'c3', allocatedAt: '2026-01-01T10:10:00Z' };

  it('are freed after the grace period, and no newer ones', async () => {
    await give(C1, C2, C3);
    await say({ container: 'c2', podIP: '10.8.1.1' });
    await start();
    await scan();
    expect(asked).toEqual([]);
    for (let round = 0; round < 3; round++) await scan();
    await expect.poll(() => asked).toContain('free 10.8.1.0 of margay.c1');
    expect(new Set(asked)).toEqual(new Set(['free 10.8.1.0 of margay.c1']));
  });

  it.each([
    { name: 'the Pod names no container yet', containers: [C1, C2], podIP: '10.8.1.1' },
    { name: 'the named container has no address', containers: [C1], container: 'c2' },
    { name: 'the Pod still names the earlier one', containers: [C1, C2], container: 'c1', podIP: '10.8.1.0' },
    { name: 'the kubelet reports it', containers: [C1, C2], container: 'c2', podIP: '10.8.1.0' },
    { name: 'nobody noted when it was given', containers: [{ id: 'c1' }, C2], container: 'c2', podIP: '10.8.1.1' },
    {
      name: 'both were given within a minute',
      containers: [{ id: 'c1', allocatedAt: '2026-01-01T10:04:30Z' }, C2],
      container: 'c2',
      podIP: '10.8.1.1',
    },
  ])('stay while $name', async ({ containers, ...said }) => {
    await give(...containers);
    await say(said);
    await start();
    for (let round = 0; round < 5; round++) await scan();
    expect(asked).toEqual([]);
  });

  it('stay when the Pod itself no longer names the later one', async () => {
    await give(C1, C2);
    await say({ container: 'c2', podIP: '10.8.1.1' });
    // The watch is behind: the API has an empty annotation already.
    const ahead = new Proxy(store, {
      get: (target, name) =>
        name === 'get'
          ? async (kind: string, at: { name: string; namespace?: string }) => {
              const found = await target.get(kind as 'Pod', at);
              if (kind === 'Pod' && found) delete found.metadata.annotations;
              return found;
            }
          : Reflect.get(target, name).bind(target),
    });
    await start({ store: ahead });
    for (let round = 0; round < 5; round++) await scan();
    expect(asked).toEqual([]);
  });
});

describe('the default pool', () => {
  it('is made where there is none', async () => {
    await start({ defaultPool: '10.8.0.0/16' });
    await expect
      .poll(async () => (await store.list('IPPool')).items.map(({ spec }) => spec.cidr))
      .toEqual(['10.8.0.0/16']);
  });

  it('is not made beside a pool that is there', async () => {
    await store.create('IPPool', { metadata: { name: 'mine' }, spec: { cidr: '10.9.0.0/16' } });
    await start({ defaultPool: '10.8.0.0/16' });
    await scan();
    expect((await store.list('IPPool')).items.length).toBe(1);
  });
});

describe('a pool that overlaps an older one', () => {
  it('is told of as soon as it is made', async () => {
    await store.create('IPPool', { metadata: { name: 'a' }, spec: { cidr: parseCidr('10.8.0.0/16') } });
    await start();
    await clock.waitForSleepers(1);
    // The clock stands: no scan that is due anyway can have seen it.
    await store.create('IPPool', { metadata: { name: 'b' }, spec: { cidr: parseCidr('10.8.9.0/24') } });
    await expect
      .poll(async () => (await store.list('Event')).items.map(({ reason }) => reason))
      .toEqual(['PoolOverlaps']);
  });

  it('gets one Event that says so, and the older none', async () => {
    const spec = { ipipMode: 'Never' as const };
    await store.create('IPPool', { metadata: { name: 'a' }, spec: { ...spec, cidr: parseCidr('10.8.0.0/16') } });
    await store.create('IPPool', { metadata: { name: 'b' }, spec: { ...spec, cidr: parseCidr('10.8.9.0/24') } });
    await start();
    await expect.poll(async () => (await store.list('Event')).items.length).toBe(1);
    await scan();
    const { items } = await store.list('Event');
    expect(items.map(({ involvedObject, reason }) => [involvedObject.name, reason])).toEqual([['b', 'PoolOverlaps']]);
    expect(items[0]?.message).toContain('10.8.9.0/24 overlaps 10.8.0.0/16 of the older pool a');
  });
});
