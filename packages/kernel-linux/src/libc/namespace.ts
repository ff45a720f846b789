import { KernelError } from '@margay/ports';
import { libc } from './bindings.ts';
import { checked, ERRNO, kernelError } from './errno.ts';

const O_RDONLY_CLOEXEC = 0o2000000;
const CLONE_NEWNET = 0x40000000;

/** The network namespace of the calling thread. */
export const OWN_NAMESPACE_PATH = '/proc/thread-self/ns/net';

/**
 * Opens a network namespace; the caller closes the file descriptor.
 *
 * @throws {KernelError} `NAMESPACE_MISSING`
 */
export function openNamespace(path: string): number {
  const fd = libc().open(path, O_RDONLY_CLOEXEC);
  if (fd >= 0) return fd;
  const errno = libc().errno();
  if (errno === ERRNO.ENOENT || errno === ERRNO.ENOTDIR) throw missingNamespace(path);
  throw kernelError(errno, `open the network namespace ${path}`);
}

export function closeFd(fd: number): void {
  libc().close(fd);
}

/**
 * Runs `run` with the calling thread in another network namespace, and brings
 * the thread back also when it throws. `run` must be synchronous: whatever
 * ran after an await would be in the wrong namespace. Sockets that it opens
 * stay in that namespace. Use the synchronous functions of `node:fs` in it.
 *
 * When the thread cannot be brought back, the process aborts: going on would
 * change the wrong network.
 *
 * @throws {KernelError} `NAMESPACE_MISSING`, `NOT_PERMITTED`
 */
export function inNamespace<T>(namespace: string | number, run: () => T): T {
  const target = typeof namespace === 'number' ? namespace : openNamespace(namespace);
  try {
    return keepingNamespace(() => {
      if (libc().setns(target, CLONE_NEWNET) < 0) {
        const errno = libc().errno();
        // A path whose mount is gone is a plain file, which setns refuses so.
        if (errno === ERRNO.EINVAL) throw missingNamespace(String(namespace));
        throw kernelError(errno, `enter the network namespace ${namespace}`);
      }
      const result = run();
      if (result instanceof Promise) throw new TypeError('inNamespace runs synchronous functions only');
      return result;
    });
  } finally {
    if (typeof namespace !== 'number') closeFd(target);
  }
}

/**
 * Runs `run` in a network namespace that is new and empty.
 *
 * @throws {KernelError} `NOT_PERMITTED`
 */
export function inNewNamespace<T>(run: () => T): T {
  return keepingNamespace(() => {
    checked(libc().unshare(CLONE_NEWNET), 'make a network namespace');
    return run();
  });
}

function keepingNamespace<T>(run: () => T): T {
  const own = openNamespace(OWN_NAMESPACE_PATH);
  try {
    return run();
  } finally {
    if (libc().setns(own, CLONE_NEWNET) < 0) process.abort();
    closeFd(own);
  }
}

function missingNamespace(path: string): KernelError {
  return new KernelError('NAMESPACE_MISSING', `there is no network namespace at ${path}`);
}
