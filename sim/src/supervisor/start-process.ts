import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { spawnChild } from '../daemon/children.ts';
import type { ProcessSpec } from './process-spec.ts';
import type { RunningProcess, StartProcess } from './supervisor.ts';

/** Descriptor under which a process finds what it was passed. */
export const PASSED_FD = 3;

/** Starts real processes; each writes to `<logs>/<name>.log`, and the log of the start before it is kept as `.log.1`. */
export function processStarter(options: {
  readonly logs: string;
  readonly env: Readonly<Record<string, string>>;
}): StartProcess {
  return (spec) => startProcess(spec, options);
}

function startProcess(
  spec: ProcessSpec,
  { logs, env }: { readonly logs: string; readonly env: Readonly<Record<string, string>> },
): RunningProcess {
  const log = openLog(join(logs, `${spec.name}.log`));
  const child = spawnChild(spec.command, {
    cwd: '/',
    env: { ...env, ...spec.env },
    stdio: ['ignore', log, log, ...(spec.passFd === undefined ? [] : [spec.passFd])],
    detached: true,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`it could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`);
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    kill: (signal) => {
      child.kill(signal);
    },
  };
}

function openLog(path: string): number {
  if (existsSync(path)) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}
