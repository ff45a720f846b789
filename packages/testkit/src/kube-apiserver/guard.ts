import { spawn } from 'node:child_process';

/**
 * Reads process numbers until its input ends, which it does however the
 * parent ends; then kills those processes and removes the folder.
 */
const SCRIPT = 'pids=; while read -r pid; do pids="$pids $pid"; done; kill -9 $pids 2> /dev/null; rm -rf "$1"';

/** Takes away what a test started, also when the test's process is killed. */
export interface Guard {
  /** From now on the process ends with this one. */
  watch(pid: number): void;
  /** Kills what is watched and removes the folder. */
  release(): Promise<void>;
}

/** Guards a temporary folder, and the processes that work in it. */
export function startGuard(folder: string): Guard {
  // In a group of its own: an interrupt from the keyboard reaches the test, not the guard.
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  child.unref();
  return {
    watch: (pid) => {
      child.stdin.write(`${pid}\n`);
    },
    release: async () => {
      child.stdin.end();
      await closed;
    },
  };
}
