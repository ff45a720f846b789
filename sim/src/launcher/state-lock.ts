import { closeSync, constants, fstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import koffi from 'koffi';
import { SimError } from '../error.ts';
import { stateBase } from './paths.ts';

const LOCK_EX = 2;
const LOCK_NB = 4;

/**
 * Makes the state directory, where it is not there, and locks it (flock(2) on
 * the directory itself: the kernel lets go of it when the process ends).
 *
 * @throws {SimError} `FAILED`: another command held it for all of `patienceMs`.
 */
export async function lockStateDirectory(directory: string, patienceMs: number): Promise<Disposable> {
  makePrivateDirectory(stateBase());
  const flock = koffi.load(null).func('int flock(int fd, int operation)');
  const deadline = performance.now() + patienceMs;
  for (;;) {
    makePrivateDirectory(directory);
    const fd = openSync(directory, constants.O_RDONLY | constants.O_DIRECTORY);
    // A directory that was removed in the meantime must not be worked in.
    if (flock(fd, LOCK_EX | LOCK_NB) === 0 && isSameDirectory(fd, directory)) {
      return { [Symbol.dispose]: () => closeSync(fd) };
    }
    closeSync(fd);
    if (performance.now() > deadline) {
      throw new SimError('FAILED', `another command is working on ${directory}; try again when it has ended`);
    }
    await delay(50);
  }
}

/** @throws {SimError} `FAILED`: it is there and somebody else's. */
function makePrivateDirectory(directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { uid } = userInfo();
  if (statSync(directory).uid !== uid) {
    throw new SimError('FAILED', `${directory} belongs to another user; remove it or set XDG_RUNTIME_DIR`);
  }
}

function isSameDirectory(fd: number, path: string): boolean {
  try {
    return fstatSync(fd).ino === statSync(path).ino;
  } catch {
    return false;
  }
}
