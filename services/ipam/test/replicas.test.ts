import { once } from 'node:events';
import { allocationsOf } from '@margay/ipam-core';
import type { ResourceStore } from '@margay/ports';
import type { MemoryStore } from '@margay/testkit';
import { type RequestInput, type ResponseOf, type ServiceClient, unary } from '@margay/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { assign, startIpam, storeWithPools } from './harness.ts';

type Ipam = ServiceClient<'margay.ipam.v1.Ipam'>;

const POOL = { name: 'pool', spec: { cidr: '10.8.0.0/24', blockSize: 26 } };

const running: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

async function start(store: ResourceStore): Promise<Ipam> {
  const { client, stop } = await startIpam(store);
  running.push(stop);
  return client;
}

/** A store whose watches bring nothing: who uses it knows what it has listed, and what its own writes tell it. */
function blind(store: MemoryStore): ResourceStore {
  return {
    get: (kind, ref) => store.get(kind, ref),
    list: (kind, options) => store.list(kind, options),
    create: (kind, object) => store.create(kind, object),
    update: (kind, object) => store.update(kind, object),
    patch: (kind, ref, patch, options) => store.patch(kind, ref, patch, options),
    delete: (kind, ref, preconditions) => store.delete(kind, ref, preconditions),
    watch: (_, { signal }) => ({
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          if (!signal.aborted) await once(signal, 'abort');
          return { done: true, value: undefined };
        },
      }),
    }),
  };
}

function keep(
  client: Ipam,
  request: Partial<RequestInput<'margay.ipam.v1.Ipam', 'keepReserve'>> = {},
): Promise<ResponseOf<'margay.ipam.v1.Ipam', 'keepReserve'>> {
  return unary(client, 'keepReserve', { node: 'node-1', count: 4, ...request });
}

/** Who has which address, as the API says. */
async function holders(store: MemoryStore): Promise<Map<string, string>> {
  const { items } = await store.list('IPAMBlock');
  return new Map(
    items.flatMap(({ spec }) =>
      allocationsOf(spec).map(({ address, handle = '' }) => [address as string, handle] as const),
    ),
  );
}

// A node speaks to one process, then to the other, which has not yet seen what the first one wrote.
describe('a process whose watch is behind', () => {
  it('never offers an address as ready that the other noted for a pod', async () => {
    const store = await storeWithPools(POOL);
    const fresh = await start(store);
    await assign(fresh, 'node-1');
    const { reserve } = await keep(fresh);
    const behind = await start(blind(store));
    const address = reserve[0]?.address ?? '';
    await keep(fresh, { handovers: [{ address, handle: 'margay.pod' }], count: 0 });
    const answer = await keep(behind);
    expect(answer.reserve).toHaveLength(4);
    expect(answer.reserve.map((each) => each.address)).not.toContain(address);
  });

  it('takes a handover of an address that the other put aside', async () => {
    const store = await storeWithPools(POOL);
    const fresh = await start(store);
    await assign(fresh, 'node-1');
    const behind = await start(blind(store));
    const { reserve } = await keep(fresh);
    const address = reserve[0]?.address ?? '';
    const { refused } = await keep(behind, { handovers: [{ address, handle: 'margay.pod' }], count: 0 });
    expect(refused).toEqual([]);
    expect((await holders(store)).get(address)).toBe('margay.pod');
  });

  it('does not answer with an address that was freed and given to somebody else meanwhile', async () => {
    const store = await storeWithPools({ name: 'pool', spec: { cidr: '10.8.0.0/30', blockSize: 30 } });
    const fresh = await start(store);
    const [address] = await assign(fresh, 'node-1', { handle: 'margay.a' });
    const behind = await start(blind(store));
    await unary(fresh, 'releaseHandle', { handle: 'margay.a' });
    const others = await assign(fresh, 'node-1', { handle: 'margay.others', count: 4 });
    expect(others).toContain(address);
    await expect(assign(behind, 'node-1', { handle: 'margay.a' })).rejects.toMatchObject({
      status: 'RESOURCE_EXHAUSTED',
    });
  });

  it('does not say that all is given while the other has freed some', async () => {
    const store = await storeWithPools({ name: 'pool', spec: { cidr: '10.8.0.0/30', blockSize: 30 } });
    const fresh = await start(store);
    await assign(fresh, 'node-1', { handle: 'margay.all', count: 4 });
    const behind = await start(blind(store));
    await unary(fresh, 'releaseHandle', { handle: 'margay.all' });
    expect(await assign(behind, 'node-1')).toHaveLength(1);
  });

  it('does not take a block for another node’s that is gone', async () => {
    const store = await storeWithPools({ name: 'pool', spec: { cidr: '10.8.0.0/30', blockSize: 30 } });
    const fresh = await start(store);
    await assign(fresh, 'node-1', { count: 4 });
    const behind = await start(blind(store));
    await unary(fresh, 'releaseNode', { node: 'node-1' });
    expect(await assign(behind, 'node-2')).toHaveLength(1);
    expect((await store.list('IPAMBlock')).items.map(({ spec }) => spec.affinity)).toEqual(['host:node-2']);
  });

  it('gives the same address to a caller that lost the answer of the other', async () => {
    const store = await storeWithPools(POOL);
    const behind = await start(blind(store));
    const fresh = await start(store);
    const first = await assign(fresh, 'node-1', { handle: 'margay.a' });
    expect(await assign(behind, 'node-1', { handle: 'margay.a' })).toEqual(first);
  });

  it('frees what the other gave, by handle, by address and by node', async () => {
    const store = await storeWithPools(POOL);
    const behind = await start(blind(store));
    const fresh = await start(store);
    await assign(fresh, 'node-1', { handle: 'margay.a' });
    const { released } = await unary(behind, 'releaseHandle', { handle: 'margay.a' });
    expect(released).toHaveLength(1);
    const [second = ''] = await assign(fresh, 'node-1', { handle: 'margay.b' });
    const byAddress = await unary(behind, 'releaseAddresses', { addresses: [{ address: second, handle: 'margay.b' }] });
    expect(byAddress.released).toEqual([second]);
    await assign(fresh, 'node-1', { handle: 'margay.c' });
    const byNode = await unary(behind, 'releaseNode', { node: 'node-1' });
    expect(byNode.released).toHaveLength(1);
    expect(await holders(store)).toEqual(new Map());
  });

  it('frees what was given while it was reading all blocks for somebody else', async () => {
    const store = await storeWithPools(POOL);
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    let isHeld = false;
    const slow: ResourceStore = {
      ...blind(store),
      list: async (kind, options) => {
        const list = await store.list(kind, options);
        if (isHeld && kind === 'IPAMBlock') {
          isHeld = false;
          reached.resolve();
          await gate.promise;
        }
        return list;
      },
    };
    const behind = await start(slow);
    const fresh = await start(store);
    isHeld = true;
    const unknown = unary(behind, 'releaseHandle', { handle: 'margay.nobody' });
    await reached.promise;
    await assign(fresh, 'node-1', { handle: 'margay.a' });
    const releasing = unary(behind, 'releaseHandle', { handle: 'margay.a' });
    gate.resolve();
    await unknown;
    expect((await releasing).released).toHaveLength(1);
  });
});

describe('two processes', () => {
  it('serve hundreds of calls of a few nodes over one another, and give no address twice', async () => {
    const store = await storeWithPools({ name: 'pool', spec: { cidr: '10.8.0.0/22', blockSize: 28 } });
    const clients = [await start(store), await start(blind(store))] as const;
    const kept = new Map<string, string>();
    const lives = Array.from({ length: 200 }, async (_, index) => {
      const [one, other] = index % 2 === 0 ? clients : ([clients[1], clients[0]] as const);
      const handle = `margay.life-${index}`;
      const [address = ''] = await assign(one, `node-${index % 5}`, { handle });
      if (index % 3 === 0) return void (await unary(other, 'releaseHandle', { handle }));
      // Asked again at the other: the same.
      expect(await assign(other, `node-${index % 5}`, { handle })).toEqual([address]);
      kept.set(handle, address);
    });
    await Promise.all(lives);
    const held = await holders(store);
    expect(new Set(kept.values()).size).toBe(kept.size);
    for (const [handle, address] of kept) expect(held.get(address)).toBe(handle);
    expect(held.size).toBe(kept.size);
  });
});
