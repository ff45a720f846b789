import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkStateDirectory, lockStateDirectory } from './state-lock.ts';

const NOBODY = 65_534;

describe('lockStateDirectory', () => {
  let root: string;
  let base: string;
  let directory: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'margay-lock-'));
    base = join(root, 'margay');
    directory = join(base, 'one');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('makes a directory that is its user’s alone, and lets one command at a time work in it', async () => {
    const lock = await lockStateDirectory(directory, 0);
    expect([base, directory].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700]);
    await expect(lockStateDirectory(directory, 0)).rejects.toThrow('another command is working on');
    lock[Symbol.dispose]();
    (await lockStateDirectory(directory, 0))[Symbol.dispose]();
  });

  it('takes what others could read back for its user', async () => {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o755);
    (await lockStateDirectory(directory, 0))[Symbol.dispose]();
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['the directory of all simulations', () => base],
    ['a simulation’s directory', () => directory],
  ])('refuses a link in place of %s, and touches nothing behind it', async (_, planted) => {
    const victim = join(root, 'victim');
    mkdirSync(join(victim, 'one'), { recursive: true });
    writeFileSync(join(victim, 'one', 'file'), '');
    mkdirSync(base, { mode: 0o700 });
    rmSync(planted(), { recursive: true, force: true });
    symlinkSync(victim, planted());
    await expect(lockStateDirectory(directory, 0)).rejects.toThrow(`${planted()} is a symbolic link`);
    expect(() => checkStateDirectory(directory)).toThrow(`${planted()} is a symbolic link`);
    expect(readdirSync(victim)).toEqual(['one']);
    expect(readdirSync(join(victim, 'one'))).toEqual(['file']);
  });

  it('refuses what others can write to', async () => {
    mkdirSync(base);
    chmodSync(base, 0o777);
    await expect(lockStateDirectory(directory, 0)).rejects.toThrow(`${base} can be written to by other users`);
  });

  it('refuses a file', async () => {
    mkdirSync(base, { mode: 0o700 });
    writeFileSync(directory, '');
    await expect(lockStateDirectory(directory, 0)).rejects.toThrow(`${directory} is not a directory`);
  });

  it.skipIf(userInfo().uid !== 0)('refuses what belongs to another user', async () => {
    mkdirSync(base, { mode: 0o700 });
    chownSync(base, NOBODY, NOBODY);
    await expect(lockStateDirectory(directory, 0)).rejects.toThrow(`${base} belongs to another user`);
  });
});
