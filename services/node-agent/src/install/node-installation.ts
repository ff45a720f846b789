import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pluginPath } from '@margay/cni-plugin';
import type { Clock, Logger } from '@margay/ports';
import { writeDurably } from '@margay/runtime';
import { reasonOf } from '../cni/cni-error.ts';
import { Change } from '../state/change.ts';
import { askPlugin, type PluginFacts } from './ask-plugin.ts';
import { type ChainedPlugin, CONFLIST_NAME, NETWORK_NAME, networkConfiguration } from './conflist.ts';
import type { PlacedPrograms } from './placed-programs.ts';

/** The oldest release of containernetworking's plugins that stays: major and minor. */
const OLDEST_RELEASE = [1, 9] as const;
/** Between two looks at the files, milliseconds. */
const LOOK_INTERVAL_MS = 30_000;

export interface NodeInstallationOptions {
  readonly binDir: string;
  readonly confDir: string;
  /** With the plugins to put onto the node where it has none, or older ones. */
  readonly pluginsDir?: string | undefined;
  /** Names of the plugins that run after Margay's, in this order. */
  readonly chainedPlugins: readonly string[];
  readonly programs: PlacedPrograms;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What a container runtime finds of Margay on the node: programs, and last of all the network configuration. */
export class NodeInstallation {
  /** Told when `isInPlace` may have changed. */
  readonly changed = new Change();
  readonly #options: NodeInstallationOptions;
  #isInPlace = false;
  #text: string | undefined;

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
    const { programs, pluginsDir, logger } = this.#options;
    await programs.place(NETWORK_NAME, pluginPath());
    if (pluginsDir === undefined) return;
    for (const name of (await readdir(pluginsDir)).toSorted()) {
      if (!(await programs.isOurs(name)) && isGoodEnough(await this.#ask(name))) continue;
      if (await programs.place(name, join(pluginsDir, name))) logger.info({ plugin: name }, 'installed a plugin');
    }
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
    this.#text = networkConfiguration(chained);
    await mkdir(confDir, { recursive: true });
    if (!(await this.#look())) await writeDurably(this.#path, this.#text);
    await this.#look();
  }

  /** Puts back what somebody removed, until the signal aborts. Call it once the configuration was installed. */
  async keep(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    for (;;) {
      try {
        await clock.sleep(LOOK_INTERVAL_MS, signal);
      } catch {
        return;
      }
      try {
        if (await this.#isMissingProgram()) await this.installPrograms();
        if (await this.#look()) continue;
        logger.warn({ path: this.#path }, 'the network configuration was removed or changed: writing it again');
        await this.installConfiguration();
      } catch (error) {
        logger.warn({ reason: reasonOf(error) }, 'what the runtime needs cannot be kept on the node; trying again');
      }
    }
  }

  get #path(): string {
    return join(this.#options.confDir, CONFLIST_NAME);
  }

  async #look(): Promise<boolean> {
    const isInPlace = (await readFile(this.#path, 'utf8').catch(() => undefined)) === this.#text;
    if (isInPlace !== this.#isInPlace) {
      this.#isInPlace = isInPlace;
      this.changed.notify();
    }
    return isInPlace;
  }

  async #isMissingProgram(): Promise<boolean> {
    const { binDir, pluginsDir } = this.#options;
    const names = [NETWORK_NAME, ...(pluginsDir === undefined ? [] : await readdir(pluginsDir))];
    return names.some((name) => !existsSync(join(binDir, name)));
  }

  #ask(name: string): Promise<PluginFacts | undefined> {
    return askPlugin(join(this.#options.binDir, name));
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
