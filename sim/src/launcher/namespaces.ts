import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SimError } from '../error.ts';

/** How namespaces can be had here. */
export interface Isolation {
  /** Options of unshare(1). */
  readonly unshare: readonly string[];
  /** False: the simulation's root is not the host's, so that the kernel refuses eBPF. */
  readonly canLoadEbpf: boolean;
}

const BASE = ['--net', '--mount', '--pid', '--uts', '--ipc', '--fork', '--kill-child'];

/**
 * Finds out by trying, not by the user's number: a container's root may be
 * refused what an ordinary user elsewhere is given.
 *
 * @throws {SimError} `FAILED`: neither way works; one line says what is missing.
 */
export async function tryIsolation(): Promise<Isolation> {
  const asRoot = process.getuid?.() === 0 ? await tryUnshare(BASE) : 'not root';
  if (asRoot === undefined) return { unshare: BASE, canLoadEbpf: isHostRoot() };
  const withUser = ['--user', '--map-root-user', ...BASE];
  const asUser = await tryUnshare(withUser);
  if (asUser === undefined) return { unshare: withUser, canLoadEbpf: false };
  throw new SimError('FAILED', explain(asUser));
}

/** Undefined: it works. Else the first line of the complaint. */
async function tryUnshare(options: readonly string[]): Promise<string | undefined> {
  const child = spawn('unshare', [...options, '--mount-proc', 'true'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  return await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code) => resolve(code === 0 ? undefined : complaint.trim().split('\n')[0] || 'it failed'));
  });
}

function explain(complaint: string): string {
  if (complaint.includes('ENOENT')) {
    return 'the program unshare is missing: install the package util-linux';
  }
  const setting = readSetting('/proc/sys/kernel/apparmor_restrict_unprivileged_userns');
  if (setting === '1') {
    return 'AppArmor keeps ordinary users from making namespaces: run as root, or run sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 as root';
  }
  if (readSetting('/proc/sys/user/max_user_namespaces') === '0') {
    return 'user namespaces are switched off: run as root, or run sysctl -w user.max_user_namespaces=10000 as root';
  }
  if (readSetting('/proc/sys/kernel/unprivileged_userns_clone') === '0') {
    return 'ordinary users may not make namespaces here: run as root, or run sysctl -w kernel.unprivileged_userns_clone=1 as root';
  }
  const remedy =
    process.getuid?.() === 0
      ? 'root lacks the capability SYS_ADMIN, as in a container that was not given it: start the container with docker run --privileged'
      : 'run as root, and in a container start that with docker run --privileged';
  return `namespaces cannot be made here (${complaint.replace(/^unshare: /, '')}): ${remedy}`;
}

/** True in the first user namespace, where all user numbers are mapped to themselves. */
function isHostRoot(): boolean {
  return /^\s*0\s+0\s+4294967295\s*$/.test(readSetting('/proc/self/uid_map') ?? '');
}

function readSetting(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
