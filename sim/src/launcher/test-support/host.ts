import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { checked, libc } from '@margay/kernel-linux';
import { expect } from 'vitest';
import { statePaths } from '../paths.ts';

const CLONE_NEWNS = 0x20000;
const CLONE_NEWNET = 0x40000000;
const MS_REC = 0x4000;
const MS_PRIVATE = 1 << 18;
const MS_SHARED = 1 << 20;

/**
 * Makes this process's own network and mounts the host of the simulations that
 * it starts: what else happens on the machine is not seen, and there is
 * something of every kind that could be lost. Mounts are shared, as on a
 * machine with systemd, so that one that spreads is seen. Without root the
 * machine itself stays the host.
 */
export function standInForHost(): void {
  if (process.getuid?.() !== 0) return;
  checked(libc().unshare(CLONE_NEWNET | CLONE_NEWNS), 'make a host');
  checked(libc().mount(null, '/', null, MS_REC | MS_PRIVATE, null), 'keep the mounts to this process');
  checked(libc().mount(null, '/', null, MS_REC | MS_SHARED, null), 'share the mounts');
  run('ip', 'link', 'set', 'lo', 'up');
  run('ip', 'link', 'add', 'here0', 'type', 'veth', 'peer', 'name', 'here1');
  // Without addresses that the kernel makes, since those change for a while.
  for (const device of ['here0', 'here1']) run('ip', 'link', 'set', device, 'addrgenmode', 'none', 'up');
  run('ip', 'address', 'add', '192.0.2.2/24', 'dev', 'here0');
  run('ip', 'address', 'add', '2001:db8::2/64', 'dev', 'here0', 'nodad');
  run('ip', 'route', 'add', '10.244.0.0/16', 'via', '192.0.2.1', 'table', '77');
  run('ip', 'rule', 'add', 'fwmark', '7', 'table', '77');
  run('nft', 'add table inet margay; add chain inet margay here { type filter hook forward priority 0; }');
  run('sysctl', '-qw', 'net.ipv4.ip_forward=0', 'net.ipv4.conf.all.rp_filter=2');
}

/** What must be the same on the host before, while and after a simulation runs. */
export function hostState(): Record<string, unknown> {
  return {
    links: run('ip', '-o', 'link', 'show'),
    addresses: run('ip', '-o', 'address', 'show').replaceAll(/(valid_lft|preferred_lft) [0-9]+sec/g, ''),
    routes: run('ip', 'route', 'show', 'table', 'all'),
    routes6: run('ip', '-6', 'route', 'show', 'table', 'all').replaceAll(/expires [0-9]+sec/g, ''),
    rules: run('ip', 'rule', 'show'),
    namespaces: run('ip', 'netns', 'list'),
    // Only root may read it.
    nft: process.getuid?.() === 0 ? run('nft', 'list', 'ruleset') : '',
    mounts: readFileSync('/proc/self/mountinfo', 'utf8'),
  };
}

/** Settings of the host; those that count, or that change by themselves, are left out. */
export function hostSettings(): Map<string, string> {
  const entries = run('sysctl', '-a', '--pattern', '^(net|kernel.hostname|kernel.domainname|user)')
    .split('\n')
    .map((line): [string, string] => {
      const [name = '', ...value] = line.split(' = ');
      return [name, value.join(' = ')];
    });
  return new Map(entries.filter(([name]) => name !== '' && !/count$|tcp_mem|udp_mem|route\.gc|random/.test(name)));
}

/** A module that the kernel loads brings settings of its own: only those that were there can have changed. */
export function expectSameSettings(before: ReadonlyMap<string, string>): void {
  const now = hostSettings();
  expect(Object.fromEntries([...before.keys()].map((name) => [name, now.get(name)]))).toEqual(
    Object.fromEntries(before),
  );
}

/** Every process that was started for a simulation or sees its state directory mounted, as the host numbers them. */
export function processesOf(name: string): number[] {
  const { directory } = statePaths(name);
  const pids = readdirSync('/proc').filter((entry) => /^[0-9]+$/.test(entry));
  return pids.map(Number).filter((pid) => {
    if (pid === process.pid) return false;
    const words = read(`/proc/${pid}/cmdline`).split('\0');
    const belongs = (path: string): boolean => path === directory || path.startsWith(`${directory}/`);
    return words.some(belongs) || read(`/proc/${pid}/mountinfo`).split(/\s/).some(belongs);
  });
}

function run(...command: [string, ...string[]]): string {
  const [file, ...parameters] = command;
  return execFileSync(file, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Empty for what is gone, or somebody else's. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
