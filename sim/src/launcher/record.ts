import { readFileSync, writeFileSync } from 'node:fs';

/** The process whose end is the end of the simulation. */
export interface DaemonRecord {
  /** As the host sees it. */
  readonly pid: number;
  /** Start of the process in clock ticks since boot: tells it from a later one with the same number. */
  readonly startTicks: string;
}

export function writeRecord(path: string, pid: number): void {
  const startTicks = readStartTicks(pid);
  if (startTicks === undefined) return;
  writeFileSync(path, JSON.stringify({ pid, startTicks } satisfies DaemonRecord), { mode: 0o600 });
}

/** Undefined where there is none, or none that can be read. */
export function readRecord(path: string): DaemonRecord | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTicks' in value)) return undefined;
    const { pid, startTicks } = value;
    return typeof pid === 'number' && typeof startTicks === 'string' ? { pid, startTicks } : undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(record: DaemonRecord | undefined): record is DaemonRecord {
  return record !== undefined && readStartTicks(record.pid) === record.startTicks;
}

/** Undefined: there is no such process, or it is a zombie. Source: proc(5), field 22 of stat. */
function readStartTicks(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}
