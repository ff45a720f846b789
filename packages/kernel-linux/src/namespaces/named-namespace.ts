import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { KernelError } from '@margay/ports';
import { checked, ERRNO, inNewNamespace, kernelError, libc, OWN_NAMESPACE_PATH } from '../libc/index.ts';

const MS_BIND = 0x1000;
const MNT_DETACH = 2;

/**
 * Makes a network namespace that lives as long as its name: an empty file with
 * the namespace mounted on it, as `ip netns add` does. No process is started;
 * the calling thread enters the new namespace and leaves it again.
 *
 * @throws {KernelError} `EXISTS`, `NOT_PERMITTED`
 */
export function createNamedNamespace(path: string): void {
  createMountPoint(path);
  try {
    inNewNamespace(() => {
      checked(libc().mount(OWN_NAMESPACE_PATH, path, null, MS_BIND, null), `name the network namespace ${path}`);
    });
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
}

/**
 * Takes the name away; the namespace ends with the last process and socket in
 * it. True when there was one.
 *
 * @throws {KernelError} `NOT_PERMITTED` and others
 */
export function deleteNamedNamespace(path: string): boolean {
  if (libc().umount2(path, MNT_DETACH) < 0) {
    const errno = libc().errno();
    if (errno === ERRNO.ENOENT) return false;
    // EINVAL: nothing is mounted there, so only the file is left of it.
    if (errno !== ERRNO.EINVAL) throw kernelError(errno, `delete the network namespace ${path}`);
  }
  rmSync(path, { force: true });
  return true;
}

function createMountPoint(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  try {
    closeSync(openSync(path, 'wx', 0o444));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new KernelError('EXISTS', `there is a network namespace at ${path} already`, { cause: error });
  }
}
