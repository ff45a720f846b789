import { join } from 'node:path';
import { checkoutDirectory } from '../launcher/paths.ts';

const KEPT = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TERM', 'TZ'];
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What processes inside the simulation get of the caller's environment: nothing that configures them. */
export function cleanEnvironment(source: NodeJS.ProcessEnv): Record<string, string> {
  const kept = KEPT.flatMap((name): [string, string][] => {
    const value = source[name];
    return value === undefined ? [] : [[name, value]];
  });
  const path = (source.PATH ?? '').split(':');
  // A user's path often lacks the folders of ip, nft and tcpdump.
  const missing = DEFAULT_PATH.split(':').filter((folder) => !path.includes(folder));
  return { ...Object.fromEntries(kept), PATH: [...path.filter(Boolean), ...missing].join(':') };
}

/** Folder for compiled sources, inside the checkout, so that nothing else is written to. */
export function compileCacheDirectory(): string {
  return join(checkoutDirectory(), '.cache', 'node-compile');
}
