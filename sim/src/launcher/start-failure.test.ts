import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimError } from '../error.ts';
import { pathsIn, type StatePaths } from './paths.ts';
import { noteTakenDown, startFailure, textOfLogLine } from './start-failure.ts';

let paths: StatePaths;
beforeEach(() => {
  paths = pathsIn(mkdtempSync(join(tmpdir(), 'margay-start-')));
  mkdirSync(paths.logs);
});
afterEach(() => rmSync(paths.directory, { recursive: true }));

const ENDED = new SimError('FAILED', "the simulation's daemon ended (exit code 0)");

describe('startFailure', () => {
  it('tells the messages of the log, not its lines', () => {
    const log = [
      '{"level":30,"message":"ending"}',
      '{"level":50,"message":"no","err":{"message":"disk full"}}',
      'Error: x',
      '    at y',
    ];
    writeFileSync(join(paths.logs, 'daemon.log'), log.join('\n'));
    expect(startFailure(ENDED, 'one', paths).message).toBe(`${ENDED.message}\nending\nno: disk full\nError: x`);
  });

  it('is one sentence when someone took the simulation down', () => {
    writeFileSync(join(paths.logs, 'daemon.log'), '{"level":30,"message":"ending"}');
    noteTakenDown(paths);
    const { code, message } = startFailure(ENDED, 'one', paths);
    expect([code, message]).toEqual([
      'FAILED',
      "simulation 'one' was taken down while it was starting; nothing is left of it",
    ]);
  });

  it('keeps a wrong question as it is', () => {
    const wrong = new SimError('BAD_QUESTION', 'no such thing');
    expect(startFailure(wrong, 'one', paths)).toBe(wrong);
  });
});

describe('textOfLogLine', () => {
  it('keeps what only looks like a structured line', () => {
    expect(textOfLogLine('{half')).toBe('{half');
  });
});
