import { Socket } from 'node:net';
import type { NetworkNamespace } from '../native/namespace.ts';
import { READABLE, type Reactor } from '../native/reactor.ts';
import { acceptConnection, bindSocket, closeSocket, hasBytes, listenSocket, openSocket } from '../native/socket.ts';
import type { Listener } from './listener.ts';

/** Connections that may wait; the kernel's own limit is this too. */
const BACKLOG = 4096;
/**
 * Connections taken in one turn. As many as may arrive in one: a queue that
 * runs over costs a client a second, which reads as a denied probe.
 */
const BATCH = 1024;
const HTTP_METHODS = ['GET ', 'HEAD ', 'POST ', 'PUT ', 'DELETE ', 'OPTIONS ', 'PATCH '];
/** Enough to tell every method from other bytes. */
const LONGEST_METHOD = 8;

/**
 * Echoes what a client sends; a client that speaks HTTP gets one short answer
 * with the pod's name, so that `curl` works.
 *
 * @throws {SystemCallError} `EADDRINUSE`: the port is taken;
 *   `EPROTONOSUPPORT`: the kernel lacks the protocol.
 */
export function listenStreamEcho(
  port: number,
  context: {
    readonly namespace: NetworkNamespace;
    readonly reactor: Reactor;
    readonly protocol: 'tcp' | 'sctp';
    /** What an HTTP client is told. */
    readonly name: string;
  },
): Listener {
  const { reactor } = context;
  const fd = context.namespace.run(() => openSocket(context.protocol));
  try {
    bindSocket(fd, '0.0.0.0', port);
    listenSocket(fd, BACKLOG);
  } catch (error) {
    closeSocket(fd);
    throw error;
  }
  // Most connections are probes that never say a word: they stay bare
  // descriptors, and only one that speaks becomes a stream of Node's.
  const silent = new Set<number>();
  const sockets = new Set<Socket>();
  const onFirstEvent = (connection: number): void => {
    reactor.remove(connection);
    silent.delete(connection);
    if (!hasBytes(connection)) {
      closeSocket(connection);
      return;
    }
    const socket = new Socket({ fd: connection, readable: true, writable: true, allowHalfOpen: true });
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    serve(socket, context.name);
  };
  reactor.add(fd, READABLE, () => {
    for (let count = 0; count < BATCH; count += 1) {
      const connection = acceptConnection(fd);
      if (connection === undefined) return;
      silent.add(connection);
      reactor.add(connection, READABLE, () => onFirstEvent(connection));
    }
  });
  return {
    close: () => {
      reactor.remove(fd);
      closeSocket(fd);
      for (const connection of silent) {
        reactor.remove(connection);
        closeSocket(connection);
      }
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Holds the first bytes back until they are an HTTP method or cannot be one. */
function serve(socket: Socket, name: string): void {
  let head = Buffer.alloc(0);
  const echo = (): void => {
    socket.off('data', onData);
    socket.off('end', onEnd);
    if (head.length > 0) socket.write(head);
    socket.pipe(socket);
  };
  const onEnd = (): void => {
    socket.end(head);
  };
  const onData = (bytes: Buffer): void => {
    head = Buffer.concat([head, bytes]);
    const text = head.toString('latin1', 0, LONGEST_METHOD);
    if (HTTP_METHODS.some((method) => text.startsWith(method))) {
      if (!head.includes('\r\n\r\n') && head.length < 65_536) return;
      socket.off('data', onData);
      socket.resume();
      socket.end(httpAnswer(name, text.startsWith('HEAD ')));
      return;
    }
    if (!HTTP_METHODS.some((method) => method.startsWith(text))) echo();
  };
  socket.on('data', onData);
  socket.on('end', onEnd);
}

function httpAnswer(name: string, headersOnly: boolean): string {
  const body = `${name}\n`;
  const headers = [
    'HTTP/1.1 200 OK',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${headers.join('\r\n')}\r\n\r\n${headersOnly ? '' : body}`;
}
