import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeDurably } from '@margay/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../test/agent-harness.ts';
import { FolderGoneError } from './folder-gone.ts';
import { handoverIn, StateDirectory, takeHandover } from './state-directory.ts';

let directory: string;
let descriptors: number[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'margay-state-'));
  descriptors = [];
});
afterEach(() => {
  for (const each of descriptors) closeSync(each);
  rmSync(directory, { recursive: true, force: true });
});

const at = (name: string): string => join(directory, name);

/** As a mount of a container whose directory was deleted: it opens, but takes no new name. */
function deleted(name: string): string {
  mkdirSync(at(name));
  const descriptor = openSync(at(name), 'r');
  descriptors.push(descriptor);
  rmSync(at(name), { recursive: true });
  return `/proc/self/fd/${descriptor}`;
}

function stateIn(
  stateDir: string,
  parts: { readonly handoverDirs?: readonly string[]; readonly hasPods?: boolean } = {},
): StateDirectory {
  const file = (name: string, isDue = true): ConstructorParameters<typeof StateDirectory>[0]['files'][number] => ({
    name,
    isDue: () => isDue,
    content: () => `content of ${name}`,
    save: () => writeDurably(join(stateDir, name), `content of ${name}`),
  });
  return new StateDirectory({
    stateDir,
    handoverDirs: parts.handoverDirs ?? [at('run'), at('conf')],
    files: [file('one'), file('other', false)],
    hasPods: () => parts.hasPods ?? true,
    logger: silentLogger(),
  });
}

describe('keep', () => {
  it('writes what is due and missing, and leaves what is there', async () => {
    const state = stateIn(at('state'));
    await state.keep();
    expect(readFileSync(at('state/one'), 'utf8')).toBe('content of one');
    expect(existsSync(at('state/other'))).toBe(false);
    writeFileSync(at('state/one'), 'newer');
    await state.keep();
    expect(readFileSync(at('state/one'), 'utf8')).toBe('newer');
  });

  it('hands over what is due where the directory cannot be made again', async () => {
    const state = stateIn(deleted('state'));
    await expect(state.keep()).rejects.toThrow(FolderGoneError);
    const handover = handoverIn(at('run'));
    expect(readFileSync(join(handover, 'one'), 'utf8')).toBe('content of one');
    expect(existsSync(join(handover, 'other'))).toBe(false);
    await takeHandover({ stateDir: at('new'), handoverDirs: [at('run')], logger: silentLogger() });
    expect(readFileSync(at('new/one'), 'utf8')).toBe('content of one');
  });

  it('hands over by another directory where the first is gone as well', async () => {
    const state = stateIn(deleted('state'), { handoverDirs: [deleted('run'), at('conf')] });
    await expect(state.keep()).rejects.toThrow(FolderGoneError);
    // The next process has new mounts.
    await takeHandover({ stateDir: at('new'), handoverDirs: [at('run'), at('conf')], logger: silentLogger() });
    expect(readFileSync(at('new/one'), 'utf8')).toBe('content of one');
    expect(existsSync(handoverIn(at('conf')))).toBe(false);
  });

  it.each([
    { name: 'there are pods', hasPods: true, mayEnd: false },
    { name: 'there are none', hasPods: false, mayEnd: true },
  ])(
    'says that this process may end: $mayEnd, where nothing can be handed over and $name',
    async ({ hasPods, mayEnd }) => {
      const state = stateIn(deleted('state'), { handoverDirs: [deleted('run'), deleted('conf')], hasPods });
      const error: unknown = await state.keep().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(Error);
      expect(error instanceof FolderGoneError).toBe(mayEnd);
    },
  );
});

describe('takeHandover', () => {
  it.each([
    { name: 'is whole', files: ['one', 'complete'], taken: true },
    { name: 'was cut off', files: ['one'], taken: false },
  ])('takes one that $name: $taken, once, and only what is not there', async ({ files, taken }) => {
    const handover = handoverIn(at('beside'));
    for (const folder of [handover, at('own')]) mkdirSync(folder, { recursive: true });
    mkdirSync(join(handover, 'folder'));
    for (const name of [...files, 'other']) writeFileSync(join(handover, name), 'handed over');
    writeFileSync(at('own/other'), 'own');
    const parts = { stateDir: at('own'), handoverDirs: [at('beside'), at('conf')], logger: silentLogger() };
    await takeHandover(parts);
    await takeHandover(parts);
    expect(existsSync(at('own/one'))).toBe(taken);
    expect(readFileSync(at('own/other'), 'utf8')).toBe('own');
    expect(existsSync(handover)).toBe(false);
    expect(existsSync(at('own/complete'))).toBe(false);
  });
});
