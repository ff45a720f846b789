import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { calls, checked, ERRNO, lastErrno, SystemCallError } from './libc.ts';

const CLONE_NEWNET = 0x40000000;
const MS_BIND = 4096;
const MNT_DETACH = 2;

// packages/kernel-linux has the like. It is not used here because it brings the
// whole kernel driver with it, several MiB for each of a simulation's kubelets.

/** The namespace this process started in, and returns to. */
let home: number | undefined;

function homeNamespace(): number {
  home ??= openSync('/proc/self/ns/net', 'r');
  return home;
}

/** An open network namespace. It stays alive while this is open. */
export class NetworkNamespace {
  /** Undefined: the process's own. */
  readonly #fd: number | undefined;

  private constructor(fd: number | undefined) {
    this.#fd = fd;
  }

  static own(): NetworkNamespace {
    return new NetworkNamespace(undefined);
  }

  /** @throws when there is no such file, with the system's `ENOENT`. */
  static open(path: string): NetworkNamespace {
    return new NetworkNamespace(openSync(path, 'r'));
  }

  /**
   * Runs `work` inside. It must be synchronous: the whole JavaScript thread is
   * moved there and back. Sockets made inside stay inside.
   *
   * @throws {SystemCallError} and whatever `work` throws.
   */
  run<T>(work: () => T): T {
    if (this.#fd === undefined) return work();
    const back = homeNamespace();
    checked('setns', calls.setns(this.#fd, CLONE_NEWNET));
    try {
      return work();
    } finally {
      returnHome(back);
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
  }
}

/**
 * Makes a network namespace that lives as long as `path` is mounted, and
 * brings its loopback up.
 *
 * @throws {SystemCallError} nothing is left then.
 */
export function createNamedNamespace(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  closeSync(openSync(path, 'wx', 0o444));
  const back = homeNamespace();
  try {
    checked('unshare', calls.unshare(CLONE_NEWNET));
    try {
      checked('mount', calls.mount('/proc/thread-self/ns/net', path, 'none', MS_BIND, null));
      bringLoopbackUp();
      allowPing();
    } finally {
      returnHome(back);
    }
  } catch (error) {
    removeNamedNamespace(path);
    throw error;
  }
}

/** No error when it is gone already. */
export function removeNamedNamespace(path: string): void {
  if (!existsSync(path)) return;
  if (calls.umount(path, MNT_DETACH) < 0 && lastErrno() !== ERRNO.EINVAL) {
    throw new SystemCallError(`umount ${path}`, lastErrno());
  }
  rmSync(path, { force: true });
}

/**
 * Lets this user's processes in the current namespace send pings without a
 * raw socket, as container runtimes do. False when the kernel refuses.
 */
export function allowPing(): boolean {
  try {
    writeFileSync('/proc/sys/net/ipv4/ping_group_range', '0 0');
    return true;
  } catch {
    return false;
  }
}

/** A thread left in the wrong namespace would do harm there: better to end. */
function returnHome(back: number): void {
  if (calls.setns(back, CLONE_NEWNET) === 0) return;
  process.stderr.write('kubelet: cannot return to its own network namespace\n');
  process.abort();
}

function bringLoopbackUp(): void {
  const AF_INET = 2;
  const SOCK_DGRAM = 2;
  const SIOCGIFFLAGS = 0x8913;
  const SIOCSIFFLAGS = 0x8914;
  const IFF_UP = 1;
  const fd = checked('socket', calls.socket(AF_INET, SOCK_DGRAM, 0));
  try {
    const request = Buffer.alloc(40);
    request.write('lo');
    checked('SIOCGIFFLAGS', calls.ioctl(fd, SIOCGIFFLAGS, request));
    request.writeUInt16LE(request.readUInt16LE(16) | IFF_UP, 16);
    checked('SIOCSIFFLAGS', calls.ioctl(fd, SIOCSIFFLAGS, request));
  } finally {
    calls.close(fd);
  }
}
