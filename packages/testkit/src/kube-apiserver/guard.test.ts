import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { startGuard } from './guard.ts';

/** Starts a program that waits, guards it and its folder, and tells the program's number. */
const VICTIM = `
  const { spawn } = await import('node:child_process');
  const { startGuard } = await import(process.argv[1]);
  const guard = startGuard(process.argv[2]);
  const { pid } = spawn('sleep', ['600'], { stdio: 'ignore' });
  guard.watch(pid);
  console.log(pid);
  setInterval(() => undefined, 1000);
`;

describe('startGuard', () => {
  it('takes all away when the process that started it is killed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'margay-guard-'));
    const module = new URL('./guard.ts', import.meta.url).href;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', VICTIM, module, folder]);
    const first = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    const pid = Number(first.value);
    expect(isAlive(pid)).toBe(true);
    child.kill('SIGKILL');
    await expect.poll(() => [isAlive(pid), existsSync(folder)], { timeout: 5_000 }).toEqual([false, false]);
  });

  it('takes the folder away when it is released', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'margay-guard-'));
    await startGuard(folder).release();
    expect(existsSync(folder)).toBe(false);
  });
});

/** A process that has ended but that nobody has waited for is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
