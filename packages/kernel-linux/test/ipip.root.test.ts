import type { ChildProcess } from 'node:child_process';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseAddress, parseCidr } from '@margay/ip';
import { IPIP_DEVICE } from '@margay/routing-core';
import { requireOwnNamespaces } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostOf, IpipLab, podOf, routerPort } from './ipip-lab.ts';
import { sendFrame, shortFragmentationNeeded } from './raw-packets.ts';

requireOwnNamespaces();

const PEER = join(import.meta.dirname, 'net-peer.ts');
const DRIVER = join(import.meta.dirname, '../src/ipip/index.ts');

let lab: IpipLab;

/** n1 and n3 are in one subnet, n2 is behind the router. */
beforeEach(async () => {
  lab = new IpipLab([
    { name: 'n1', address: '192.0.2.10', block: '10.8.1.0/24' },
    { name: 'n2', address: '198.51.100.20', block: '10.8.2.0/24' },
    { name: 'n3', address: '192.0.2.11', block: '10.8.3.0/24' },
  ]);
  await lab.connect();
});

afterEach(async () => {
  await lab.close();
});

async function serve(namespace: string, mode: 'tcp-server' | 'udp-server', port: number): Promise<void> {
  const child = lab.start(namespace, process.execPath, PEER, mode, String(port));
  await once(createInterface(child.stdout as NonNullable<ChildProcess['stdout']>), 'line');
}

/** A TCP connection that sends a line and waits for its echo. */
function openConnection(from: string, address: string, port: number): { echo(text: string): Promise<string> } {
  const child = lab.start(from, process.execPath, PEER, 'tcp-client', address, String(port));
  const lines = createInterface(child.stdout as NonNullable<ChildProcess['stdout']>);
  return {
    async echo(text) {
      const answer = once(lines, 'line');
      child.stdin?.write(`${text}\n`);
      return (await answer)[0];
    },
  };
}

/** What tcpdump prints of the first `count` packets that match, while `during` runs. */
async function capture(
  {
    namespace,
    device = 'eth0',
    filter,
    count = 1,
  }: { namespace: string; device?: string; filter: string; count?: number },
  during: () => unknown,
): Promise<string> {
  const child = lab.start(namespace, 'tcpdump', '-lnvi', device, '-c', String(count), ...filter.split(' '));
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  const closed = once(child, 'close');
  await once(child.stderr as NonNullable<ChildProcess['stderr']>, 'data');
  await during();
  await closed;
  return text.replace(/\n\s+/g, ' ');
}

function pings(from: string, address: string, ...options: string[]): boolean {
  return lab.succeeds(from, 'ping', '-c1', '-W10', ...options, address);
}

/** That nothing comes back cannot be awaited; the tests look at what was dropped besides. */
function pingsInVain(from: string, address: string, ...options: string[]): boolean {
  return !lab.succeeds(from, 'ping', '-c1', '-W1', ...options, address);
}

function pingText(from: string, ...options: string[]): string {
  const args = [`--net=${lab.path(from)}`, 'ping', '-c1', '-W2', ...options, '10.8.2.2'];
  return spawnSync('nsenter', args, { encoding: 'utf8' }).stdout;
}

/** All that the driver may leave in a namespace. */
function traces(namespace: string): string {
  const devices = lab.run(namespace, 'ip', '-o', 'link').replaceAll(/.*link\/loopback.*/g, '');
  const names = devices.split('\n').map((line) => line.split(': ')[1] ?? '');
  const filters = ['ingress', 'egress'].map((side) => lab.run(namespace, 'tc', 'filter', 'show', 'dev', 'eth0', side));
  return [...names, lab.run(namespace, 'tc', 'qdisc'), ...filters].join('\n');
}

function programs(namespace: string): string {
  const show = (device: string, side: string): string =>
    lab.run(namespace, 'tc', 'filter', 'show', 'dev', device, side);
  return show('eth0', 'ingress') + show(IPIP_DEVICE, 'egress');
}

describe('EbpfIpipDriver', () => {
  it.each([
    { name: 'through a router', to: 'n2' },
    { name: 'in one subnet', to: 'n3' },
  ])('carries ping, whole TCP packets and large UDP from pod to pod $name', async ({ to }) => {
    const from = lab.node('n1');
    const peer = lab.node(to);
    const address = hostOf(peer.block, 2);
    const wire = await capture({ namespace: 'n1', filter: 'ip proto 4' }, () =>
      lab.run(podOf('n1'), 'ping', '-c1', '-W2', '-Q', '0x10', address),
    );
    expect(wire).toMatch(/tos 0x10, ttl 64, .* flags \[DF\], proto IPIP/);
    expect(wire).toContain(`${from.address} > ${peer.address}: IP (tos 0x10`);
    expect(wire).toContain(`${hostOf(from.block, 2)} > ${address}: ICMP echo request`);

    await serve(podOf(to), 'tcp-server', 7000);
    const connection = openConnection(podOf('n1'), address, 7000);
    const text = 'x'.repeat(1 << 20);
    const whole = await capture({ namespace: 'n1', filter: 'ip proto 4 and greater 5000' }, async () => {
      expect(await connection.echo(text)).toBe(text);
    });
    expect(whole).toContain('proto TCP');

    await serve(podOf(to), 'udp-server', 7001);
    expect(lab.run(podOf('n1'), process.execPath, PEER, 'udp-client', address, '7001', '8192').trim()).toBe('8192');
  });

  it("carries the node's own traffic with the tunnel's address as source, both ways", async () => {
    const { block } = lab.node('n2');
    const wire = await capture({ namespace: 'n2', filter: 'ip proto 4' }, () =>
      lab.run('n1', 'ping', '-c1', '-W2', hostOf(block, 2)),
    );
    expect(wire).toContain(`${hostOf(lab.node('n1').block, 1)} > ${hostOf(block, 2)}: ICMP`);
    expect(pings(podOf('n2'), hostOf(lab.node('n1').block, 1))).toBe(true);
    expect(pings('n1', hostOf(block, 1))).toBe(true);
  });

  it('leaves all other traffic of the underlay alone', () => {
    expect(pings('n1', '198.51.100.20', '-s', '4000')).toBe(true);
    expect(pings('router', '192.0.2.10')).toBe(true);
  });

  it('changes nothing the second time, also from a new process', async () => {
    const before = programs('n1');
    expect(await lab.driver('n1').ensure(lab.tunnel('n1'))).toEqual({ changed: false });
    const script = `
      const { EbpfIpipDriver } = await import(${JSON.stringify(DRIVER)});
      console.log(JSON.stringify(await new EbpfIpipDriver().ensure(${JSON.stringify(lab.tunnel('n1'))})));`;
    expect(JSON.parse(lab.run('n1', process.execPath, '--input-type=module', '-e', script))).toEqual({
      changed: false,
    });
    expect(programs('n1')).toBe(before);
  });

  it('keeps a flow while another remote goes and comes, the programs are replaced and the agent restarts', async () => {
    await serve(podOf('n2'), 'tcp-server', 7000);
    const connection = openConnection(podOf('n1'), '10.8.2.2', 7000);
    expect(await connection.echo('start')).toBe('start');
    const before = programs('n1');

    expect(await lab.driver('n1').ensure(lab.tunnel('n1', ['n2']))).toEqual({ changed: true });
    expect(await connection.echo('one less')).toBe('one less');
    expect(pingsInVain(podOf('n1'), '10.8.3.2')).toBe(true);
    expect(await lab.driver('n1').ensure(lab.tunnel('n1'))).toEqual({ changed: true });
    expect(await connection.echo('back again')).toBe('back again');
    expect(pings(podOf('n1'), '10.8.3.2')).toBe(true);
    expect(programs('n1')).toBe(before);

    const tunnel = lab.tunnel('n1');
    const elsewhere = { ...tunnel, underlay: { ...tunnel.underlay, address: parseAddress('192.0.2.99') } };
    expect(await lab.driver('n1').ensure(elsewhere)).toEqual({ changed: true });
    expect(await lab.driver('n1').ensure(tunnel)).toEqual({ changed: true });
    expect(programs('n1')).not.toBe(before);
    expect(await connection.echo('other programs')).toBe('other programs');
  });

  it('prefers the longest prefix', async () => {
    const tunnel = lab.tunnel('n1');
    const wide = { network: parseCidr('10.8.0.0/16'), node: parseAddress('192.0.2.11') };
    await lab
      .driver('n1')
      .ensure({ ...tunnel, remotes: [wide, ...tunnel.remotes.filter(({ network }) => network !== '10.8.3.0/24')] });
    expect(pings(podOf('n1'), '10.8.2.2')).toBe(true);
    expect(pings(podOf('n1'), '10.8.3.2')).toBe(true);
  });

  it.each([
    { name: 'the device is gone', ruin: ['ip', 'link', 'del', IPIP_DEVICE] },
    { name: 'the device is down', ruin: ['ip', 'link', 'set', IPIP_DEVICE, 'down'] },
    { name: 'the peer is down', ruin: ['ip', 'link', 'set', `${IPIP_DEVICE}.p`, 'down'] },
    { name: 'the MTU is wrong', ruin: ['ip', 'link', 'set', IPIP_DEVICE, 'mtu', '1300'] },
    { name: 'the address is gone', ruin: ['ip', 'addr', 'flush', 'dev', IPIP_DEVICE] },
    { name: 'another address is there', ruin: ['ip', 'addr', 'add', '10.8.1.7/32', 'dev', IPIP_DEVICE] },
    { name: 'it is strict about sources', ruin: ['sysctl', '-qw', `net/ipv4/conf/${IPIP_DEVICE}/rp_filter=1`] },
    { name: 'ARP is on', ruin: ['ip', 'link', 'set', IPIP_DEVICE, 'arp', 'on'] },
    { name: 'the ingress program is gone', ruin: ['tc', 'filter', 'del', 'dev', 'eth0', 'ingress'] },
    { name: 'the qdisc is gone', ruin: ['tc', 'qdisc', 'del', 'dev', 'eth0', 'clsact'] },
    { name: 'the egress program is gone', ruin: ['tc', 'filter', 'del', 'dev', IPIP_DEVICE, 'egress'] },
  ])('mends it when $name', async ({ ruin }) => {
    const [command = '', ...args] = ruin;
    lab.run('n1', command, ...args);
    expect(await lab.driver('n1').ensure(lab.tunnel('n1'))).toEqual({ changed: true });
    expect(await lab.driver('n1').ensure(lab.tunnel('n1'))).toEqual({ changed: false });
    // Routes are the route table's to mend.
    lab.run('n1', 'ip', 'route', 'replace', '10.8.2.0/24', 'dev', IPIP_DEVICE);
    expect(pings(podOf('n1'), '10.8.2.2')).toBe(true);
    expect(lab.run('n1', 'ip', '-4', '-o', 'addr', 'show', 'dev', IPIP_DEVICE).match(/inet /g)).toHaveLength(1);
  });

  it('tells pods and the node itself the MTU of a narrow link between two routers', async () => {
    const { nodes } = lab;
    await lab.close();
    lab = new IpipLab(nodes, { middleMtuBytes: 1400 });
    await lab.connect();
    for (const from of [podOf('n1'), 'n1']) {
      expect(pingText(from, '-Mdo', '-s1400')).toContain('Frag needed and DF set (mtu = 1380)');
      expect(lab.run(from, 'ip', 'route', 'get', '10.8.2.2')).toContain('mtu 1380');
      lab.run(from, 'ip', 'route', 'flush', 'cache');
    }
    await serve(podOf('n2'), 'tcp-server', 7000);
    const text = 'x'.repeat(1 << 20);
    expect(await openConnection(podOf('n1'), '10.8.2.2', 7000).echo(text)).toBe(text);
    lab.run(podOf('n1'), 'ip', 'route', 'flush', 'cache');
    await serve(podOf('n2'), 'udp-server', 7001);
    expect(lab.run(podOf('n1'), process.execPath, PEER, 'udp-client', '10.8.2.2', '7001', '8192').trim()).toBe('8192');
    expect(lab.driver('n1').counters(IPIP_DEVICE)?.errorRelayed).toBeGreaterThan(2);
  });

  it('keeps the MTU of a router that quotes 8 bytes only, and tells the sender of the next packet', async () => {
    // The error as RFC 792 has it: the outer header of a packet to n2 and 8 bytes, next hop's MTU 1400.
    const port = routerPort('192.0.2');
    const packet = shortFragmentationNeeded({
      from: '192.0.2.1',
      node: '192.0.2.10',
      to: '198.51.100.20',
      mtuBytes: 1400,
    });
    sendFrame({ namespacePath: lab.path('router'), device: port, to: lab.mac('n1', 'eth0'), packet });

    for (const from of [podOf('n1'), 'n1']) {
      await expect.poll(() => pingText(from, '-Mdo', '-s1400')).toContain('Frag needed and DF set (mtu = 1380)');
      expect(lab.run(from, 'ip', 'route', 'get', '10.8.2.2')).toContain('mtu 1380');
      expect(pings(from, '10.8.2.2', '-Mdo', '-s1352')).toBe(true);
      lab.run(from, 'ip', 'route', 'flush', 'cache');
    }
    expect(pings(podOf('n1'), '10.8.3.2', '-Mdo', '-s1400')).toBe(true);

    await serve(podOf('n2'), 'tcp-server', 7000);
    const text = 'x'.repeat(1 << 20);
    expect(await openConnection(podOf('n1'), '10.8.2.2', 7000).echo(text)).toBe(text);
    expect(lab.run(podOf('n1'), 'ip', 'route', 'get', '10.8.2.2')).toContain('mtu 1380');
    lab.run(podOf('n1'), 'ip', 'route', 'flush', 'cache');
    await serve(podOf('n2'), 'udp-server', 7001);
    expect(lab.run(podOf('n1'), process.execPath, PEER, 'udp-client', '10.8.2.2', '7001', '8192').trim()).toBe('8192');
  });

  it('tells a pod that the router has no way to the node', () => {
    lab.run('router', 'ip', 'link', 'set', routerPort('198.51.100'), 'down');
    expect(pingText(podOf('n1'))).toContain('Destination Host Unreachable');
  });

  it("carries the fabric's congestion mark into the pod, for a sender that understands it", async () => {
    lab.run(
      'router',
      'nft',
      'add table ip t; add chain ip t f { type filter hook forward priority 0; }; add rule ip t f ip protocol 4 ip ecn set ce',
    );
    const marked = await capture({ namespace: podOf('n2'), filter: 'icmp[icmptype]=icmp-echo' }, () =>
      pings(podOf('n1'), '10.8.2.2', '-Q', '0x02'),
    );
    expect(marked).toContain('tos 0x3,CE');
    // RFC 6040 §4.2: a mark on a packet that cannot be marked is a loss.
    expect(pingsInVain(podOf('n1'), '10.8.2.2')).toBe(true);
  });

  it('leaves nothing when removed, and does not mind being removed twice', async () => {
    const { nodes } = lab;
    await lab.close();
    lab = new IpipLab(nodes);
    const before = traces('n1');
    await lab.connect();
    expect(traces('n1')).not.toBe(before);
    await lab.driver('n1').remove(IPIP_DEVICE);
    expect(traces('n1')).toBe(before);
    await lab.driver('n1').remove(IPIP_DEVICE);
    expect(pings('n1', '198.51.100.20')).toBe(true);
  });

  it.each([{ isOurs: false }, { isOurs: true }])(
    'removes an empty qdisc only if it made it: $isOurs',
    async ({ isOurs }) => {
      const tunnel = lab.tunnel('n1');
      await lab.driver('n1').remove(IPIP_DEVICE);
      if (!isOurs) lab.run('n1', 'tc', 'qdisc', 'add', 'dev', 'eth0', 'clsact');
      // The second has other settings, and so other programs in the place of the first.
      for (const address of ['192.0.2.10', '192.0.2.12'].map(parseAddress)) {
        await lab.driver('n1').ensure({ ...tunnel, underlay: { ...tunnel.underlay, address } });
      }
      await lab.driver('n1').remove(IPIP_DEVICE);
      expect(lab.run('n1', 'tc', 'qdisc', 'show', 'dev', 'eth0').includes('clsact')).toBe(!isOurs);
      if (!isOurs) expect(lab.run('n1', 'tc', 'filter', 'show', 'dev', 'eth0', 'ingress')).toBe('');
    },
  );

  it.each([0, 77])('leaves the length of the underlay’s queue as it was: %i', async (length) => {
    await lab.driver('n1').remove(IPIP_DEVICE);
    lab.run('n1', 'ip', 'link', 'set', 'eth0', 'txqueuelen', `${length}`);
    await lab.driver('n1').ensure(lab.tunnel('n1'));
    expect(lab.run('n1', 'ip', '-o', 'link', 'show', 'eth0').includes(' qlen ')).toBe(length > 0);
    await lab.driver('n1').remove(IPIP_DEVICE);
    expect(lab.run('n1', 'ip', '-o', 'link', 'show', 'eth0').includes(` qlen ${length}`)).toBe(length > 0);
  });

  it("leaves another program's filter and qdisc", async () => {
    const foreign = ['dev', 'eth0', 'ingress', 'pref', '10', 'protocol', 'ip', 'bpf', 'bytecode', '1,6 0 0 0,'];
    lab.run('n1', 'tc', 'filter', 'add', ...foreign);
    expect(await lab.driver('n1').ensure(lab.tunnel('n1'))).toEqual({ changed: false });
    expect(pings(podOf('n1'), '10.8.2.2')).toBe(true);
    await lab.driver('n1').remove(IPIP_DEVICE);
    const left = lab.run('n1', 'tc', 'filter', 'show', 'dev', 'eth0', 'ingress');
    expect(left).toContain('pref 10 bpf');
    expect(left).not.toContain('margay');
  });

  it('removes its program from an underlay device that is no longer the one', async () => {
    lab.run('n1', 'ip', 'link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'eth1.p');
    const tunnel = lab.tunnel('n1');
    await lab.driver('n1').ensure({ ...tunnel, underlay: { ...tunnel.underlay, device: 'eth1' } });
    expect(lab.run('n1', 'tc', 'qdisc', 'show', 'dev', 'eth0')).not.toContain('clsact');
    await lab.driver('n1').ensure(tunnel);
    expect(lab.run('n1', 'tc', 'qdisc', 'show', 'dev', 'eth1')).not.toContain('clsact');
    expect(pings(podOf('n1'), '10.8.2.2')).toBe(true);
  });

  it('says in one sentence that a user namespace is not enough, and makes nothing', () => {
    const script = `
      const { EbpfIpipDriver } = await import(${JSON.stringify(DRIVER)});
      const tunnel = { ...${JSON.stringify(lab.tunnel('n1'))}, underlay: { device: 'lo', address: '192.0.2.10' } };
      await new EbpfIpipDriver().ensure(tunnel).catch((error) => console.log(error.code, error.message));`;
    const args = ['-Urn', process.execPath, '--input-type=module', '-e', `${script}`];
    expect(execFileSync('unshare', args, { encoding: 'utf8' }).trim()).toBe(
      'UNSUPPORTED IP-in-IP by eBPF needs root on the machine itself, not in a user namespace',
    );
  });

  it.each([
    { name: 'a device that does not exist', device: 'eth9', code: 'MISSING' },
    { name: 'a device without Ethernet', device: 'tun9', code: 'UNSUPPORTED' },
  ])('refuses $name below it', async ({ device, code }) => {
    if (device === 'tun9') lab.run('n1', 'ip', 'tuntap', 'add', 'tun9', 'mode', 'tun');
    const tunnel = { ...lab.tunnel('n1'), underlay: { device, address: parseAddress('192.0.2.10') } };
    await expect(lab.driver('n1').ensure(tunnel)).rejects.toMatchObject({ code });
  });
});
