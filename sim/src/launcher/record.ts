import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { readProcessStat, readStartTicks } from '../proc-stat.ts';

/** The process whose end is the end of the simulation. */
export interface DaemonRecord {
  /** As the host sees it. */
  readonly pid: number;
  /** Start of the process in clock ticks since boot: tells it from a later one with the same number. */
  readonly startTicks: string;
}

export function writeRecord(path: string, pid: number): void {
  const record = recordOf(pid);
  if (record !== undefined) writeFileSync(path, JSON.stringify(record), { mode: 0o600 });
}

/** The processes that a process has started and not yet waited for. */
export function childrenOf(pid: number): DaemonRecord[] {
  const pids = readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name));
  const children = pids.map(Number).filter((child) => readProcessStat(child)?.[1] === String(pid));
  return children.map(recordOf).filter((record) => record !== undefined);
}

function recordOf(pid: number): DaemonRecord | undefined {
  const startTicks = readStartTicks(pid);
  return startTicks === undefined ? undefined : { pid, startTicks };
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
