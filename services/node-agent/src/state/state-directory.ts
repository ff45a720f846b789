import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '@margay/ports';
import { writeDurably } from '@margay/runtime';
import { reasonOf } from '../cni/cni-error.ts';
import { FolderGoneError, isMissing, writingInto } from './folder-gone.ts';
import type { SavedFile } from './saved-file.ts';

/** Of the state directory. */
export const STATE_MODE = 0o700;
/** For the next process, when the state directory is gone. No name that a container runtime reads. */
const HANDOVER_DIR = '.margay-handover';
/** Its presence says that the others are whole. */
const LAST_FILE = 'complete';

export interface StateDirectoryOptions {
  readonly stateDir: string;
  /** Other directories of the node's, mounts of their own: the first that still is one takes what is handed over. */
  readonly handoverDirs: readonly string[];
  readonly files: readonly SavedFile[];
  /** True while pods run that a new process could not know of by itself. */
  readonly hasPods: () => boolean;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * The state directory while the agent runs. Files that somebody takes away are
 * written again from memory, with the directory itself. In a container that is
 * a mount, which cannot be made again from inside: then all is handed to the
 * next process by another directory, and this one has to end. Ending without
 * that would lose the pods that run: nobody else has their records.
 */
export class StateDirectory {
  readonly #options: StateDirectoryOptions;
  #hasLooked = false;

  constructor(options: StateDirectoryOptions) {
    this.#options = options;
  }

  /**
   * One look: makes every file be there.
   *
   * @throws {FolderGoneError} only a new process can; what it needs was handed over
   * @throws {Error} the files cannot be written, and not be handed over either; call it again
   */
  async keep(): Promise<void> {
    const { stateDir, files, logger } = this.#options;
    const missing: SavedFile[] = [];
    for (const file of files) {
      if (file.isDue() && !(await isThere(join(stateDir, file.name)))) missing.push(file);
    }
    try {
      if (missing.length > 0) {
        await writingInto(stateDir, () => Promise.all(missing.map(({ save }) => save())), STATE_MODE);
        const names = missing.map(({ name }) => name);
        if (this.#hasLooked) logger.warn({ stateDir, names }, 'the state was taken away: written again');
      }
    } catch (error) {
      if (error instanceof FolderGoneError) await this.#handOver(error);
      throw error;
    } finally {
      this.#hasLooked = true;
    }
  }

  async #handOver({ message }: FolderGoneError): Promise<void> {
    const { handoverDirs, hasPods } = this.#options;
    const causes: unknown[] = [];
    for (const parent of handoverDirs) {
      try {
        await writingInto(parent, () => this.#writeHandover(handoverIn(parent)));
        return;
      } catch (cause) {
        causes.push(cause);
      }
    }
    if (!hasPods()) return;
    // Not the error that says that it was handed over.
    const reasons = causes.map(reasonOf).join('; ');
    throw new Error(
      `${message}; but nobody can take over the pods of this node: delete them by force, then the agent's pod (${reasons})`,
      { cause: causes.at(-1) },
    );
  }

  async #writeHandover(directory: string): Promise<void> {
    await rm(directory, { recursive: true, force: true });
    await mkdir(directory, { mode: STATE_MODE });
    for (const { name, isDue, content } of this.#options.files) {
      if (isDue()) await writeDurably(join(directory, name), content());
    }
    await writeDurably(join(directory, LAST_FILE), '');
  }
}

/**
 * Takes over what the last process could not keep in the state directory. One
 * that has files of its own is newer, and stays.
 *
 * Rejects with the system's error.
 */
export async function takeHandover(parts: {
  readonly stateDir: string;
  readonly handoverDirs: readonly string[];
  readonly logger: Pick<Logger, 'warn'>;
}): Promise<void> {
  for (const parent of parts.handoverDirs) await takeFrom(handoverIn(parent), parts);
}

async function takeFrom(
  directory: string,
  { stateDir, logger }: { readonly stateDir: string; readonly logger: Pick<Logger, 'warn'> },
): Promise<void> {
  if (await isThere(join(directory, LAST_FILE))) {
    await mkdir(stateDir, { recursive: true, mode: STATE_MODE });
    for (const entry of await readdir(directory, { withFileTypes: true })) {
      const { name } = entry;
      const target = join(stateDir, name);
      // What is no file is no state either.
      if (!entry.isFile() || name === LAST_FILE || (await isThere(target))) continue;
      await writeDurably(target, await readFile(join(directory, name), 'utf8'));
    }
    logger.warn({ stateDir }, 'the state was taken away from the last process, which handed it over');
  }
  await rm(directory, { recursive: true, force: true });
}

/** Directories of the node's that the agent has beside its state directory: each is a mount of its own. */
export function handoverDirsOf(parts: {
  readonly cniSocket: string;
  readonly confDir: string;
  readonly binDir: string;
}): string[] {
  return [dirname(parts.cniSocket), parts.confDir, parts.binDir];
}

/** Where it is in one of the directories that can take it. */
export function handoverIn(parent: string): string {
  return join(parent, HANDOVER_DIR);
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
