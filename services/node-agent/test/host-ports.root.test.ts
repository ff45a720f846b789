import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createNamedNamespace, LinuxFilterTables } from '@margay/kernel-linux';
import { requireOwnNamespaces } from '@margay/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EndpointStore } from '../src/endpoints/endpoint-store.ts';
import { notePortmap, removePortmapTraces } from '../src/host-ports/portmap-traces.ts';
import { NodeChanges } from '../src/state/node-changes.ts';
import { silentLogger } from './agent-harness.ts';

requireOwnNamespaces();

// What the real portmap leaves in the packet filter, and what of it goes.

/** Of Debian's package containernetworking-plugins. */
const PORTMAP = '/usr/lib/cni/portmap';

const folder = mkdtempSync(join(tmpdir(), 'margay-portmap-'));
const namespace = join(folder, 'pod');
/** The newer iptables, whichever the machine uses. */
const path = [join(folder, 'bin'), process.env.PATH].join(delimiter);
let stateDir: string;

beforeAll(() => {
  createNamedNamespace(namespace);
  mkdirSync(join(folder, 'bin'));
  for (const name of ['iptables', 'ip6tables']) symlinkSync(find(`${name}-nft`), join(folder, 'bin', name));
});
afterAll(() => {
  run('umount', [namespace]);
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  stateDir = mkdtempSync(join(folder, 'state-'));
});
afterEach(() => void run('nft', ['flush', 'ruleset']));

function run(program: string, words: readonly string[], input = ''): string {
  return execFileSync(program, words, { encoding: 'utf8', input, env: { ...process.env, PATH: path } });
}

function find(program: string): string {
  return run('sh', ['-c', 'command -v "$0"', program]).trim();
}

/** Of the tables' handles and their users' counters nothing is shown. */
function ruleset(): string {
  return run('nft', ['--stateless', 'list', 'ruleset']);
}

function portmap(command: 'ADD' | 'DEL', { network, address }: { network: string; address: string }): void {
  const container = `container-of-${network}`;
  const config = {
    cniVersion: '1.0.0',
    name: network,
    type: 'portmap',
    snat: true,
    runtimeConfig: { portMappings: [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }] },
    prevResult: {
      cniVersion: '1.0.0',
      interfaces: [{ name: 'eth0', sandbox: namespace }],
      ips: [{ address, interface: 0 }],
    },
  };
  execFileSync(PORTMAP, {
    input: JSON.stringify(config),
    env: {
      PATH: path,
      CNI_COMMAND: command,
      CNI_CONTAINERID: container,
      CNI_NETNS: namespace,
      CNI_IFNAME: 'eth0',
      CNI_PATH: '/usr/lib/cni',
    },
  });
}

const MARGAY = { network: 'margay', address: '10.8.0.5/32' };
const MARGAY_6 = { network: 'margay', address: '2001:db8::5/128' };
const OTHER = { network: 'other', address: '10.9.0.5/32' };

/** As the agent does at its first start. */
async function install(): Promise<void> {
  await notePortmap(new LinuxFilterTables(), await NodeChanges.load(stateDir, silentLogger()));
}

async function uninstall(): Promise<void> {
  await removePortmapTraces(new LinuxFilterTables(), {
    changes: await NodeChanges.load(stateDir, silentLogger()),
    endpoints: await EndpointStore.load(stateDir),
  });
}

const THEIRS = [
  ['-t', 'nat', '-N', 'KUBE-POSTROUTING'],
  ['-t', 'nat', '-A', 'KUBE-POSTROUTING', '-m', 'comment', '--comment', 'theirs', '-j', 'MASQUERADE'],
  ['-t', 'nat', '-A', 'POSTROUTING', '-j', 'KUBE-POSTROUTING'],
  ['-t', 'nat', '-A', 'OUTPUT', '-d', '192.0.2.1', '-j', 'ACCEPT'],
  ['-t', 'filter', '-P', 'FORWARD', 'DROP'],
] as const;

describe('removePortmapTraces', () => {
  it.each([
    { name: 'in an empty packet filter', theirs: [] },
    { name: 'beside what others have there', theirs: THEIRS },
  ])('leaves the packet filter as it was, $name', async ({ theirs }) => {
    for (const rule of theirs) run('iptables', rule);
    const before = ruleset();
    await install();
    for (const port of [MARGAY, MARGAY_6]) portmap('ADD', port);
    for (const port of [MARGAY, MARGAY_6]) portmap('DEL', port);
    expect(ruleset()).toContain('CNI-HOSTPORT-DNAT');
    // A later start of the agent does not take portmap's chains for somebody's.
    await install();
    await uninstall();
    expect(ruleset()).toBe(before);
    await uninstall();
    expect(ruleset()).toBe(before);
  });

  it('takes a port of a pod of Margay for which the plugin was never called again', async () => {
    await install();
    portmap('ADD', MARGAY);
    await uninstall();
    expect(ruleset()).toBe('');
  });

  it('leaves everything while somebody has a port', async () => {
    await install();
    portmap('ADD', MARGAY);
    portmap('ADD', OTHER);
    portmap('DEL', MARGAY);
    // Not of ip6: there iptables makes a table when portmap only looks for a port.
    const table = (): string => run('nft', ['--stateless', 'list', 'table', 'ip', 'nat']);
    const before = table();
    await uninstall();
    expect(table()).toBe(before);
    portmap('DEL', OTHER);
    await uninstall();
    expect(ruleset()).toBe('');
  });

  it('leaves what another CNI had portmap make before', async () => {
    portmap('ADD', OTHER);
    portmap('DEL', OTHER);
    const before = ruleset();
    await install();
    portmap('ADD', MARGAY);
    portmap('DEL', MARGAY);
    await uninstall();
    expect(ruleset()).toBe(before);
  });

  it('leaves everything when what was there before is not known', async () => {
    portmap('ADD', MARGAY);
    const before = ruleset();
    await uninstall();
    expect(ruleset()).toBe(before);
  });

  it('takes the table of portmap with nftables once no port is in it', async () => {
    await install();
    // As portmap 1.9 makes it.
    const table = `table ip cni_hostport {
      comment "CNI portmap plugin"
      chain hostports { tcp dport 8080 dnat to 10.9.0.5:80 comment "of-another"; }
      chain hostip_hostports { }
      chain hostports_all { jump hostip_hostports; jump hostports; }
      chain prerouting { type nat hook prerouting priority dstnat; fib daddr type local jump hostports_all; }
      chain output { type nat hook output priority -100; fib daddr type local jump hostports_all; }
      chain masquerading { type nat hook postrouting priority srcnat; }
    }`;
    run('nft', ['-f', '-'], table);
    const before = ruleset();
    await uninstall();
    expect(ruleset()).toBe(before);
    run('nft', ['flush', 'chain', 'ip', 'cni_hostport', 'hostports']);
    await uninstall();
    expect(ruleset()).toBe('');
  });
});
