import { promisify } from 'node:util';
import koffi from 'koffi';

/**
 * The C library calls that this package makes. Every one is synchronous, runs
 * on the calling thread and answers -1 on failure; `errno()` then tells why.
 */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Uint8Array, length: number): number;
  getsockname(fd: number, address: Uint8Array, length: Uint8Array): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, length: Uint8Array): number;
  send(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  /** On a thread of libuv's pool: for requests that the kernel takes tens of milliseconds for. */
  sendElsewhere(fd: number, bytes: Uint8Array, length: number, flags: number): Promise<number>;
  recv(fd: number, bytes: Uint8Array, length: number, flags: number): number;
  open(path: string, flags: number): number;
  close(fd: number): number;
  setns(fd: number, kind: number): number;
  unshare(flags: number): number;
  mount(source: string | null, target: string, type: string | null, flags: number, data: string | null): number;
  umount2(target: string, flags: number): number;
  /** bpf(2), which has no function of its own in the C library. `attributes` is the union bpf_attr. */
  bpf(command: number, attributes: Uint8Array, length: number): number;
  /** The address of the first byte, for attribute blocks that carry pointers. Valid while the buffer is alive. */
  addressOf(bytes: Uint8Array): bigint;
  /** 0 when the calling thread's network namespace has no such device. */
  if_nametoindex(name: string): number;
  errno(): number;
  describeErrno(errno: number): string;
}

let loaded: Libc | undefined;

/** The C library of this process, loaded on first use (about 8 ms with koffi). */
export function libc(): Libc {
  loaded ??= load();
  return loaded;
}

/** bpf(2) on the processors that Node is built for. Source: the kernel's system call tables. */
const BPF_SYSCALL_NUMBER: Partial<Record<NodeJS.Architecture, number>> = { x64: 321, arm64: 280, riscv64: 280 };

function load(): Libc {
  const library = koffi.load(null);
  const syscall = library.func('long syscall(long number, int command, void *attributes, unsigned int length)');
  const send = library.func('intptr_t send(int fd, void *bytes, size_t length, int flags)');
  return {
    socket: library.func('int socket(int domain, int type, int protocol)'),
    bind: library.func('int bind(int fd, void *address, uint length)'),
    getsockname: library.func('int getsockname(int fd, void *address, void *length)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int name, void *value, uint length)'),
    getsockopt: library.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    send,
    sendElsewhere: promisify(send.async) as Libc['sendElsewhere'],
    recv: library.func('intptr_t recv(int fd, void *bytes, size_t length, int flags)'),
    open: library.func('int open(const char *path, int flags)'),
    close: library.func('int close(int fd)'),
    setns: library.func('int setns(int fd, int kind)'),
    unshare: library.func('int unshare(int flags)'),
    mount: library.func(
      'int mount(const char *source, const char *target, const char *type, ulong flags, const char *data)',
    ),
    umount2: library.func('int umount2(const char *target, int flags)'),
    bpf: (command, attributes, length): number => {
      const number = BPF_SYSCALL_NUMBER[process.arch];
      if (number === undefined) throw new Error(`bpf(2) has no known number on ${process.arch}`);
      return Number(syscall(number, command, attributes, length));
    },
    addressOf: (bytes): bigint => koffi.address(bytes),
    if_nametoindex: library.func('uint if_nametoindex(const char *name)'),
    errno: (): number => koffi.errno(),
    describeErrno: library.func('const char *strerror(int number)'),
  };
}
