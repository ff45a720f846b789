import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { readStartTicks } from '../../proc-stat.ts';
import { messageOf } from '../error.ts';
import type { ProcessRecord } from '../sandbox/record.ts';

export interface ProcessSpec {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Empty: this process's own namespace. */
  readonly netnsPath: string;
  /** Output is appended here. */
  readonly logPath: string;
}

export interface RunningProcess {
  readonly record: ProcessRecord;
  /** Resolves when it has ended: its exit code, 128 + N when a signal ended it. */
  readonly ended: Promise<number>;
  signal(signal: NodeJS.Signals): void;
}

/**
 * Starts a command in a network namespace, in a process group of its own.
 *
 * @throws when the program that enters the namespace cannot be started.
 */
export async function startProcess(spec: ProcessSpec): Promise<RunningProcess> {
  mkdirSync(dirname(spec.logPath), { recursive: true, mode: 0o700 });
  const log = openSync(spec.logPath, 'a', 0o600);
  let child: ChildProcess;
  try {
    child = await spawned(spec, log);
  } finally {
    closeSync(log);
  }
  const pid = child.pid ?? 0;
  const ended = new Promise<number>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
    // It ended before this listener was there.
    if (child.exitCode !== null) resolve(child.exitCode);
  });
  return {
    record: { pid, startTicks: readStartTicks(pid) ?? '' },
    ended,
    signal: (name) => signalGroup(pid, name),
  };
}

function spawned({ command, env, netnsPath }: ProcessSpec, log: number): Promise<ChildProcess> {
  const [program = '', ...args] = netnsPath === '' ? command : ['nsenter', `--net=${netnsPath}`, '--', ...command];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, detached: true, stdio: ['ignore', log, log] });
    child.once('error', (error) => reject(new Error(`cannot run ${program}: ${messageOf(error)}`, { cause: error })));
    child.once('spawn', () => resolve(child));
  });
}

/** Ends what an earlier kubelet started, if it still runs. A later process with the same number is left alone. */
export function killLeftover({ pid, startTicks }: ProcessRecord): void {
  if (pid > 1 && startTicks !== '' && readStartTicks(pid) === startTicks) signalGroup(pid, 'SIGKILL');
}

/** Ends every process whose network namespace is mounted at this path; it must not be this process's own. */
export function killAllInNetwork(netnsPath: string): void {
  const network = networkOf(netnsPath);
  if (network === undefined || network === networkOf('/proc/self/ns/net')) return;
  for (const name of readdirSync('/proc')) {
    if (/^[0-9]+$/.test(name) && networkOf(`/proc/${name}/ns/net`) === network) signal(Number(name), 'SIGKILL');
  }
}

/** Tells network namespaces apart. Undefined: there is none, or no longer. Source: namespaces(7). */
function networkOf(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  if (pid > 1) signal(-pid, name);
}

/** No error when it is gone already. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

const SIGNAL_NUMBERS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
};

function signalNumber(signal: NodeJS.Signals | null): number {
  return (signal && SIGNAL_NUMBERS[signal]) ?? 0;
}
