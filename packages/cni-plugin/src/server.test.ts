import { on, once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CniReply, decodeReply, decodeRequest, encodeRequest, MAX_STDIN_BYTES } from './protocol.ts';
import { type CniServer, type CniServerOptions, startCniServer } from './server.ts';

let directory: string;
let socketPath: string;
const servers: CniServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'margay-cni-'));
  socketPath = join(directory, 'run', 'cni.sock');
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(directory, { recursive: true });
});

async function serve(options: Partial<CniServerOptions> = {}): Promise<CniServer> {
  const handle: CniServerOptions['handle'] = async ({ stdin }) => ({ exitCode: 0, stdout: stdin });
  const server = await startCniServer({ socketPath, handle, ...options });
  servers.push(server);
  return server;
}

async function replyOf(socket: Socket): Promise<CniReply> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return decodeReply(Buffer.concat(chunks));
}

const REQUEST = encodeRequest({ environment: { CNI_COMMAND: 'ADD' }, stdin: '{}' });

describe('startCniServer', () => {
  it('makes a socket of its own user, and nothing beside it', async () => {
    await serve();
    expect(statSync(socketPath).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, 'run'))).toEqual(['cni.sock']);
  });

  it('makes it inside its directory: what is around may not be writable', async () => {
    const names: (string | null)[] = [];
    const changes = on(watch(directory), 'change', { signal: AbortSignal.timeout(5_000) });
    await serve();
    writeFileSync(join(directory, 'end'), '');
    for await (const [, name] of changes) {
      names.push(name as string | null);
      if (name === 'end') break;
    }
    expect([...new Set(names)].toSorted()).toEqual(['end', 'run']);
  });

  it('replaces what a dead agent left, and a running one; the old one leaves the new socket alone', async () => {
    const old = await serve();
    await serve({ handle: async () => ({ exitCode: 0, stdout: 'new' }) });
    await old.close();
    const socket = connect(socketPath);
    socket.write(REQUEST);
    expect(await replyOf(socket)).toEqual({ exitCode: 0, stdout: 'new' });
  });

  it('replaces a plain file', async () => {
    await (await serve()).close();
    writeFileSync(socketPath, '');
    await serve();
    expect(statSync(socketPath).isSocket()).toBe(true);
  });

  it('takes the socket away when it closes', async () => {
    await (await serve()).close();
    expect(readdirSync(join(directory, 'run'))).toEqual([]);
  });

  it('puts a request together that comes byte by byte', async () => {
    await serve();
    const socket = connect(socketPath);
    const reply = replyOf(socket);
    for (const byte of REQUEST) await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
    expect(await reply).toEqual({ exitCode: 0, stdout: '{}' });
  });

  it.each([
    { name: 'another version', bytes: change(REQUEST, 4, 9), msg: 'protocol version 9' },
    { name: 'a huge length', bytes: Buffer.from([255, 255, 255, 255]), msg: 'longer than' },
    { name: 'no end of the environment', bytes: Buffer.from([0, 0, 0, 3, 1, 67, 78]), msg: 'has no end' },
    { name: 'a foreign variable', bytes: encodeRequest({ environment: { PATH: '/' }, stdin: '' }), msg: "'PATH=/'" },
    { name: 'bytes after the frame', bytes: Buffer.concat([REQUEST, Buffer.of(0)]), msg: 'bytes follow' },
    { name: 'an empty frame', bytes: Buffer.from([0, 0, 0, 0]), msg: 'protocol version undefined' },
  ])('refuses $name with code 6', async ({ bytes, msg }) => {
    await serve();
    const socket = connect(socketPath);
    socket.write(bytes);
    const reply = await replyOf(socket);
    expect(reply.exitCode).toBe(1);
    expect(JSON.parse(reply.stdout)).toMatchObject({ code: 6, msg: expect.stringContaining(msg) });
  });

  it('cuts off a caller that does not finish its request', async () => {
    await serve({ requestTimeoutMs: 20 });
    const socket = connect(socketPath);
    socket.on('error', () => undefined);
    socket.write(REQUEST.subarray(0, 8));
    await once(socket, 'close');
    expect(socket.bytesRead).toBe(0);
  });

  it('answers with code 999 what the handler throws, and goes on', async () => {
    const errors: unknown[] = [];
    let calls = 0;
    await serve({
      onError: (error) => errors.push(error),
      handle: async () => {
        calls += 1;
        if (calls === 1) throw new Error('broken');
        return { exitCode: calls === 2 ? 256 : 0, stdout: '' };
      },
    });
    const replies: CniReply[] = [];
    for (let call = 0; call < 3; call++) {
      const socket = connect(socketPath);
      socket.write(REQUEST);
      replies.push(await replyOf(socket));
    }
    expect(replies.map(({ exitCode }) => exitCode)).toEqual([1, 1, 0]);
    expect(JSON.parse(replies[0]?.stdout ?? '')).toEqual({ code: 999, msg: 'broken' });
    expect(errors).toHaveLength(2);
  });

  it('aborts a running request when it closes, and still sends the answer', async () => {
    const arrived = Promise.withResolvers<void>();
    const server = await serve({
      handle: (_request, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve({ exitCode: 1, stdout: 'stopping' }), { once: true });
          arrived.resolve();
        }),
    });
    const socket = connect(socketPath);
    socket.write(REQUEST);
    const reply = replyOf(socket);
    await arrived.promise;
    await server.close();
    expect(await reply).toEqual({ exitCode: 1, stdout: 'stopping' });
  });
});

describe('decodeRequest', () => {
  it('is the inverse of encodeRequest', () => {
    const request = {
      environment: { CNI_COMMAND: 'ADD', CNI_ARGS: 'a=b;c=é', CNI_NETNS: '' },
      stdin: '{"é":"\u0000"}',
    };
    expect(decodeRequest(encodeRequest(request))).toEqual(request);
    const long = { environment: {}, stdin: 'x'.repeat(MAX_STDIN_BYTES) };
    expect(decodeRequest(encodeRequest(long))).toEqual(long);
  });
});

function change(bytes: Buffer, index: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[index] = value;
  return copy;
}
