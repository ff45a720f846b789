import type { Condition, IPPool } from '@margay/model';
import { type ResourceStore, StoreError } from '@margay/ports';
import { addHealth, clientCredentials, createGrpcServer, createLogger, createMetrics } from '@margay/runtime';
import { createFakeClock, type FakeClock, MemoryStore } from '@margay/testkit';
import { createClient } from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createController } from '../src/create-controller.ts';

let clock: FakeClock;
let store: MemoryStore;
let stop: (() => Promise<void>)[];
/** Writes of a status that the controllers tried, by the pool's name. */
let tried: string[];
/** How often a controller has looked at everything. */
let looks: number;

beforeEach(() => {
  clock = createFakeClock();
  store = new MemoryStore({ nowMs: () => clock.nowMs() });
  stop = [];
  tried = [];
  looks = 0;
});
afterEach(async () => {
  await Promise.all(stop.map((each) => each()));
});

/** The store as a controller uses it; `before` runs ahead of each write of a status. */
function noting(before: (name: string) => Promise<void>): ResourceStore {
  return new Proxy(store, {
    get: (target, property) => {
      if (property !== 'patch') return (Reflect.get(target, property) as () => unknown).bind(target);
      return async (...parameters: Parameters<MemoryStore['patch']>) => {
        const [, { name }, , options] = parameters;
        if (options?.subresource === 'status') {
          tried.push(name);
          await before(name);
        }
        return target.patch(...parameters);
      };
    },
  });
}

async function start({
  before = async () => {},
  identity,
}: {
  readonly before?: (name: string) => Promise<void>;
  readonly identity?: string;
} = {}): Promise<void> {
  const ending = new AbortController();
  const ipam = createClient('margay.ipam.v1.Ipam', '127.0.0.1:1', { credentials: clientCredentials() });
  const running = createController({
    store: noting(before),
    ipam,
    ...(identity !== undefined && { election: { namespace: 'margay-system', identity } }),
    leakGraceMs: 60_000,
    health: addHealth(createGrpcServer()),
    metrics: createMetrics(),
    clock: {
      ...clock,
      sleep: (ms, signal) => {
        // Each look ends with the wait for the next one.
        if (ms === 30_000) looks += 1;
        return clock.sleep(ms, signal);
      },
    },
    logger: createLogger({ name: 'controller', level: 'silent' }),
  }).run(ending.signal);
  stop.push(async () => {
    ending.abort();
    await running;
    ipam.close();
  });
  await settle();
}

/** Lets everything happen that needs no time; the clock stands, so that no look comes that is due anyway. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await clock.advance(0);
}

async function create(name: string, cidr: string, spec: Partial<IPPool['spec']> = {}): Promise<void> {
  await store.create('IPPool', { metadata: { name }, spec: { cidr, ...spec } });
  // The next one is younger.
  await clock.advance(1_000);
  await settle();
}

async function conditionsOf(name: string): Promise<Condition[]> {
  return (await store.get('IPPool', { name }))?.status?.conditions ?? [];
}

async function saidOf(name: string): Promise<string[]> {
  return (await conditionsOf(name)).map(({ type, status, reason }) => `${type} ${status} ${reason}`);
}

const OTHER: Condition = { type: 'example.com/Seen', status: 'True', reason: 'Seen', message: '' };

async function sayOther(name: string): Promise<void> {
  const conditions = [...(await conditionsOf(name)).filter(({ type }) => type !== OTHER.type), OTHER];
  await store.patch('IPPool', { name }, { status: { conditions } }, { subresource: 'status' });
}

describe('the status of a pool', () => {
  it('says whether addresses are taken from it, as soon as that is so', async () => {
    await start();
    await create('a', '10.8.0.0/16');
    await create('b', '10.8.9.0/24');
    expect(await saidOf('a')).toEqual(['Allocatable True Enabled']);
    expect(await saidOf('b')).toEqual(['Allocatable False Overlaps']);
    await store.patch('IPPool', { name: 'a' }, { spec: { disabled: true } });
    await settle();
    expect(await saidOf('a')).toEqual(['Allocatable False Disabled']);
    await store.delete('IPPool', { name: 'a' });
    await settle();
    expect(await saidOf('b')).toEqual(['Allocatable True Enabled']);
  });

  it('tells which spec was looked at, and when the answer changed', async () => {
    await start();
    await create('a', '10.8.0.0/16');
    const [first] = await conditionsOf('a');
    await clock.advance(60_000);
    await store.patch('IPPool', { name: 'a' }, { spec: { natOutgoing: true } });
    await settle();
    const [second] = await conditionsOf('a');
    await store.patch('IPPool', { name: 'a' }, { spec: { disabled: true } });
    await settle();
    const [third] = await conditionsOf('a');
    expect([first, second, third].map((each) => each?.observedGeneration)).toEqual([1, 2, 3]);
    expect([first, second, third].map((each) => each?.lastTransitionTime)).toEqual([
      '2030-01-01T00:00:00Z',
      '2030-01-01T00:00:00Z',
      '2030-01-01T00:01:01Z',
    ]);
  });

  it('is written only when it differs', async () => {
    await create('a', '10.8.0.0/16');
    await start();
    for (let scan = 0; scan < 5; scan += 1) await clock.advance(30_000);
    expect(looks).toBeGreaterThan(5);
    expect(tried).toEqual(['a']);
  });

  it('wakes nobody: neither what was written here nor what others say', async () => {
    await start();
    await create('a', '10.8.0.0/16');
    expect(await saidOf('a')).toEqual(['Allocatable True Enabled']);
    const before = looks;
    await sayOther('a');
    await store.patch('IPPool', { name: 'a' }, { metadata: { labels: { zone: 'one' } } });
    await settle();
    expect(looks).toBe(before);
    await store.patch('IPPool', { name: 'a' }, { spec: { natOutgoing: true } });
    await settle();
    expect(looks).toBe(before + 1);
  });

  it('is put right at once when somebody overwrites it', async () => {
    await start();
    await create('a', '10.8.0.0/16');
    await store.patch('IPPool', { name: 'a' }, { status: { conditions: null } }, { subresource: 'status' });
    await settle();
    expect(await saidOf('a')).toEqual(['Allocatable True Enabled']);
  });

  it('keeps the conditions of others, also one that comes in between', async () => {
    await start({ before: (name) => (tried.length === 1 ? sayOther(name) : Promise.resolve()) });
    await create('a', '10.8.0.0/16');
    expect(tried).toEqual(['a', 'a']);
    expect(await saidOf('a')).toEqual(['example.com/Seen True Seen', 'Allocatable True Enabled']);
  });

  it('is no matter of a pool that is deleted meanwhile, nor of one that was made again', async () => {
    await create('gone', '10.8.0.0/16');
    await create('again', '10.9.0.0/16');
    await create('z', '10.10.0.0/16');
    await start({
      before: async (name) => {
        if (name === 'z' || tried.length > 3) return;
        await store.delete('IPPool', { name });
        if (name === 'again') {
          await store.create('IPPool', { metadata: { name }, spec: { cidr: '10.9.0.0/16', disabled: true } });
        }
      },
    });
    expect(await store.get('IPPool', { name: 'gone' })).toBeUndefined();
    expect(await saidOf('again')).toEqual(['Allocatable False Disabled']);
    expect(await saidOf('z')).toEqual(['Allocatable True Enabled']);
  });

  it('does not hold up the rest when it may not be written', async () => {
    await start({
      before: (name) => (name === 'a' ? Promise.reject(new StoreError('FORBIDDEN', 'no')) : Promise.resolve()),
    });
    await create('a', '10.8.0.0/16');
    await create('b', '10.9.0.0/16');
    expect([await saidOf('a'), await saidOf('b')]).toEqual([[], ['Allocatable True Enabled']]);
  });

  it('is written by the leader alone', async () => {
    await start({ identity: 'first' });
    await start({ identity: 'second' });
    await create('a', '10.8.0.0/16');
    await clock.advance(60_000);
    expect(tried).toEqual(['a']);
  });
});
