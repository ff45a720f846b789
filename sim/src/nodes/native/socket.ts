import { calls, checked, ERRNO, lastErrno } from './libc.ts';

// Numbers of the Linux user interface (uapi headers); the same on amd64 and arm64.
const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const IPPROTO_IP = 0;
const IPPROTO_ICMP = 1;
const IPPROTO_SCTP = 132;
const SOL_SOCKET = 1;
const SO_REUSEADDR = 2;
const SO_ERROR = 4;
const SO_RCVBUF = 8;
const SO_LINGER = 13;
const SO_RCVBUFFORCE = 33;
const IP_PKTINFO = 8;
const IP_RECVERR = 11;
const MSG_PEEK = 2;
const CONNECT_TRIES = 3;

export type SocketProtocol = 'tcp' | 'udp' | 'sctp' | 'icmp';

/**
 * A non-blocking IPv4 socket in the thread's current namespace.
 *
 * @throws {SystemCallError} `EPROTONOSUPPORT` or `ESOCKTNOSUPPORT`: the kernel lacks the protocol.
 */
export function openSocket(protocol: SocketProtocol): number {
  const stream = protocol === 'tcp' || protocol === 'sctp';
  const type = (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
  const number = protocol === 'sctp' ? IPPROTO_SCTP : protocol === 'icmp' ? IPPROTO_ICMP : 0;
  return checked(`${protocol} socket`, calls.socket(AF_INET, type, number));
}

/** `struct sockaddr_in`. */
function socketAddress(address: string, port: number): Buffer {
  const bytes = Buffer.alloc(16);
  bytes.writeUInt16LE(AF_INET, 0);
  bytes.writeUInt16BE(port, 2);
  address.split('.').forEach((part, index) => {
    bytes[4 + index] = Number(part);
  });
  return bytes;
}

export function bindSocket(fd: number, address: string, port: number): void {
  setOption(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  checked('bind', calls.bind(fd, socketAddress(address, port), 16));
}

export function listenSocket(fd: number, backlog: number): void {
  checked('listen', calls.listen(fd, backlog));
}

/**
 * Begins to connect.
 *
 * Between the call and the reading of errno the JavaScript engine may run
 * calls of its own, which seldom, on a busy machine, leave another errno. One
 * that connect(2) does not give for such a socket is therefore asked again:
 * a connection under way says so, and one that cannot be says why.
 *
 * @returns 0 when it is connected or on its way, else the errno.
 */
export function beginConnect(fd: number, address: string, port: number): number {
  const bytes = socketAddress(address, port);
  let errno = 0;
  for (let attempt = 0; attempt < CONNECT_TRIES; attempt += 1) {
    if (calls.connect(fd, bytes, bytes.length) === 0) return 0;
    errno = lastErrno();
    if (errno === ERRNO.EINPROGRESS || errno === ERRNO.EALREADY || errno === ERRNO.EISCONN) return 0;
    if (errno !== ERRNO.EAGAIN && errno !== ERRNO.EINTR && errno !== 0) return errno;
  }
  return errno;
}

/** Undefined: nobody waits, or the connection was gone before it was taken. */
export function acceptConnection(fd: number): number | undefined {
  const connection = calls.accept(fd, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
  return connection < 0 ? undefined : connection;
}

/** False: the peer has closed or reset, or nothing has come yet. */
export function hasBytes(fd: number): boolean {
  return Number(calls.recv(fd, Buffer.alloc(1), 1, MSG_PEEK)) > 0;
}

/** ICMP errors are queued on the socket with their type and code (ip(7)). */
export function reportIcmpErrors(fd: number): void {
  setOption(fd, IPPROTO_IP, IP_RECVERR, 1);
}

/** Each datagram is received with the address that it was sent to (ip(7)). */
export function reportDestination(fd: number): void {
  setOption(fd, IPPROTO_IP, IP_PKTINFO, 1);
}

/** As far as the kernel allows; no error when it does not. */
export function growReceiveBuffer(fd: number, bytes: number): void {
  const value = Buffer.alloc(4);
  value.writeInt32LE(bytes);
  // Beyond the system's limit, which a simulation without root may not pass.
  if (calls.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, value, 4) < 0)
    calls.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, value, 4);
}

/** Closing resets the connection, so that no port is left waiting. */
export function resetOnClose(fd: number): void {
  const linger = Buffer.alloc(8);
  linger.writeInt32LE(1, 0);
  checked('setsockopt', calls.setsockopt(fd, SOL_SOCKET, SO_LINGER, linger, 8));
}

/** The error that the socket met, as a number; 0 for none. Reading clears it. */
export function takeError(fd: number): number {
  const value = Buffer.alloc(4);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(4);
  checked('getsockopt', calls.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, length));
  return value.readInt32LE();
}

export function closeSocket(fd: number): void {
  calls.close(fd);
}

function setOption(fd: number, level: number, option: number, value: number): void {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  checked('setsockopt', calls.setsockopt(fd, level, option, bytes, 4));
}
