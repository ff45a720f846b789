import { allocatedAtMs, allocationsOf } from '@margay/ipam-core';
import type { ResourceStore } from '@margay/ports';
import type { MemoryStore } from '@margay/testkit';
import { type ServiceClient, unary } from '@margay/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { assign, startIpam, storeWithPools, unreliable } from './harness.ts';

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function start(store: ResourceStore): Promise<ServiceClient<'margay.ipam.v1.Ipam'>> {
  const { client, stop } = await startIpam(store);
  running.push(stop);
  return client;
}

/** Every address that the API says is given out. */
async function inUse(store: MemoryStore): Promise<string[]> {
  const { items } = await store.list('IPAMBlock');
  return items.flatMap(({ spec }) => allocationsOf(spec).map(({ address }) => address));
}

const POOL = { name: 'pool', spec: { cidr: '10.8.0.0/22', blockSize: 26 } };

describe('autoAssign', () => {
  it('keeps a node to its own block', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    const addresses = (await Promise.all(Array.from({ length: 40 }, () => assign(client, 'node-1')))).flat();
    expect(new Set(addresses).size).toBe(40);
    expect((await store.list('IPAMBlock')).items.length).toBe(1);
    const affinities = (await store.list('BlockAffinity')).items.map(({ spec }) => `${spec.node} ${spec.state}`);
    expect(affinities).toEqual(['node-1 confirmed']);
  });

  it('gives 32 nodes at once one address each, over two processes and 16 blocks', async () => {
    const store = await storeWithPools(POOL);
    const clients = [await start(store), await start(store)] as const;
    const nodes = Array.from({ length: 32 }, (_, index) => `node-${index}`);
    const given = await Promise.all(nodes.map((node, index) => assign(clients[index % 2 === 0 ? 0 : 1], node)));
    expect(new Set(given.flat()).size).toBe(32);
    const blocks = (await store.list('IPAMBlock')).items;
    expect(blocks.length).toBe(16);
    const affinities = (await store.list('BlockAffinity')).items.map(
      ({ spec }) => `host:${spec.node} ${spec.cidr} ${spec.state}`,
    );
    expect(affinities.sort()).toEqual(blocks.map(({ spec }) => `${spec.affinity} ${spec.cidr} confirmed`).sort());
  });

  it('borrows from another node once no block is free', async () => {
    const store = await storeWithPools({ name: 'small', spec: { cidr: '10.8.0.0/25', blockSize: 26 } });
    const client = await start(store);
    await assign(client, 'node-a');
    await assign(client, 'node-b');
    const many = await assign(client, 'node-a', { count: 64 });
    expect(new Set(many).size).toBe(64);
    const blocks = (await store.list('IPAMBlock')).items;
    const borrowed = blocks.flatMap(({ spec }) =>
      allocationsOf(spec).filter(({ attributes }) => `host:${attributes.node}` !== spec.affinity),
    );
    expect(borrowed.length).toBe(1);
  });

  it('says that the pools are full, and keeps nothing of what it could not finish', async () => {
    const store = await storeWithPools({ name: 'tiny', spec: { cidr: '10.8.0.0/30', blockSize: 30 } });
    const client = await start(store);
    await assign(client, 'node-1', { count: 3 });
    await expect(assign(client, 'node-1', { count: 2, handle: 'margay.unlucky' })).rejects.toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
    });
    expect((await inUse(store)).length).toBe(3);
    await expect(assign(client, 'node-2')).resolves.toHaveLength(1);
  });

  it('gives a handle the same address again', async () => {
    const client = await start(await storeWithPools(POOL));
    const first = await assign(client, 'node-1', { handle: 'margay.same' });
    expect(await assign(client, 'node-1', { handle: 'margay.same' })).toEqual(first);
  });

  it('notes when an address was given', async () => {
    const store = await storeWithPools(POOL);
    await assign(await start(store), 'node-1');
    const [block] = (await store.list('IPAMBlock')).items;
    const [given] = block ? allocationsOf(block.spec) : [];
    expect(allocatedAtMs(given?.attributes ?? {})).toBeGreaterThan(0);
  });

  it('takes tunnel addresses from encapsulated pools only', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    await expect(assign(client, 'node-1', { use: 'USE_TUNNEL' })).rejects.toMatchObject({
      status: 'FAILED_PRECONDITION',
    });
    await store.create('IPPool', {
      metadata: { name: 'tunnelled' },
      spec: { cidr: '10.9.0.0/24', ipipMode: 'Always' },
    });
    await expect
      .poll(() => assign(client, 'node-1', { use: 'USE_TUNNEL' }).catch(() => ['']))
      .toEqual([expect.stringMatching(/^10\.9\.0\./)]);
  });

  it('takes a tunnel address and a first pod at the same time from one block', async () => {
    const store = await storeWithPools({ name: 'pool', spec: { ...POOL.spec, ipipMode: 'Always' } });
    const client = await start(store);
    await Promise.all([assign(client, 'node-1', { use: 'USE_TUNNEL' }), assign(client, 'node-1')]);
    expect((await store.list('IPAMBlock')).items.length).toBe(1);
  });

  it.each([
    [{ node: '' }, 'node is empty'],
    [{ handle: '' }, 'handle is empty'],
    [{ count: 0 }, 'count is 0, but must be 1 to 64'],
    [{ count: 65 }, 'count is 65, but must be 1 to 64'],
    [{ use: 'USE_UNSPECIFIED' as const }, 'use is USE_UNSPECIFIED'],
  ])('refuses %j', async (request, message) => {
    const client = await start(await storeWithPools(POOL));
    await expect(assign(client, 'node-1', request)).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });

  it('never gives an address twice and leaks none, though the API fails before and after writes', async () => {
    const store = await storeWithPools({ name: 'pool', spec: { cidr: '10.8.0.0/26', blockSize: 29 } });
    let calls = 0;
    const flaky = unreliable(store, () => (++calls % 3 === 0 ? 'before' : calls % 5 === 0 ? 'after' : undefined));
    const clients = [await start(flaky), await start(flaky)] as const;
    const held = new Map<string, string>();
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const client = clients[index % 2 === 0 ? 0 : 1];
        const handle = `margay.flaky-${index}`;
        const address = await assign(client, `node-${index % 5}`, { handle }).catch(() => undefined);
        if (address && index % 3 !== 0) {
          expect(held.has(address[0] as string)).toBe(false);
          held.set(address[0] as string, handle);
          return;
        }
        for (;;) {
          const done = await unary(client, 'releaseHandle', { handle }).then(
            () => true,
            () => false,
          );
          if (done) return;
        }
      }),
    );
    expect((await inUse(store)).sort()).toEqual([...held.keys()].sort());
  });
});

describe('releaseHandle', () => {
  it('frees the addresses, and again without complaint', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    const given = await assign(client, 'node-1', { handle: 'margay.h', count: 2 });
    expect((await unary(client, 'releaseHandle', { handle: 'margay.h' })).released.sort()).toEqual(given.sort());
    expect((await unary(client, 'releaseHandle', { handle: 'margay.h' })).released).toEqual([]);
  });

  it('frees what another process gave', async () => {
    const store = await storeWithPools(POOL);
    const given = await assign(await start(store), 'node-1', { handle: 'margay.h' });
    expect((await unary(await start(store), 'releaseHandle', { handle: 'margay.h' })).released).toEqual(given);
  });
});

describe('releaseAddresses', () => {
  it('frees an address only for the handle that has it', async () => {
    const client = await start(await storeWithPools(POOL));
    const [address = ''] = await assign(client, 'node-1', { handle: 'margay.now' });
    const wrong = await unary(client, 'releaseAddresses', { addresses: [{ address, handle: 'margay.before' }] });
    expect(wrong).toEqual({ released: [], unallocated: [address] });
    const right = await unary(client, 'releaseAddresses', {
      addresses: [{ address, handle: 'margay.now' }, { address: '192.0.2.1' }],
    });
    expect(right).toEqual({ released: [address], unallocated: ['192.0.2.1'] });
  });
});

describe('releaseNode', () => {
  it('frees all that a node held, and leaves what others borrowed from it', async () => {
    const store = await storeWithPools({ name: 'small', spec: { cidr: '10.8.0.0/29', blockSize: 30 } });
    const client = await start(store);
    await assign(client, 'gone', { count: 3 });
    await assign(client, 'stays', { count: 4 });
    const [borrowed] = await assign(client, 'stays');
    const { released, blocks } = await unary(client, 'releaseNode', { node: 'gone' });
    expect(released.length).toBe(3);
    expect(blocks.length).toBe(1);
    const left = (await store.list('IPAMBlock')).items;
    expect(
      left.find(({ spec }) => spec.affinity === undefined)?.spec.allocations.filter((each) => each !== null).length,
    ).toBe(1);
    expect(await inUse(store)).toContain(borrowed);
    expect((await store.list('BlockAffinity')).items.map(({ spec }) => spec.node)).toEqual(['stays']);
    await unary(client, 'releaseNode', { node: 'stays' });
    expect((await store.list('IPAMBlock')).items).toEqual([]);
  });
});
