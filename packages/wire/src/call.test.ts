import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentials, Server, ServerCredentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  addService,
  CallError,
  createClient,
  duplexStream,
  type ServiceClient,
  type ServiceHandlers,
  type ServiceName,
  type ServiceOptions,
  serverStream,
  statusOf,
  unary,
} from './index.ts';

let server: Server;
let folder: string;
const clients: ServiceClient<ServiceName>[] = [];

beforeEach(() => {
  server = new Server();
  folder = mkdtempSync(join(tmpdir(), 'margay-wire-'));
});

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  server.forceShutdown();
  rmSync(folder, { recursive: true });
});

function connect<N extends ServiceName>(service: N, address: string): ServiceClient<N> {
  const client = createClient(service, address, { credentials: credentials.createInsecure() });
  clients.push(client);
  return client;
}

async function serve<N extends ServiceName>(
  service: N,
  handlers: ServiceHandlers<N>,
  options: ServiceOptions = {},
): Promise<ServiceClient<N>> {
  addService(server, service, handlers, options);
  const address = `unix:${join(folder, 'socket')}`;
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => (error ? reject(error) : resolve()));
  });
  return connect(service, address);
}

const noIpam: ServiceHandlers<'margay.ipam.v1.Ipam'> = {
  autoAssign: async () => ({}),
  keepReserve: async () => ({}),
  releaseHandle: async () => ({}),
  releaseAddresses: async () => ({}),
  releaseNode: async () => ({}),
};

class FullError extends Error {
  readonly code = 'POOL_FULL';
}

describe('unary', () => {
  it('brings the request to the handler and the response back, defaults filled in', async () => {
    const client = await serve('margay.ipam.v1.Ipam', {
      ...noIpam,
      autoAssign: async ({ node, count, use, attributes }) => ({
        assignments: [{ address: `${node}/${count}/${use}/${attributes.pod}` }],
      }),
    });
    const request = { node: 'n', handle: 'h', count: 2, use: 'USE_TUNNEL', attributes: { pod: 'p' } } as const;
    const response = await unary(client, 'autoAssign', request);
    expect(response).toEqual({ assignments: [{ address: 'n/2/USE_TUNNEL/p', block: '', pool: '' }] });
  });

  it('answers a thrown error with the status of its code, and INTERNAL for one outside the table', async () => {
    const failed: string[] = [];
    const client = await serve(
      'margay.ipam.v1.Ipam',
      {
        ...noIpam,
        autoAssign: () => Promise.reject(new FullError('no address is free')),
        releaseNode: () => Promise.reject(new Error('boom')),
      },
      { errors: { POOL_FULL: 'RESOURCE_EXHAUSTED' }, onError: (_, method) => failed.push(method) },
    );
    const full = await unary(client, 'autoAssign', {}).catch((error: unknown) => error);
    expect(full).toBeInstanceOf(CallError);
    expect(full).toMatchObject({ status: 'RESOURCE_EXHAUSTED', message: 'no address is free' });
    const broken = await unary(client, 'releaseNode', {}).catch((error: unknown) => error);
    expect(statusOf(broken)).toBe('INTERNAL');
    expect(failed).toEqual(['/margay.ipam.v1.Ipam/AutoAssign', '/margay.ipam.v1.Ipam/ReleaseNode']);
  });

  it('ends with the reason of its signal, and tells the handler', async () => {
    const started = Promise.withResolvers<AbortSignal>();
    const client = await serve('margay.ipam.v1.Ipam', {
      ...noIpam,
      autoAssign: async (_, { signal }) => {
        started.resolve(signal);
        await once(signal, 'abort');
        return {};
      },
    });
    const controller = new AbortController();
    const call = unary(client, 'autoAssign', {}, { signal: controller.signal });
    const handlerSignal = await started.promise;
    controller.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
    if (!handlerSignal.aborted) await once(handlerSignal, 'abort');
    expect(handlerSignal.aborted).toBe(true);
  });

  it('fails with DEADLINE_EXCEEDED when the answer does not come', async () => {
    const client = await serve('margay.ipam.v1.Ipam', {
      ...noIpam,
      autoAssign: async (_, { signal }) => {
        await once(signal, 'abort');
        return {};
      },
    });
    const error = await unary(client, 'autoAssign', {}, { timeoutMs: 50 }).catch((reason: unknown) => reason);
    expect(statusOf(error)).toBe('DEADLINE_EXCEEDED');
  });

  it('fails with UNAVAILABLE where nobody listens', async () => {
    const client = connect('margay.ipam.v1.Ipam', `unix:${join(folder, 'nobody')}`);
    const error = await unary(client, 'autoAssign', {}).catch((reason: unknown) => reason);
    expect(statusOf(error)).toBe('UNAVAILABLE');
  });

  it('notices a peer that no longer answers', async () => {
    const target = await serve('margay.ipam.v1.Ipam', noIpam);
    const path = join(folder, 'proxy');
    const sockets: Socket[] = [];
    const proxy = createServer((socket) => {
      const upstream = createConnection(target.address.slice('unix:'.length));
      sockets.push(socket, upstream);
      socket.pipe(upstream).pipe(socket);
    }).listen(path);
    await once(proxy, 'listening');
    const client = createClient('margay.ipam.v1.Ipam', `unix:${path}`, {
      credentials: credentials.createInsecure(),
      keepaliveMs: 100,
      keepaliveTimeoutMs: 100,
    });
    clients.push(client);
    await unary(client, 'autoAssign', {});
    // From here the connection stays open, and nothing passes: a host whose cable is out.
    for (const socket of sockets) socket.unpipe().pause();
    const error = await unary(client, 'autoAssign', {}, { timeoutMs: 8_000 }).catch((reason: unknown) => reason);
    expect(statusOf(error)).toBe('UNAVAILABLE');
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
});

describe('serverStream', () => {
  it('yields the messages in order and ends with the server', async () => {
    const client = await serve('margay.feed.v1.Feed', {
      subscribe: async ({ node }, writer) => {
        for (let revision = 1; revision <= 3; revision++) await writer.write({ epoch: node, revision });
      },
    });
    const seen: string[] = [];
    for await (const { epoch, revision } of serverStream(client, 'subscribe', { node: 'n' })) {
      seen.push(`${epoch}${revision}`);
    }
    expect(seen).toEqual(['n1', 'n2', 'n3']);
  });

  it('throws the status that the server ended with', async () => {
    const client = await serve('margay.feed.v1.Feed', {
      subscribe: async (_, writer) => {
        await writer.write({ revision: 1 });
        throw new CallError('UNAVAILABLE', 'not yet in sync');
      },
    });
    const iterate = async (): Promise<void> => {
      for await (const message of serverStream(client, 'subscribe', {})) void message;
    };
    const error = await iterate().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 'UNAVAILABLE', message: 'not yet in sync' });
  });

  it('holds the writer back while the reader does not read, and frees it when the reader leaves', async () => {
    let written = 0;
    const ended = Promise.withResolvers<unknown>();
    const client = await serve('margay.feed.v1.Feed', {
      subscribe: async (_, writer) => {
        try {
          for (;;) {
            await writer.write({ epoch: 'x'.repeat(100_000) });
            written++;
          }
        } catch (error) {
          ended.resolve(error);
          throw error;
        }
      },
    });
    for await (const message of serverStream(client, 'subscribe', {})) {
      expect(message.epoch).toHaveLength(100_000);
      // Wait until the writer has come to a stop.
      for (let before = -1; before !== written; ) {
        before = written;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      break;
    }
    expect(written).toBeLessThan(1_000);
    expect(await ended.promise).toMatchObject({ name: 'AbortError' });
  });

  it('ends with the reason of its signal', async () => {
    const client = await serve('margay.feed.v1.Feed', {
      subscribe: async (_, writer, { signal }) => {
        await writer.write({ revision: 1 });
        await once(signal, 'abort');
      },
    });
    const controller = new AbortController();
    const iterate = async (): Promise<void> => {
      for await (const message of serverStream(client, 'subscribe', {}, { signal: controller.signal })) {
        expect(message.revision).toBe(1);
        controller.abort(new Error('enough'));
      }
    };
    await expect(iterate()).rejects.toThrow('enough');
  });
});

describe('duplexStream', () => {
  it('carries messages both ways', async () => {
    const unused = (): Promise<never> => Promise.reject(new CallError('UNIMPLEMENTED', 'not here'));
    const client = await serve('margay.sim.v1.Simulator', {
      getStatus: unused,
      watchStart: unused,
      probe: unused,
      probeAll: unused,
      capture: unused,
      shutdown: unused,
      exec: async (inputs, writer) => {
        for await (const { stdin } of inputs) {
          if (stdin !== undefined) await writer.write({ stdout: Buffer.from(stdin).reverse() });
        }
        await writer.write({ exit: 3 });
      },
    });
    const call = duplexStream(client, 'exec');
    await call.write({ stdin: Buffer.from('abc') });
    call.end();
    const seen: unknown[] = [];
    for await (const { stdout, exit } of call.responses) seen.push(stdout?.toString() ?? exit);
    expect(seen).toEqual(['cba', 3]);
  });
});
