import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { NodeChanges, PlacedProgram } from '../state/node-changes.ts';

/** In the state directory: what was there before. */
export const BACKUP_DIR = 'replaced';

export interface PlacedProgramsOptions {
  readonly binDir: string;
  readonly stateDir: string;
  readonly changes: NodeChanges;
}

/**
 * The programs that this agent put into the runtime's directory of plugins. A
 * file that is replaced for the first time is kept, so that `restore` leaves
 * the directory as it was.
 */
export class PlacedPrograms {
  readonly #options: PlacedProgramsOptions;

  constructor(options: PlacedProgramsOptions) {
    this.#options = options;
  }

  /** True while the program of that name is the one that this agent put there. */
  async isOurs(name: string): Promise<boolean> {
    return isOneOf(this.#options.changes.programs.get(name), await digestOf(this.#pathOf(name)));
  }

  /**
   * Makes the program of that name be this one, by rename: a program that runs
   * is not written to ("text file busy"). True when it was not yet.
   *
   * Rejects with the system's error; then the old program is still there.
   */
  async place(name: string, source: string): Promise<boolean> {
    const { binDir, changes } = this.#options;
    const [wanted, present] = await Promise.all([digestOf(source), digestOf(this.#pathOf(name))]);
    if (wanted === undefined) throw new Error(`there is no program ${source} to install`);
    if (wanted === present) return false;
    await mkdir(binDir, { recursive: true });
    const placed = changes.programs.get(name);
    const isOwn = isOneOf(placed, present);
    const isForeign = present !== undefined && !isOwn;
    if (isForeign) await this.#backUp(name);
    await changes.noteProgram(name, {
      sha256: wanted,
      ...(present !== undefined && isOwn && { replaces: present }),
      hasBackup: isForeign || (placed?.hasBackup ?? false),
    });
    await replaceFile(source, this.#pathOf(name));
    return true;
  }

  /**
   * Puts back what was there before. What somebody else has put there since
   * stays. Does the same when called again.
   *
   * Rejects with the system's error.
   */
  async restore(): Promise<void> {
    for (const [name, { hasBackup }] of this.#options.changes.programs) {
      if (!(await this.isOurs(name))) continue;
      // With its backup taken away the program stays: others of the node may call it.
      if (hasBackup && (await digestOf(this.#backupOf(name))) === undefined) continue;
      if (hasBackup) await replaceFile(this.#backupOf(name), this.#pathOf(name));
      else await rm(this.#pathOf(name), { force: true });
    }
  }

  async #backUp(name: string): Promise<void> {
    await mkdir(join(this.#options.stateDir, BACKUP_DIR), { recursive: true, mode: 0o700 });
    await replaceFile(this.#pathOf(name), this.#backupOf(name));
  }

  #pathOf(name: string): string {
    return join(this.#options.binDir, name);
  }

  #backupOf(name: string): string {
    return join(this.#options.stateDir, BACKUP_DIR, name);
  }
}

/** Whether a file with this digest is one that the agent put there: the last, or the one before. */
function isOneOf(placed: PlacedProgram | undefined, digest: string | undefined): boolean {
  return digest !== undefined && (digest === placed?.sha256 || digest === placed?.replaces);
}

/** A reader sees the old file or the whole new one, which can be executed. */
async function replaceFile(source: string, target: string): Promise<void> {
  const draft = `${target}.new`;
  try {
    await copyFile(source, draft);
    await chmod(draft, 0o755);
    const file = await open(draft, 'r');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

/** SHA-256 in hex; undefined when there is no such file. */
async function digestOf(path: string): Promise<string | undefined> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
