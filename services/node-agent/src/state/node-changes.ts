import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@margay/ports';
import { DurableFile } from '@margay/runtime';
import type { SavedFile } from './saved-file.ts';

/** In the state directory. */
export const CHANGES_FILE = 'node-changes.json';

/** A program that this agent put into the directory of the plugins. */
export interface PlacedProgram {
  /** Of the file that was put there, in hex: another file of that name is somebody else's. */
  readonly sha256: string;
  /** Of the agent's own file that this one replaces: a crash in between leaves that one there. */
  readonly replaces?: string;
  /** True when there was another file before, which is kept in the state directory. */
  readonly hasBackup: boolean;
}

interface Saved {
  readonly version: 1;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly programs: Readonly<Record<string, PlacedProgram>>;
  readonly filterObjects?: readonly string[];
}

/**
 * What the agent changed on the node and does not own: settings of the kernel,
 * files of others, and what the packet filter had of that which the chained
 * plugin portmap makes. Noted, in `node-changes.json`, before each change, so
 * that the uninstall puts back what was there.
 */
export class NodeChanges {
  readonly #sysctls: Map<string, string>;
  readonly #programs: Map<string, PlacedProgram>;
  #filterObjects: readonly string[] | undefined;
  readonly #file: DurableFile;
  readonly saved: SavedFile;

  private constructor(path: string, saved: Partial<Saved>) {
    this.#sysctls = new Map(Object.entries(saved.sysctls ?? {}));
    this.#programs = new Map(Object.entries(saved.programs ?? {}));
    this.#filterObjects = saved.filterObjects;
    const content = (): string => this.#content();
    this.#file = new DurableFile({ path, content });
    this.saved = { name: CHANGES_FILE, isDue: () => true, content, save: () => this.#file.save() };
  }

  /** Without the file, or with a damaged one, nothing was changed as far as is known. */
  static async load(stateDir: string, logger: Pick<Logger, 'warn'>): Promise<NodeChanges> {
    const path = join(stateDir, CHANGES_FILE);
    try {
      return new NodeChanges(path, JSON.parse(await readFile(path, 'utf8')) as Saved);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        logger.warn({ path, reason: String(error) }, 'what was changed on this node is not known: it stays as it is');
      }
      return new NodeChanges(path, {});
    }
  }

  /** The values that settings had before the first change, by name. */
  get sysctls(): ReadonlyMap<string, string> {
    return this.#sysctls;
  }

  get programs(): ReadonlyMap<string, PlacedProgram> {
    return this.#programs;
  }

  /** Tables and chains of the packet filter that were there before Margay; undefined when that was not noted. */
  get filterObjects(): readonly string[] | undefined {
    return this.#filterObjects;
  }

  /** Only the first value of a setting counts. Rejects with the system's error. */
  async noteSysctl(name: string, original: string): Promise<void> {
    if (this.#sysctls.has(name)) return;
    this.#sysctls.set(name, original);
    await this.#file.save();
  }

  /** Rejects with the system's error. */
  async noteProgram(name: string, program: PlacedProgram): Promise<void> {
    this.#programs.set(name, program);
    await this.#file.save();
  }

  /** Rejects with the system's error. */
  async noteFilterObjects(names: readonly string[]): Promise<void> {
    this.#filterObjects = names;
    await this.#file.save();
  }

  #content(): string {
    const saved: Saved = {
      version: 1,
      sysctls: Object.fromEntries(this.#sysctls),
      programs: Object.fromEntries(this.#programs),
      ...(this.#filterObjects && { filterObjects: this.#filterObjects }),
    };
    return `${JSON.stringify(saved, undefined, 1)}\n`;
  }
}
