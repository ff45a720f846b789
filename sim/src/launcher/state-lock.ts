import { closeSync, constants, fchmodSync, fstatSync, lstatSync, mkdirSync, openSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import koffi from 'koffi';
import { SimError } from '../error.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Makes the state directory, where it is not there, and locks it (flock(2) on
 * the directory itself: the kernel lets go of it when the process ends). The
 * directory is then its user's alone.
 *
 * @throws {SimError} `FAILED`: another command held it for all of `patienceMs`,
 *   or it is not safe to work in: see checkStateDirectory.
 */
export async function lockStateDirectory(directory: string, patienceMs: number): Promise<Disposable> {
  const flock = koffi.load(null).func('int flock(int fd, int operation)');
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const fd = openOwnDirectory(directory);
    // A directory that was removed in the meantime must not be worked in.
    if (fd !== undefined && flock(fd, LOCK_EX | LOCK_NB) === 0 && isSameDirectory(fd, directory)) {
      fchmodSync(fd, 0o700);
      return { [Symbol.dispose]: () => closeSync(fd) };
    }
    if (fd !== undefined) closeSync(fd);
    if (performance.now() > deadline) {
      throw new SimError('FAILED', `another command is working on ${directory}; try again when it has ended`);
    }
    await delay(50);
  }
}

/**
 * Refuses a state directory, or one of all simulations above it, that others
 * may have planted: where it is in /tmp, anybody could have been there first. A
 * link would make this user write and delete elsewhere, and files of others
 * would name the processes that this user ends.
 *
 * @throws {SimError} `FAILED`: one of them is a link, somebody else's, or
 *   writable for others. One that is not there is no error.
 */
export function checkStateDirectory(directory: string): void {
  for (const each of [dirname(directory), directory]) {
    const found = lstatSync(each, { throwIfNoEntry: false });
    if (found === undefined) return;
    const refuse = (why: string): never => {
      throw new SimError('FAILED', `${each} ${why}; remove it, or set XDG_RUNTIME_DIR to a directory of your own`);
    };
    if (!found.isDirectory()) refuse(found.isSymbolicLink() ? 'is a symbolic link' : 'is not a directory');
    if (found.uid !== userInfo().uid) refuse('belongs to another user');
    if ((found.mode & WRITABLE_FOR_OTHERS) !== 0) refuse('can be written to by other users');
  }
}

const WRITABLE_FOR_OTHERS = 0o022;

/** Undefined: it was removed, by the end of a simulation, before it could be opened. */
function openOwnDirectory(directory: string): number | undefined {
  const base = dirname(directory);
  mkdirSync(dirname(base), { recursive: true });
  try {
    for (const each of [base, directory]) makeDirectory(each);
    checkStateDirectory(directory);
    return openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

function isSameDirectory(fd: number, path: string): boolean {
  const now = lstatSync(path, { throwIfNoEntry: false });
  const opened = fstatSync(fd);
  return now?.ino === opened.ino && now.dev === opened.dev;
}
