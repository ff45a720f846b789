import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Kernel, Logger } from '@margay/ports';
import { IPIP_DEVICE } from '@margay/routing-core';
import { reasonOf } from '../cni/cni-error.ts';
import { restoreSysctls } from '../dataplane/node-sysctls.ts';
import { MARK_FILE } from '../dataplane/saved-mark.ts';
import { ENDPOINTS_FILE, type EndpointStore } from '../endpoints/endpoint-store.ts';
import { REPLICA_FILE } from '../feed/replica-file.ts';
import { removePortmapTraces } from '../host-ports/portmap-traces.ts';
import { CONFLIST_NAME, NETWORK_NAME } from '../install/conflist.ts';
import { BACKUP_DIR, PlacedPrograms } from '../install/placed-programs.ts';
import { NODE_FILE } from '../node/node-state.ts';
import { CHANGES_FILE, type NodeChanges } from '../state/node-changes.ts';

/** Every file that an agent keeps in its state directory; the notes of what to put back go last. */
const STATE_FILES = [ENDPOINTS_FILE, REPLICA_FILE, NODE_FILE, MARK_FILE, BACKUP_DIR, CHANGES_FILE];

export interface ClearNodeOptions {
  readonly kernel: Kernel;
  readonly binDir: string;
  readonly confDir: string;
  readonly stateDir: string;
  readonly cniSocket: string;
  readonly changes: NodeChanges;
  readonly endpoints: EndpointStore;
  readonly logger: Logger;
}

/**
 * Takes away all that Margay has in the kernel and in the directories of this
 * node, and puts back what it changed. Every step is tried; returns the
 * failures, as sentences. The notes of what to put back stay while there are
 * any, so that the next call goes on. What is gone already is no failure.
 */
export async function clearNode(options: ClearNodeOptions): Promise<string[]> {
  const { kernel, binDir, confDir, stateDir, changes, endpoints, logger } = options;
  const failures: string[] = [];
  const step = async (what: string, action: () => Promise<unknown>): Promise<void> => {
    try {
      await action();
      logger.info({ what }, 'done');
    } catch (error) {
      failures.push(`${what}: ${reasonOf(error)}`);
    }
  };
  // First: from here on the runtime starts no pod.
  await step('network configuration', () => rm(join(confDir, CONFLIST_NAME), { force: true }));
  await step('pod links', async () => {
    for (const { hostDevice } of await kernel.podLinks.list()) await kernel.podLinks.remove(hostDevice);
  });
  await step('routes', async () => {
    const remove = await kernel.routes.list();
    if (remove.length > 0) await kernel.routes.apply({ upsert: [], remove });
  });
  await step('tunnel', () => kernel.ipip.remove(IPIP_DEVICE));
  await step('packet filter', () => kernel.firewall.clear());
  await step('host ports', () => removePortmapTraces(kernel.filterTables, { changes, endpoints }));
  await step('kernel settings', () => restoreSysctls(kernel.sysctls, changes));
  await step('plugins', async () => {
    await new PlacedPrograms({ binDir, stateDir, changes }).restore();
    // Also when the notes were lost.
    await rm(join(binDir, NETWORK_NAME), { force: true });
  });
  if (failures.length === 0) {
    await step('state', () => clearState(stateDir));
    await step('socket', () => clearSocket(options.cniSocket));
  }
  return failures;
}

/** Only what is Margay's: the directory may be one that the operator gave. */
async function clearState(stateDir: string): Promise<void> {
  for (const name of STATE_FILES) {
    await rm(join(stateDir, `${name}.new`), { force: true });
    await rm(join(stateDir, name), { force: true, recursive: true });
  }
  await removeIfEmpty(stateDir);
}

async function clearSocket(path: string): Promise<void> {
  const directory = dirname(path);
  await rm(path, { force: true });
  // What a crash left between making the socket and moving it into place.
  const drafts = (await readdir(directory).catch(() => [])).filter((name) => name.startsWith('.new-'));
  for (const name of drafts) await rm(join(directory, name), { force: true, recursive: true });
  await removeIfEmpty(directory);
}

/** A directory that is mounted here cannot be removed; it is empty all the same. */
async function removeIfEmpty(directory: string): Promise<void> {
  try {
    if ((await readdir(directory)).length === 0) await rmdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EBUSY' && code !== 'ENOTEMPTY') throw error;
  }
}
