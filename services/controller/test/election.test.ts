import type { ResourceStore } from '@margay/ports';
import {
  addHealth,
  clientCredentials,
  createGrpcServer,
  createLogger,
  createMetrics,
  type Health,
} from '@margay/runtime';
import { createFakeClock, type FakeClock, MemoryStore } from '@margay/testkit';
import { createClient } from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createController } from '../src/create-controller.ts';

const NAMESPACE = 'margay-system';

let clock: FakeClock;
let store: MemoryStore;
let stop: (() => Promise<void>)[];
/** Who made which pool. */
let made: string[];

beforeEach(() => {
  clock = createFakeClock();
  store = new MemoryStore();
  made = [];
  stop = [];
});
afterEach(async () => {
  await Promise.all(stop.map((each) => each()));
});

/** The store as one process uses it: what it makes is noted. */
function noting(identity: string): ResourceStore {
  return new Proxy(store, {
    get: (target, name) => {
      if (name === 'create')
        return (kind: 'IPPool', object: Parameters<MemoryStore['create']>[1]) => {
          if (kind === 'IPPool') made.push(`${object.metadata.name} by ${identity}`);
          return target.create(kind, object as never);
        };
      return (Reflect.get(target, name) as () => unknown).bind(target);
    },
  });
}

function start(identity: string, pools: readonly string[]): { readonly health: Health; end(): Promise<void> } {
  const health = addHealth(createGrpcServer());
  const ipam = createClient('margay.ipam.v1.Ipam', '127.0.0.1:1', { credentials: clientCredentials() });
  const ending = new AbortController();
  const wanted = pools.map((name, index) => ({
    apiVersion: 'networking.margay.dev/v1',
    kind: 'IPPool',
    metadata: { name },
    spec: { cidr: `10.${index}.0.0/16` },
  }));
  const running = createController({
    store: noting(identity),
    ipam,
    pools: { wanted, namespace: NAMESPACE },
    election: { namespace: NAMESPACE, identity },
    leakGraceMs: 60_000,
    health,
    metrics: createMetrics(),
    clock,
    logger: createLogger({ name: 'controller', level: 'silent' }),
  }).run(ending.signal);
  const end = async (): Promise<void> => {
    ending.abort();
    await running;
    ipam.close();
  };
  stop.push(end);
  return { health, end };
}

describe('two controllers', () => {
  it('are both ready, and one of them makes the pools', async () => {
    const first = start('first', ['a', 'b']);
    await clock.advance(1_000);
    const second = start('second', ['a', 'b']);
    await clock.advance(60_000);
    expect([first.health.ready, second.health.ready]).toEqual([true, true]);
    expect(made).toEqual(['a by first', 'b by first']);
  });

  it('go on with the other when the leader ends, and remember what was made', async () => {
    const first = start('first', ['a']);
    await clock.advance(1_000);
    start('second', ['a', 'b']);
    await clock.advance(5_000);
    await store.delete('IPPool', { name: 'a' });
    await first.end();
    await clock.advance(5_000);
    expect(made).toEqual(['a by first', 'b by second']);
  });
});
