import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { killLeftover, type ProcessSpec, startProcess } from './process.ts';

describe('startProcess', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'margay-process-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const spec = (...command: string[]): ProcessSpec => ({
    command,
    env: { PATH: process.env.PATH ?? '', WORD: 'hello' },
    netnsPath: '',
    logPath: join(dir, 'logs', 'c.log'),
  });

  it('keeps the output and tells the exit code', async () => {
    const { ended } = await startProcess(spec('sh', '-c', 'echo "$WORD"; echo world >&2; exit 3'));
    expect(await ended).toBe(3);
    expect(readFileSync(join(dir, 'logs', 'c.log'), 'utf8')).toBe('hello\nworld\n');
  });

  it('tells the signal that ended it', async () => {
    const running = await startProcess(spec('sleep', '60'));
    running.signal('SIGTERM');
    expect(await running.ended).toBe(143);
  });

  it('rejects when there is no such program', async () => {
    await expect(startProcess(spec('no-such-program-here'))).rejects.toThrow('cannot run no-such-program-here');
  });

  it('ends a leftover with all that it started, but not a later process with its number', async () => {
    const running = await startProcess(spec('sh', '-c', 'sleep 60 & wait'));
    killLeftover({ ...running.record, startTicks: '1' });
    killLeftover({ pid: running.record.pid, startTicks: '' });
    process.kill(running.record.pid, 0);
    killLeftover(running.record);
    expect(await running.ended).toBe(137);
  });
});
