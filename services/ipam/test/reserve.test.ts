import { allocatedAtMs, allocationsOf, reserveHandle } from '@margay/ipam-core';
import type { ResourceStore } from '@margay/ports';
import type { MemoryStore } from '@margay/testkit';
import { type RequestInput, type ServiceClient, unary } from '@margay/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { assign, startIpam, storeWithPools, unreliable } from './harness.ts';

type Ipam = ServiceClient<'margay.ipam.v1.Ipam'>;

const POOL = { name: 'pool', spec: { cidr: '10.8.0.0/22', blockSize: 26 } };

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function start(store: ResourceStore): Promise<Ipam> {
  const { client, stop } = await startIpam(store);
  running.push(stop);
  return client;
}

async function keep(
  client: Ipam,
  request: Partial<RequestInput<'margay.ipam.v1.Ipam', 'keepReserve'>> = {},
): Promise<{ reserve: string[]; refused: string[]; limit: number }> {
  const { reserve, refused, limit } = await unary(client, 'keepReserve', { node: 'node-1', count: 8, ...request });
  return { reserve: reserve.map(({ address }) => address), refused, limit };
}

async function holders(store: MemoryStore): Promise<Map<string, string | undefined>> {
  const { items } = await store.list('IPAMBlock');
  return new Map(items.flatMap(({ spec }) => allocationsOf(spec).map((each) => [each.address, each.handle] as const)));
}

describe('keepReserve', () => {
  it('claims no block for a node without pods', async () => {
    const store = await storeWithPools(POOL);
    expect(await keep(await start(store))).toEqual({ reserve: [], refused: [], limit: 0 });
    expect((await store.list('IPAMBlock')).items).toEqual([]);
  });

  it('puts addresses of the node aside, and gives them to nobody else', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    await assign(client, 'node-1');
    const { reserve } = await keep(client);
    expect(reserve.length).toBe(7);
    expect(await keep(client)).toMatchObject({ reserve });
    const others = await assign(client, 'node-1', { count: 50 });
    expect(others.filter((address) => reserve.includes(address))).toEqual([]);
  });

  it('notes who got an address, fills up, and frees what comes back, in one write', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    await assign(client, 'node-1');
    const { reserve } = await keep(client, { count: 2 });
    const [given = '', unused = ''] = reserve;
    const before = (await store.list('IPAMBlock')).items[0]?.metadata.resourceVersion;
    const attributes = { namespace: 'default', pod: 'a' };
    const handovers = [{ address: given, handle: 'margay.a', attributes }];
    const after = await keep(client, { count: 2, handovers, returns: [unused] });
    expect(after.refused).toEqual([]);
    expect(after.reserve).toHaveLength(2);
    expect(after.reserve).not.toContain(given);
    const block = (await store.list('IPAMBlock')).items[0];
    expect(Number(block?.metadata.resourceVersion)).toBe(Number(before) + 1);
    const owner = block && allocationsOf(block.spec).find(({ address }) => address === given);
    expect(owner).toMatchObject({ handle: 'margay.a', attributes: { ...attributes, node: 'node-1' } });
    expect(allocatedAtMs(owner?.attributes ?? {})).toBeGreaterThan(0);
    expect((await holders(store)).has(unused)).toBe(false);
    // A pod's address as any other: its handle frees it.
    expect(await unary(client, 'releaseHandle', { handle: 'margay.a' })).toEqual({ released: [given] });
  });

  it('refuses an address that another has, and takes one that was freed', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    const [taken = ''] = await assign(client, 'node-1');
    const { reserve } = await keep(client, { count: 1 });
    const [freed = ''] = reserve;
    await unary(client, 'releaseHandle', { handle: reserveHandle('node-1') });
    const handovers = [
      { address: taken, handle: 'margay.x' },
      { address: freed, handle: 'margay.y' },
      { address: '10.99.0.1', handle: 'margay.z' },
    ];
    expect((await keep(client, { handovers })).refused.toSorted()).toEqual(['10.99.0.1', taken].toSorted());
    expect((await holders(store)).get(freed)).toBe('margay.y');
  });

  it('puts nothing aside of a pool that was disabled, and tells the node to return what it has', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    await assign(client, 'node-1');
    const { reserve } = await keep(client);
    const pool = await store.get('IPPool', { name: 'pool' });
    if (!pool) throw new Error('no pool');
    await store.update('IPPool', { ...pool, spec: { ...pool.spec, disabled: true } });
    await expect.poll(async () => (await keep(client)).limit).toBe(0);
    expect((await keep(client, { returns: reserve })).reserve).toEqual([]);
    expect((await holders(store)).size).toBe(1);
  });

  it('puts nothing more aside once somebody got no address', async () => {
    const store = await storeWithPools({ name: 'small', spec: { cidr: '10.8.0.0/26', blockSize: 26 } });
    const client = await start(store);
    await assign(client, 'node-1');
    const { reserve } = await keep(client);
    expect(reserve).toHaveLength(7);
    await expect(assign(client, 'node-2', { count: 64 })).rejects.toMatchObject({ status: 'RESOURCE_EXHAUSTED' });
    expect(await keep(client)).toMatchObject({ reserve, limit: 0 });
    await keep(client, { returns: reserve });
    await assign(client, 'node-2', { count: 63 });
  });

  it('puts addresses aside again as soon as a pool is added to those that were exhausted', async () => {
    const store = await storeWithPools({ name: 'small', spec: { cidr: '10.8.0.0/26', blockSize: 26 } });
    const client = await start(store);
    await assign(client, 'node-1');
    await expect(assign(client, 'node-2', { count: 64 })).rejects.toMatchObject({ status: 'RESOURCE_EXHAUSTED' });
    expect(await keep(client)).toMatchObject({ reserve: [], limit: 0 });
    await store.create('IPPool', { metadata: { name: 'more' }, spec: { cidr: '10.9.0.0/24', blockSize: 26 } });
    await expect.poll(async () => (await keep(client)).reserve.length).toBe(7);
  });

  it('puts addresses aside as soon as a pool is enabled, though somebody got none before', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    await assign(client, 'node-1');
    const disable = (disabled: boolean): Promise<unknown> =>
      store.patch('IPPool', { name: 'pool' }, { spec: { disabled } });
    await disable(true);
    await expect
      .poll(() => assign(client, 'node-2').catch((error: { status: string }) => error.status))
      .toBe('FAILED_PRECONDITION');
    expect(await keep(client)).toMatchObject({ reserve: [], limit: 0 });
    await disable(false);
    await expect.poll(async () => (await keep(client)).reserve.length).toBe(7);
  });

  it('goes with its node', async () => {
    const store = await storeWithPools(POOL);
    const client = await start(store);
    await assign(client, 'node-1');
    await keep(client);
    await unary(client, 'releaseNode', { node: 'node-1' });
    expect((await holders(store)).size).toBe(0);
    expect((await store.list('IPAMBlock')).items).toEqual([]);
  });

  it('loses and doubles nothing, though two processes serve it and the API fails before and after writes', async () => {
    const store = await storeWithPools({ name: 'pool', spec: { cidr: '10.8.0.0/26', blockSize: 26 } });
    const seed = await start(store);
    await assign(seed, 'node-1', { handle: 'margay.first' });
    let calls = 0;
    const flaky = unreliable(store, () => (++calls % 3 === 0 ? 'before' : calls % 5 === 0 ? 'after' : undefined));
    const clients = [await start(flaky), await start(flaky)] as const;
    const given = new Map<string, string>();
    let ready: string[] = [];
    for (let round = 0; round < 40; round++) {
      const address = ready.shift();
      const handovers = [...given].map(([each, handle]) => ({ address: each, handle }));
      if (address !== undefined) {
        expect(given.has(address)).toBe(false);
        given.set(address, `margay.r${round}`);
        handovers.push({ address, handle: `margay.r${round}` });
      }
      const answer = await keep(clients[round % 2 === 0 ? 0 : 1], { handovers }).catch(() => undefined);
      if (!answer) continue;
      expect(answer.refused).toEqual([]);
      ready = answer.reserve;
    }
    const final = await keep(seed, { handovers: [...given].map(([address, handle]) => ({ address, handle })) });
    const held = await holders(store);
    for (const [address, handle] of given) expect(held.get(address)).toBe(handle);
    expect(held.size).toBe(given.size + final.reserve.length + 1);
    expect(given.size).toBeGreaterThan(10);
  });

  it.each([
    [{ node: '' }, 'node is empty'],
    [{ count: 65 }, 'count is 65, but must be 0 to 64'],
    [{ handovers: [{ address: '10.8.0.1', handle: '' }] }, 'handovers[0].handle is empty'],
    [{ handovers: [{ address: 'x', handle: 'h' }] }, 'handovers[0].address'],
    [{ returns: ['10.8.0.300'] }, 'returns[0]'],
  ])('refuses %j', async (request, message) => {
    const client = await start(await storeWithPools(POOL));
    await expect(keep(client, request)).rejects.toMatchObject({
      status: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });
});
