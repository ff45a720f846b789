import type { Socket } from 'node:net';

/** Exit code of a simulation whose launcher ended before it was up. */
const LAUNCHER_GONE = 4;

/**
 * Ends this process, and with it the simulation, when the launcher ends before
 * the start is done: nobody would learn how it went, or take it down. The
 * launcher holds the other end of this process's input, and the kernel lets go
 * of that however it ends. The tie is undone by disposing of it.
 */
export function tieToLauncher(): Disposable {
  const input = process.stdin as Socket;
  const end = (): never => process.exit(LAUNCHER_GONE);
  input.once('end', end).once('error', end).resume();
  return {
    [Symbol.dispose]: () => {
      input.off('end', end).off('error', end).pause().unref();
      // A pipe that breaks is no news any more.
      input.on('error', () => undefined);
    },
  };
}
