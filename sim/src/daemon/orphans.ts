import { readdirSync, readFileSync } from 'node:fs';
import koffi from 'koffi';

const WNOHANG = 1;
const INTERVAL_MS = 1_000;

/**
 * Buries orphans: processes whose parent died become children of the first
 * process of the namespace, which is this one, and stay as zombies until it
 * waits for them. Children that Node itself started are left to Node, which
 * would otherwise never learn how they ended.
 */
export function reapOrphans(isOwnChild: (pid: number) => boolean): Disposable {
  const waitpid = koffi.load(null).func('int waitpid(int pid, void *status, int options)');
  const timer = setInterval(() => {
    for (const pid of zombieChildren()) if (!isOwnChild(pid)) waitpid(pid, null, WNOHANG);
  }, INTERVAL_MS);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function zombieChildren(): number[] {
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  return pids.map(Number).filter((pid) => pid !== process.pid && isZombieOf(pid, process.pid));
}

function isZombieOf(pid: number, parent: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' && Number(ppid) === parent;
  } catch {
    return false;
  }
}
