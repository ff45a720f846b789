import { chmod, mkdir, mkdtemp, rename, rmdir, stat, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import {
  CniProtocolError,
  type CniReply,
  type CniRequest,
  decodeRequest,
  encodeReply,
  MAX_STDOUT_BYTES,
  requestFrameBytes,
} from './protocol.ts';

export interface CniServerOptions {
  /** At most 107 bytes. A socket that is there is replaced, in one step. */
  readonly socketPath: string;
  /** The signal aborts when the caller hangs up or the server closes. */
  readonly handle: (request: CniRequest, signal: AbortSignal) => Promise<CniReply>;
  /** A caller that has not sent its request by then is cut off. */
  readonly requestTimeoutMs?: number;
  /** Told of what `handle` threw; its caller got CNI code 999. */
  readonly onError?: (error: unknown) => void;
}

export interface CniServer {
  readonly socketPath: string;
  /** False once a later server owns the path, or nobody does: callers do not come here any more. */
  ownsPath(): Promise<boolean>;
  /** Stops listening, aborts what runs, waits for its replies. The socket goes, unless a later server owns the path. */
  close(): Promise<void>;
}

/**
 * Listens for the plugin executable. Requests run concurrently. The socket has
 * mode 0600 from its first moment: it is made in a directory that only its
 * owner can enter, then renamed into place, so that a restart leaves no
 * instant without a socket either.
 *
 * Rejects with the system's error when the socket cannot be made.
 */
export async function startCniServer(options: CniServerOptions): Promise<CniServer> {
  const { socketPath } = options;
  const running = new Set<Promise<void>>();
  const stop = new AbortController();
  const server = createServer((socket) => {
    const work = serve(socket, options, stop.signal);
    running.add(work);
    void work.finally(() => running.delete(work));
  });
  const inode = await listen(server, socketPath);
  return {
    socketPath,
    ownsPath: async () => (await inodeOf(socketPath)) === inode,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      stop.abort(new Error('the agent is stopping'));
      if ((await inodeOf(socketPath)) === inode) await unlink(socketPath);
      await Promise.all(running);
      await closed;
    },
  };
}

async function listen(server: Server, socketPath: string): Promise<bigint | undefined> {
  const directory = dirname(socketPath);
  await mkdir(directory, { recursive: true });
  // Inside: the directory may be a mount of the node's, with nothing writable around it.
  const staging = await mkdtemp(join(directory, '.new-'));
  const staged = join(staging, 's');
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ path: staged, backlog: 4096 }, () => {
        server.off('error', reject);
        resolve();
      });
    });
    await chmod(staged, 0o600);
    const inode = await inodeOf(staged);
    await rename(staged, socketPath);
    return inode;
  } catch (error) {
    server.close();
    throw error;
  } finally {
    await rmdir(staging);
  }
}

async function inodeOf(path: string): Promise<bigint | undefined> {
  try {
    return (await stat(path, { bigint: true })).ino;
  } catch {
    return undefined;
  }
}

/** Never rejects: whatever goes wrong with one caller is that caller's answer. */
async function serve(socket: Socket, options: CniServerOptions, stop: AbortSignal): Promise<void> {
  const hungUp = new AbortController();
  const closed = new Promise<void>((resolve) => {
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      hungUp.abort(new Error('the caller hung up'));
      resolve();
    });
  });
  socket.setTimeout(options.requestTimeoutMs ?? 10_000, () => socket.destroy());
  const signal = AbortSignal.any([hungUp.signal, stop]);
  const reply = await answer(socket, options, signal);
  if (reply) socket.end(encodeReply(reply));
  else socket.destroy();
  socket.resume();
  socket.setTimeout(1_000, () => socket.destroy());
  await closed;
}

/** Undefined when there is nobody to answer. */
async function answer(socket: Socket, options: CniServerOptions, signal: AbortSignal): Promise<CniReply | undefined> {
  try {
    const bytes = await readRequest(socket, signal);
    if (!bytes) return undefined;
    socket.setTimeout(0);
    const reply = await options.handle(decodeRequest(bytes), signal);
    if (!Number.isInteger(reply.exitCode) || reply.exitCode < 0 || reply.exitCode > 255) {
      throw new RangeError(`${reply.exitCode} is not an exit code`);
    }
    if (Buffer.byteLength(reply.stdout) > MAX_STDOUT_BYTES) {
      throw new RangeError(`the answer is longer than ${MAX_STDOUT_BYTES} bytes`);
    }
    return reply;
  } catch (error) {
    if (error instanceof CniProtocolError) return failure(6, error.message);
    options.onError?.(error);
    return failure(999, error instanceof Error ? error.message : String(error));
  }
}

function failure(code: number, message: string): CniReply {
  return { exitCode: 1, stdout: `${JSON.stringify({ code, msg: message })}\n` };
}

/** One whole frame; undefined when the caller went away before its end. */
function readRequest(socket: Socket, signal: AbortSignal): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    let expected: number | undefined;
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      try {
        expected ??= requestFrameBytes(Buffer.concat(chunks));
        if (expected !== undefined && length > expected) {
          throw new CniProtocolError('MALFORMED', 'bytes follow the request');
        }
      } catch (error) {
        reject(error);
        return;
      }
      if (length === expected) resolve(Buffer.concat(chunks));
    });
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    if (signal.aborted) resolve(undefined);
  });
}
