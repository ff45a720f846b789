import { credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import type { FindEndpoints } from '@margay/ports';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addService, createClient, type ServiceClient, statusOf, unary } from '../index.ts';

const NOT_ASKED = (): Promise<never> => Promise.reject(new Error('not asked here'));

type Ipam = ServiceClient<'margay.ipam.v1.Ipam'>;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

/** A replica at an address of the loopback's network, on the port that all of them share. */
async function serve(host: string, port = 0): Promise<{ port: number; stop(): void }> {
  const server = new Server();
  addService(server, 'margay.ipam.v1.Ipam', {
    autoAssign: async () => ({ assignments: [{ address: host }] }),
    keepReserve: NOT_ASKED,
    releaseHandle: NOT_ASKED,
    releaseAddresses: NOT_ASKED,
    releaseNode: NOT_ASKED,
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, actual) =>
      error ? reject(error) : resolve(actual),
    );
  });
  closers.push(() => server.forceShutdown());
  return { port: bound, stop: () => server.forceShutdown() };
}

function connect(port: number, findEndpoints: FindEndpoints): Ipam {
  const client = createClient('margay.ipam.v1.Ipam', `kubernetes:///ipam.margay:${port}`, {
    credentials: credentials.createInsecure(),
    findEndpoints,
  });
  closers.push(() => client.close());
  return client;
}

/** Which replica answers. */
async function ask(client: Ipam): Promise<string> {
  const { assignments } = await unary(client, 'autoAssign', {}, { timeoutMs: 5_000 });
  return assignments[0]?.address ?? '';
}

const failure = (client: Ipam): Promise<unknown> => ask(client).catch((error: unknown) => error);

describe('a client of kubernetes:///SERVICE.NAMESPACE:PORT', () => {
  it('asks for the Service by name, and goes on to the next pod when one is gone', async () => {
    const first = await serve('127.0.0.2');
    const second = await serve('127.0.0.3', first.port);
    const replicas = new Map([
      ['127.0.0.2', first],
      ['127.0.0.3', second],
    ]);
    const find = vi.fn<FindEndpoints>(async () => [...replicas.keys()]);
    const client = connect(first.port, find);
    const used = await ask(client);
    expect(find.mock.calls[0]?.[0]).toEqual({ service: 'ipam', namespace: 'margay', port: first.port });
    // It is still listed: the API does not know yet.
    replicas.get(used)?.stop();
    await expect.poll(() => ask(client).catch(() => used)).not.toBe(used);
  });

  it('spreads clients over the pods', async () => {
    const { port } = await serve('127.0.0.2');
    await serve('127.0.0.3', port);
    const used = new Set<string>();
    for (let count = 0; count < 40 && used.size < 2; count++) {
      used.add(await ask(connect(port, async () => ['127.0.0.2', '127.0.0.3'])));
    }
    expect([...used].sort()).toEqual(['127.0.0.2', '127.0.0.3']);
  });

  it('says which Service has no ready pod, and finds one that has come', async () => {
    const { port } = await serve('127.0.0.2');
    let pods: string[] = [];
    const client = connect(port, async () => pods);
    const error = await failure(client);
    expect(statusOf(error)).toBe('UNAVAILABLE');
    expect(error).toMatchObject({ message: 'Service ipam in namespace margay has no ready pod' });
    pods = ['127.0.0.2'];
    await expect.poll(() => ask(client).catch(() => ''), { timeout: 5_000 }).toBe('127.0.0.2');
  });

  it('keeps to the last addresses while the API cannot be asked', async () => {
    const first = await serve('127.0.0.2');
    let isAway = false;
    let asked = 0;
    const client = connect(first.port, async () => {
      asked++;
      if (isAway) throw new Error('the API is away');
      return ['127.0.0.2'];
    });
    expect(await ask(client)).toBe('127.0.0.2');
    isAway = true;
    first.stop();
    const before = asked;
    await expect.poll(async () => statusOf(await failure(client))).toBe('UNAVAILABLE');
    await expect.poll(() => asked > before, { timeout: 5_000 }).toBe(true);
    expect(await failure(client)).toMatchObject({ message: expect.stringContaining('ipam') });
    await serve('127.0.0.2', first.port);
    await expect.poll(() => ask(client).catch(() => ''), { timeout: 8_000 }).toBe('127.0.0.2');
  });

  it('says why the pods are not known when it never knew them', async () => {
    const client = connect(7461, () => Promise.reject(new Error('endpointslices are forbidden')));
    expect(await failure(client)).toMatchObject({
      message: 'the pods of Service ipam in namespace margay cannot be found: endpointslices are forbidden',
    });
  });

  it('asks at most once a second, however much fails', async () => {
    const times: number[] = [];
    const client = connect(1, async () => {
      times.push(performance.now());
      return ['127.0.0.2'];
    });
    await expect
      .poll(
        async () => {
          await failure(client);
          return times.length;
        },
        { timeout: 8_000, interval: 20 },
      )
      .toBeGreaterThan(2);
    for (const [index, time] of times.slice(1).entries()) expect(time - (times[index] ?? 0)).toBeGreaterThan(990);
  });

  it('refuses an address that is none, and one that it cannot look up', () => {
    const options = { credentials: credentials.createInsecure() };
    expect(() => createClient('margay.ipam.v1.Ipam', 'kubernetes:///ipam:1', options)).toThrow(/SERVICE\.NAMESPACE/);
    expect(() => createClient('margay.ipam.v1.Ipam', 'kubernetes:///a.b:70000', options)).toThrow(/SERVICE/);
    expect(() => createClient('margay.ipam.v1.Ipam', 'kubernetes:///a.b:1', options)).toThrow(/write HOST:PORT/);
  });
});
