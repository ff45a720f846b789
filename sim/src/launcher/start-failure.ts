import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SimError } from '../error.ts';
import type { StatePaths } from './paths.ts';

const TAIL_LINES = 5;

/** Tells a start that is under way that it is not wanted any more: what ends it is no failure of its own. */
export function noteTakenDown(paths: StatePaths): void {
  writeFileSync(paths.takenDown, '', { mode: 0o600 });
}

/**
 * Why a start did not succeed, for people: taken down by someone, or what went
 * wrong with the end of the daemon's log, which tells more than that it ended.
 */
export function startFailure(error: unknown, name: string, paths: StatePaths): SimError {
  if (error instanceof SimError && error.code === 'BAD_QUESTION') return error;
  if (existsSync(paths.takenDown)) {
    const text = `simulation '${name}' was taken down while it was starting; nothing is left of it`;
    return new SimError('FAILED', text, { cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new SimError('FAILED', [message, ...readTail(join(paths.logs, 'daemon.log'))].join('\n'), { cause: error });
}

function readTail(path: string): string[] {
  try {
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    // Where in the program it was is for the log alone.
    const told = lines.filter((line) => !/^\s+at /.test(line)).map(textOfLogLine);
    return told.filter((line) => line !== '').slice(-TAIL_LINES);
  } catch {
    return [];
  }
}

/** A structured line is for machines: people are told its message, and the error's. */
export function textOfLogLine(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    const { message, err } = JSON.parse(line) as { message?: unknown; err?: { message?: unknown } | null };
    return [message, err?.message].filter((part) => typeof part === 'string' && part !== '').join(': ');
  } catch {
    return line;
  }
}
