import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { checked, inNamespace, libc } from '@margay/kernel-linux';
import type { Logger } from '@margay/ports';
import { namespacePath, OUTSIDE } from './places.ts';

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;

/** Ports at which the outside host answers. */
export const WITNESS_PORT = 80;

/**
 * The outside host's answer to everyone who connects: the source address that
 * it sees, as one line, over TCP and UDP. Ping is answered by the kernel. The
 * sockets are opened in the outside host's namespace and served from here, so
 * that this takes no process of its own.
 */
export function startWitness(logger: Logger): Disposable {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(`${socket.remoteAddress?.replace(/^::ffff:/, '')}\n`);
    socket.resume();
  });
  server.on('error', (error) => logger.warn({ reason: error.message }, 'The outside host does not answer TCP'));
  server.listen({ fd: openSocket(SOCK_STREAM) });
  const udp = createSocket('udp4');
  udp.on('message', (_, { address, port }) => udp.send(`${address}\n`, port, address));
  udp.on('error', (error) => logger.warn({ reason: error.message }, 'The outside host does not answer UDP'));
  udp.bind({ fd: openSocket(SOCK_DGRAM) });
  return {
    [Symbol.dispose]: () => {
      server.close();
      udp.close();
    },
  };
}

/** A socket of the outside host, bound to the port on every address. */
function openSocket(type: number): number {
  return inNamespace(namespacePath(OUTSIDE), () => {
    const { socket, bind, setsockopt } = libc();
    const fd = checked(socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), 'open a socket of the outside host');
    const one = new Uint8Array(new Int32Array([1]).buffer);
    checked(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, one, one.length), 'set SO_REUSEADDR');
    checked(bind(fd, anyAddress(WITNESS_PORT), 16), `bind port ${WITNESS_PORT} of the outside host`);
    return fd;
  });
}

/** struct sockaddr_in of 0.0.0.0: the family in the machine's byte order, the port in the network's. */
function anyAddress(port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  bytes.set(new Uint8Array(new Uint16Array([AF_INET]).buffer));
  new DataView(bytes.buffer).setUint16(2, port);
  return bytes;
}
