import { chmod, copyFile, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pluginPath, SUPPORTED_CNI_VERSIONS } from '@margay/cni-plugin';
import { writeDurably } from '@margay/runtime';

/** Name of the CNI network, and of the plugin's executable. */
export const NETWORK_NAME = 'margay';
export const CONFLIST_NAME = '10-margay.conflist';

/**
 * Puts the plugin's executable into the directory of the runtime, by rename: a
 * plugin that runs is not written to ("text file busy").
 */
export async function installPlugin(binDir: string): Promise<void> {
  const source = pluginPath();
  const target = join(binDir, NETWORK_NAME);
  if (await sameContent(source, target)) return;
  await mkdir(binDir, { recursive: true });
  const temporary = `${target}.new`;
  try {
    await copyFile(source, temporary);
    await chmod(temporary, 0o755);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Writes the network configuration, which tells the runtime that the node can
 * take pods. Stays when the agent ends: pods keep their network meanwhile.
 */
export async function installConfiguration(confDir: string): Promise<void> {
  await mkdir(confDir, { recursive: true });
  const path = join(confDir, CONFLIST_NAME);
  const text = networkConfiguration();
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return;
  await writeDurably(path, text);
}

/** `cniVersion` for runtimes older than 1.1.0; a newer one takes the highest of `cniVersions` that it knows. */
export function networkConfiguration(): string {
  const list = {
    cniVersion: '1.0.0',
    cniVersions: SUPPORTED_CNI_VERSIONS,
    name: NETWORK_NAME,
    plugins: [{ type: NETWORK_NAME }],
  };
  return `${JSON.stringify(list, undefined, 2)}\n`;
}

async function sameContent(a: string, b: string): Promise<boolean> {
  const [left, right] = await Promise.all([readFile(a), readFile(b).catch(() => undefined)]);
  return right !== undefined && left.equals(right);
}
