import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/** PIDs of processes that this one started and Node has not yet buried. */
const running = new Set<number>();

/** Like spawn of node:child_process, and remembers the child, so that it is not taken for an orphan. */
export function spawnChild(command: readonly string[], options: SpawnOptions): ChildProcess {
  const [file, ...parameters] = command;
  if (file === undefined) throw new TypeError('an empty command cannot be started');
  const child = spawn(file, parameters, options);
  const { pid } = child;
  if (pid !== undefined) {
    running.add(pid);
    child.once('exit', () => running.delete(pid));
  }
  return child;
}

export function isOwnChild(pid: number): boolean {
  return running.has(pid);
}
