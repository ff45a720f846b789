import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pluginPath } from '@margay/cni-plugin';
import type { Logger } from '@margay/ports';
import { writeDurably } from '@margay/runtime';
import { Change } from '../state/change.ts';
import { isMissing, writingInto } from '../state/folder-gone.ts';
import { askPlugin, type PluginFacts } from './ask-plugin.ts';
import { type ChainedPlugin, CONFLIST_NAME, NETWORK_NAME, networkConfiguration } from './conflist.ts';
import type { PlacedPrograms } from './placed-programs.ts';

/** The oldest release of containernetworking's plugins that stays: major and minor. */
const OLDEST_RELEASE = [1, 9] as const;

export interface NodeInstallationOptions {
  readonly binDir: string;
  readonly confDir: string;
  /** With the plugins to put onto the node where it has none, or older ones. */
  readonly pluginsDir?: string | undefined;
  /** Names of the plugins that run after Margay's, in this order. */
  readonly chainedPlugins: readonly string[];
  readonly programs: PlacedPrograms;
  readonly logger: Logger;
}

/** What a container runtime finds of Margay on the node: programs, and last of all the network configuration. */
export class NodeInstallation {
  /** Told when `isInPlace` may have changed. */
  readonly changed = new Change();
  readonly #options: NodeInstallationOptions;
  #isInPlace = false;
  #text: string | undefined;
  /** From the end of the first `installConfiguration` on. */
  #isKept = false;
  /** Programs that the last look found changed, as it told them; '' for none. */
  #told = '';
  /** Of the programs as they were left, by name: what a file's node says, which costs no reading of the file. */
  #seen: ReadonlyMap<string, string> = new Map();

  constructor(options: NodeInstallationOptions) {
    this.#options = options;
  }

  /** The network configuration was there, as it should be, at the last look. */
  get isInPlace(): boolean {
    return this.#isInPlace;
  }

  /**
   * Makes Margay's plugin and those that it needs be on the node. A release of
   * 1.9 or later that is there stays, whoever put it there.
   *
   * Rejects with the system's error.
   */
  async installPrograms(): Promise<void> {
    const { programs, binDir, pluginsDir, logger } = this.#options;
    await writingInto(binDir, () => programs.place(NETWORK_NAME, pluginPath()));
    for (const name of await this.#shipped()) {
      if (!(await programs.isOurs(name)) && isGoodEnough(await this.#ask(name))) continue;
      if (await programs.place(name, join(pluginsDir ?? '', name))) logger.info({ plugin: name }, 'installed a plugin');
    }
    this.#seen = await this.#look();
  }

  /**
   * Tells the runtime that the node can take pods. The draft is in the same
   * directory: containerd does not see a file that is renamed in from another.
   *
   * @throws {Error} a chained plugin is not on the node
   */
  async installConfiguration(): Promise<void> {
    const { confDir, binDir, chainedPlugins } = this.#options;
    const chained: ChainedPlugin[] = [];
    for (const name of chainedPlugins) {
      const facts = await this.#ask(name);
      if (!facts) {
        throw new Error(`the plugin '${name}' is not in ${binDir}: install it, or leave it out`);
      }
      chained.push({ name, cniVersions: facts.cniVersions });
    }
    const text = networkConfiguration(chained);
    this.#text = text;
    if (!(await this.#readConfiguration())) await writingInto(confDir, () => writeDurably(this.#path, text));
    await this.#readConfiguration();
    this.#isKept = true;
  }

  /**
   * One look, once the configuration was installed: puts back what somebody
   * removed or changed. A newer plugin that somebody else brings stays.
   *
   * @throws {FolderGoneError} only a new process can
   * @throws {Error} it cannot be put back; call it again
   */
  async keep(): Promise<void> {
    if (!this.#isKept) return;
    const { logger, binDir } = this.#options;
    const now = await this.#look();
    const changed = [...this.#seen].filter(([name, file]) => now.get(name) !== file).map(([name]) => name);
    // Of a trouble that stays, once.
    if (changed.length > 0 && changed.join() !== this.#told) {
      logger.warn({ binDir, changed }, 'programs of the container runtime were removed or changed: looking after them');
    }
    this.#told = changed.join();
    if (changed.length > 0) await this.installPrograms();
    if (await this.#readConfiguration()) return;
    logger.warn({ path: this.#path }, 'the network configuration was removed or changed: writing it again');
    await this.installConfiguration();
  }

  get #path(): string {
    return join(this.#options.confDir, CONFLIST_NAME);
  }

  async #readConfiguration(): Promise<boolean> {
    const isInPlace = (await readFile(this.#path, 'utf8').catch(() => undefined)) === this.#text;
    if (isInPlace !== this.#isInPlace) {
      this.#isInPlace = isInPlace;
      this.changed.notify();
    }
    return isInPlace;
  }

  async #shipped(): Promise<string[]> {
    const { pluginsDir } = this.#options;
    return pluginsDir === undefined ? [] : (await readdir(pluginsDir)).toSorted();
  }

  async #look(): Promise<Map<string, string>> {
    const { binDir } = this.#options;
    const names = [NETWORK_NAME, ...(await this.#shipped())];
    return new Map(await Promise.all(names.map(async (name) => [name, await fileAt(join(binDir, name))] as const)));
  }

  #ask(name: string): Promise<PluginFacts | undefined> {
    return askPlugin(join(this.#options.binDir, name));
  }
}

/** Differs for another file, and after a write; '' for none. */
async function fileAt(path: string): Promise<string> {
  try {
    const { ino, size, mtimeMs } = await stat(path);
    return `${ino} ${size} ${mtimeMs}`;
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}

/** One that does not tell its release is good enough when it speaks what 1.9 does. */
function isGoodEnough(facts: PluginFacts | undefined): boolean {
  if (!facts) return false;
  const { release, cniVersions } = facts;
  if (!release) return cniVersions.includes('1.1.0');
  const [major = 0, minor = 0] = release;
  return major > OLDEST_RELEASE[0] || (major === OLDEST_RELEASE[0] && minor >= OLDEST_RELEASE[1]);
}
