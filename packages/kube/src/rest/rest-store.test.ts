import { createFakeClock, type FakeClock } from '@margay/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { RequestLimits } from './request-limits.ts';
import { RestStore } from './rest-store.ts';
import type { TransportRequest, TransportResponse } from './transport.ts';

let clock: FakeClock;
let asked: TransportRequest[];

beforeEach(() => {
  clock = createFakeClock();
  asked = [];
});

function answer(status: number, body: object, more: Partial<TransportResponse> = {}): TransportResponse {
  const text = JSON.stringify(body);
  return {
    status,
    text: async () => text,
    async *chunks() {
      yield Buffer.from(text);
    },
    ...more,
  };
}

function storeWith(send: (request: TransportRequest) => TransportResponse | Promise<TransportResponse>): RestStore {
  const limits = new RequestLimits({ qps: 1, burst: 1, concurrency: 1, clock });
  const transport = {
    send: async (request: TransportRequest): Promise<TransportResponse> => {
      asked.push(request);
      return send(request);
    },
  };
  return new RestStore({ transport, limits, clock });
}

const tooMany = (): TransportResponse => answer(429, { kind: 'Status', code: 429 }, { retryAfterSeconds: 2 });

describe('RestStore', () => {
  it('comes back when the server says so, and no earlier', async () => {
    const store = storeWith(() => (asked.length < 3 ? tooMany() : answer(200, { metadata: { name: 'a' } })));
    const found = store.get('Node', { name: 'a' });
    await clock.advance(1_900);
    expect(asked).toHaveLength(1);
    await clock.advance(10_000);
    expect(asked).toHaveLength(3);
    expect((await found)?.metadata.name).toBe('a');
  });

  it('gives up after ten times', async () => {
    const store = storeWith(tooMany);
    const found = store.get('Node', { name: 'a' }).catch((error: unknown) => error);
    await clock.advance(60_000);
    expect(await found).toMatchObject({ code: 'UNAVAILABLE' });
    expect(asked).toHaveLength(11);
  });

  it('lets no Lease wait for its turn', async () => {
    const busy = Promise.withResolvers<TransportResponse>();
    const store = storeWith(({ path }) => (path.includes('/leases/') ? answer(200, { metadata: {} }) : busy.promise));
    const stuck = store.get('Node', { name: 'a' });
    const waiting = store.get('Node', { name: 'b' });
    for (let count = 0; count < 20; count++) await store.get('Lease', { namespace: 'n', name: 'l' });
    expect(asked.filter(({ path }) => path.includes('/leases/'))).toHaveLength(20);
    expect(asked).toHaveLength(21);
    busy.resolve(answer(200, { metadata: {} }));
    await stuck;
    await clock.advance(2_000);
    await waiting;
  });

  it('asks for watches that do not all end at one time', async () => {
    const store = storeWith(() => answer(200, { type: 'BOOKMARK', object: { metadata: { resourceVersion: '8' } } }));
    for (let count = 0; count < 20; count++) {
      const { signal } = new AbortController();
      const watching = (async () => {
        for await (const event of store.watch('Node', { resourceVersion: '7', signal })) void event;
      })();
      await clock.advance(1_000);
      await watching;
    }
    const seconds = asked.map(({ path }) => Number(new URLSearchParams(path.split('?')[1]).get('timeoutSeconds')));
    expect(Math.min(...seconds)).toBeGreaterThanOrEqual(240);
    expect(Math.max(...seconds)).toBeLessThanOrEqual(480);
    expect(new Set(seconds).size).toBeGreaterThan(1);
  });
});
