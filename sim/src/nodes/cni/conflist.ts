import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeletError, messageOf } from '../error.ts';

/** One plugin of a list: its own configuration, passed on as it stands. */
export interface PluginConfig {
  readonly type: string;
  readonly capabilities?: Readonly<Record<string, boolean>>;
  readonly [field: string]: unknown;
}

/** A network configuration list (CNI specification 1.1.0, section 1). */
export interface NetworkList {
  readonly name: string;
  readonly cniVersion: string;
  readonly plugins: readonly PluginConfig[];
}

/** Versions of the specification that this runtime speaks, oldest first. */
export const CNI_VERSIONS = ['0.1.0', '0.2.0', '0.3.0', '0.3.1', '0.4.0', '1.0.0', '1.1.0'] as const;

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/**
 * The first `*.conflist` of the directory by name, as containerd takes it.
 *
 * @throws {KubeletError} `NO_CONFLIST`: there is none (yet); `BAD_CONFLIST`.
 */
export function loadNetworkList(directory: string): NetworkList {
  const file = conflistFiles(directory)[0];
  if (file === undefined) throw new KubeletError('NO_CONFLIST', `no network configuration in ${directory}`);
  const path = join(directory, file);
  try {
    return parseNetworkList(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new KubeletError('BAD_CONFLIST', `${path}: ${messageOf(error)}`, { cause: error });
  }
}

function conflistFiles(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.conflist'))
      .sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** @throws {KubeletError} `BAD_CONFLIST`, with what is wrong. */
export function parseNetworkList(text: string): NetworkList {
  const value = parseJson(text);
  if (!isObject(value)) throw bad('it must be a JSON object');
  const { name, plugins } = value;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw bad(`name must begin with a letter or digit and have only letters, digits and "_.-", not ${show(name)}`);
  }
  if (!Array.isArray(plugins) || plugins.length === 0) throw bad('plugins must be a list with at least one plugin');
  return { name, cniVersion: chooseVersion(value), plugins: plugins.map(parsePlugin) };
}

function parsePlugin(plugin: unknown, index: number): PluginConfig {
  if (!isObject(plugin)) throw bad(`plugins[${index}] must be a JSON object`);
  const { type } = plugin;
  if (typeof type !== 'string' || type === '' || type.includes('/')) {
    throw bad(`plugins[${index}].type must be the name of a program, not ${show(type)}`);
  }
  return { ...plugin, type };
}

/** The highest known version of `cniVersions` and `cniVersion`; 0.1.0 when none is given. */
function chooseVersion(list: Record<string, unknown>): string {
  const offered: unknown[] = Array.isArray(list.cniVersions) ? [...list.cniVersions] : [];
  if (list.cniVersion !== undefined && list.cniVersion !== '') offered.push(list.cniVersion);
  if (offered.length === 0) return '0.1.0';
  const known = CNI_VERSIONS.findLast((version) => offered.includes(version));
  if (known === undefined) {
    throw bad(`no known CNI version in ${show(offered)}; known are ${CNI_VERSIONS.join(', ')}`);
  }
  return known;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw bad(`it is not JSON: ${messageOf(error)}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function bad(message: string): KubeletError {
  return new KubeletError('BAD_CONFLIST', message);
}
