import { readFileSync } from 'node:fs';

/** State, parent and what follows. Undefined: there is no such process. Source: proc_pid_stat(5), fields 3 and later. */
export function readProcessStat(pid: number): readonly string[] | undefined {
  try {
    return fieldsOf(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** When the process started, in clock ticks since boot. Undefined: there is no such process, or it has ended. */
export function readStartTicks(pid: number): string | undefined {
  const fields = readProcessStat(pid);
  return fields && startTicksOf(fields);
}

/** The command name, in brackets, may hold spaces and brackets. */
export function fieldsOf(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/**
 * Undefined of a process that has ended. A zombie with more than one thread has
 * not: only its first thread is gone, and when it is the first process of a PID
 * namespace, the others in there still run.
 */
export function startTicksOf(fields: readonly string[]): string | undefined {
  const { 0: state, 17: threads, 19: startTicks } = fields;
  const isEnded = state === 'X' || (state === 'Z' && Number(threads) <= 1);
  return isEnded ? undefined : startTicks;
}
