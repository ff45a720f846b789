import { checked, closeFd, inNamespace, libc } from '../libc/index.ts';
import * as netlink from './constants.ts';

const AF_NETLINK = 16;
const SOCK_RAW_CLOEXEC = 3 | 0o2000000;
const SOCKADDR_NL_BYTES = 12;
const RECEIVE_BUFFER_BYTES = 8 * 1024 * 1024;

export interface NetlinkSocketOptions {
  /** Of NETLINK_PROTOCOL. */
  readonly protocol: number;
  /** Path or file descriptor of a network namespace; without it, the caller's own. */
  readonly namespace?: string | number;
  /** Multicast groups to join, by number: a socket for events alone. */
  readonly groups?: readonly number[];
  /** 8 MiB, or what the system allows, when absent. */
  readonly receiveBufferBytes?: number;
}

/** A bound socket's file descriptor; the caller closes it. @throws {KernelError} `NAMESPACE_MISSING`, `NOT_PERMITTED`, `UNSUPPORTED` */
export function openSocket(options: NetlinkSocketOptions): number {
  const { namespace, protocol, groups = [], receiveBufferBytes: wanted = RECEIVE_BUFFER_BYTES } = options;
  const create = (): number =>
    checked(libc().socket(AF_NETLINK, SOCK_RAW_CLOEXEC, protocol), `open a netlink socket of protocol ${protocol}`);
  const fd = namespace === undefined ? create() : inNamespace(namespace, create);
  try {
    prepare(fd, groups, wanted);
    return fd;
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

function prepare(fd: number, groups: readonly number[], bufferBytes: number): void {
  const address = Buffer.alloc(SOCKADDR_NL_BYTES);
  address.writeUInt16LE(AF_NETLINK, 0);
  checked(libc().bind(fd, address, address.length), 'bind a netlink socket');
  // Beyond the system's limit where we may, up to it where not (a user namespace).
  if (setOption(fd, netlink.SOL_SOCKET, netlink.SO_RCVBUFFORCE, bufferBytes) < 0) {
    setOption(fd, netlink.SOL_SOCKET, netlink.SO_RCVBUF, bufferBytes);
  }
  if (setOption(fd, netlink.SOL_SOCKET, netlink.SO_SNDBUFFORCE, RECEIVE_BUFFER_BYTES) < 0) {
    setOption(fd, netlink.SOL_SOCKET, netlink.SO_SNDBUF, RECEIVE_BUFFER_BYTES);
  }
  for (const option of [netlink.NETLINK_CAP_ACK, netlink.NETLINK_EXT_ACK, netlink.NETLINK_GET_STRICT_CHK]) {
    checked(setOption(fd, netlink.SOL_NETLINK, option, 1), `set netlink option ${option}`);
  }
  for (const group of groups) {
    checked(setOption(fd, netlink.SOL_NETLINK, netlink.NETLINK_ADD_MEMBERSHIP, group), `join netlink group ${group}`);
  }
}

function setOption(fd: number, level: number, name: number, value: number): number {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value, 0);
  return libc().setsockopt(fd, level, name, bytes, bytes.length);
}

/** What the kernel allows in fact. */
export function receiveBufferBytes(fd: number): number {
  const value = Buffer.alloc(4);
  const length = Buffer.from([4, 0, 0, 0]);
  checked(libc().getsockopt(fd, netlink.SOL_SOCKET, netlink.SO_RCVBUF, value, length), 'read the receive buffer size');
  return value.readInt32LE(0);
}
