import { readFileSync } from 'node:fs';

/** State, parent and what follows. Undefined: there is no such process. Source: proc_pid_stat(5), fields 3 and later. */
export function readProcessStat(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name, in brackets, may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** When the process started, in clock ticks since boot. Undefined: there is no such process, or it has ended. */
export function readStartTicks(pid: number): string | undefined {
  const fields = readProcessStat(pid);
  return fields?.[0] === 'Z' || fields?.[0] === 'X' ? undefined : fields?.[19];
}
