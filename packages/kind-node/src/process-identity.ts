import { readFileSync, readlinkSync } from 'node:fs';

/**
 * One process of one boot of one PID namespace. A PID alone is used again; with
 * its start it is not. Source: proc(5), field 22 of /proc/PID/stat.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the process's start. */
  readonly startTicks: number;
  readonly bootId: string;
  readonly pidNamespace: string;
}

/** Undefined when there is no such process, or no /proc. */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name in brackets, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie does nothing any more.
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, startTicks: Number(fields[19]), ...here() };
  } catch {
    return undefined;
  }
}

/** `unknown`: it belongs to a PID namespace that cannot be seen from here. */
export function processState(identity: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  let seen: ReturnType<typeof here>;
  try {
    seen = here();
  } catch {
    return 'unknown';
  }
  if (seen.bootId !== identity.bootId) return 'dead';
  if (seen.pidNamespace !== identity.pidNamespace) return 'unknown';
  return identifyProcess(identity.pid)?.startTicks === identity.startTicks ? 'alive' : 'dead';
}

function here(): Pick<ProcessIdentity, 'bootId' | 'pidNamespace'> {
  return {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    pidNamespace: readlinkSync('/proc/self/ns/pid'),
  };
}
