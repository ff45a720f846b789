import { access, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Logger } from '@margay/ports';
import { writeDurably } from '@margay/runtime';
import { reasonOf } from '../cni/cni-error.ts';
import { FolderGoneError, isMissing, writingInto } from './folder-gone.ts';
import type { SavedFile } from './saved-file.ts';

/** Of the state directory. */
export const STATE_MODE = 0o700;
/** Beside the agent's socket: for the next process, when the state directory is gone. */
const HANDOVER_DIR = '.handover';
/** Its presence says that the others are whole. */
const LAST_FILE = 'complete';

export interface StateDirectoryOptions {
  readonly stateDir: string;
  /** In another directory of the node's, since both are mounts of their own. */
  readonly cniSocket: string;
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
    const { cniSocket, files, hasPods } = this.#options;
    const directory = handoverOf(cniSocket);
    const write = async (): Promise<void> => {
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { mode: STATE_MODE });
      for (const { name, isDue, content } of files) if (isDue()) await writeDurably(join(directory, name), content());
      await writeDurably(join(directory, LAST_FILE), '');
    };
    try {
      await writingInto(dirname(directory), write);
    } catch (cause) {
      // Not the error that says that it was handed over.
      if (hasPods())
        throw new Error(`${message}; but the pods of this node have to go first: ${reasonOf(cause)}`, { cause });
    }
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
  readonly cniSocket: string;
  readonly logger: Pick<Logger, 'warn'>;
}): Promise<void> {
  const { stateDir, cniSocket, logger } = parts;
  const directory = handoverOf(cniSocket);
  if (await isThere(join(directory, LAST_FILE))) {
    await mkdir(stateDir, { recursive: true, mode: STATE_MODE });
    for (const name of await readdir(directory)) {
      const target = join(stateDir, name);
      if (name === LAST_FILE || (await isThere(target))) continue;
      await writeDurably(target, await readFile(join(directory, name), 'utf8'));
    }
    logger.warn({ stateDir }, 'the state was taken away from the last process, which handed it over');
  }
  await rm(directory, { recursive: true, force: true });
}

export function handoverOf(cniSocket: string): string {
  return join(dirname(cniSocket), HANDOVER_DIR);
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
