import koffi from 'koffi';
import { KubeletError } from '../error.ts';

/** A system call that failed, with the kernel's number for the reason. */
export class SystemCallError extends KubeletError {
  readonly errno: number;
  /** Such as `ECONNREFUSED`. */
  readonly reason: string;

  constructor(call: string, errno: number) {
    super('SYSTEM_CALL', `${call}: ${errnoName(errno)}`);
    this.errno = errno;
    this.reason = errnoName(errno);
  }
}

const libc = koffi.load(null);

// Buffers are passed by address, without a copy. Every call is synchronous,
// and so runs on the JavaScript thread, whose network namespace it uses.
const raw = {
  accept: libc.func('int accept4(int, void *, void *, int)'),
  bind: libc.func('int bind(int, const uint8_t *, uint32_t)'),
  close: libc.func('int close(int)'),
  connect: libc.func('int connect(int, const uint8_t *, uint32_t)'),
  epollCreate: libc.func('int epoll_create1(int)'),
  epollControl: libc.func('int epoll_ctl(int, int, int, const uint8_t *)'),
  epollWait: libc.func('int epoll_wait(int, uint8_t *, int, int)'),
  getsockopt: libc.func('int getsockopt(int, int, int, uint8_t *, uint8_t *)'),
  ioctl: libc.func('int ioctl(int, unsigned long, uint8_t *)'),
  listen: libc.func('int listen(int, int)'),
  mount: libc.func('int mount(const char *, const char *, const char *, unsigned long, const char *)'),
  recv: libc.func('intptr_t recv(int, uint8_t *, size_t, int)'),
  recvmsg: libc.func('intptr_t recvmsg(int, void *, int)'),
  send: libc.func('intptr_t send(int, const uint8_t *, size_t, int)'),
  sendmsg: libc.func('intptr_t sendmsg(int, void *, int)'),
  setns: libc.func('int setns(int, int)'),
  setsockopt: libc.func('int setsockopt(int, int, int, const uint8_t *, uint32_t)'),
  socket: libc.func('int socket(int, int, int)'),
  umount: libc.func('int umount2(const char *, int)'),
  unshare: libc.func('int unshare(int)'),
};

type Calls = typeof raw;

/**
 * The calls, as they are: a result below zero is a failure, and `lastErrno`
 * says which. Use `checked` where a failure is an exception.
 */
export const calls: Readonly<Calls> = raw;

export function lastErrno(): number {
  return koffi.errno();
}

/** Passes a result on. @throws {SystemCallError} when it is below zero. */
export function checked(call: string, result: number): number {
  if (result < 0) throw new SystemCallError(call, koffi.errno());
  return result;
}

export const ERRNO: Readonly<Record<string, number>> = koffi.os.errno;

const errnoNames = new Map(Object.entries(koffi.os.errno).map(([name, value]) => [value, name]));

export function errnoName(errno: number): string {
  return errnoNames.get(errno) ?? `errno ${errno}`;
}

/** Memory outside the JavaScript heap that never moves, for structures which point at each other. */
export function nativeBuffer(bytes: number): { readonly address: bigint; readonly buffer: Buffer } {
  const pointer: unknown = koffi.alloc('uint8_t', bytes);
  const buffer = Buffer.from(koffi.view(pointer, bytes));
  return { address: koffi.address(pointer), buffer };
}
