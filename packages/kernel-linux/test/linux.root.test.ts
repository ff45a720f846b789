import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync, writeFileSync } from 'node:fs';
import { hostCidr, parseAddress, parseCidr } from '@margay/ip';
import type { Route } from '@margay/routing-core';
import { everyKind, randomPlan, requireOwnNamespaces, seededRandom } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinuxKernel } from '../src/create-kernel.ts';
import { inNamespace, OWN_NAMESPACE_PATH } from '../src/libc/index.ts';
import { NETLINK_PROTOCOL, NetlinkSocket } from '../src/netlink/index.ts';
import { LinuxPodLinks } from '../src/pod-links/index.ts';
import { LinuxRouteTable } from '../src/routes/index.ts';
import { openRouteSocket, RTN, replaceRouteRequest } from '../src/rtnetlink/index.ts';
import { ScratchNamespaces } from './scratch-namespaces.ts';

requireOwnNamespaces();

let scratch: ScratchNamespaces;
beforeEach(() => {
  scratch = new ScratchNamespaces();
});
afterEach(() => scratch.dispose());

/** Runs iproute2 in a namespace: the other reader and writer of the same kernel. */
function ip(path: string, ...args: string[]): string {
  return execFileSync('nsenter', [`--net=${path}`, 'ip', ...args], { encoding: 'utf8' });
}

describe('LinuxRouteTable', () => {
  it('agrees with iproute2 after random plans', async () => {
    const { path, devices } = scratch.createWithDevices('a');
    const table = new LinuxRouteTable({ namespacePath: path });
    const seed = Number(process.env.MARGAY_TEST_SEED ?? Math.floor(Math.random() * 1e9));
    const random = seededRandom(seed);
    await table.apply({ upsert: everyKind(devices), remove: [] });
    for (let round = 0; round < 15; round++) {
      await table.apply(randomPlan(random, devices));
      const own = (await table.list()).map(showRoute).sort();
      expect(own, `MARGAY_TEST_SEED=${seed} in round ${round}`).toEqual(iprouteRoutes(path));
    }
    table.close();
  });

  it('reads routes that iproute2 wrote, and leaves those of other protocols alone', async () => {
    const { path } = scratch.createWithDevices('a');
    const table = new LinuxRouteTable({ namespacePath: path });
    ip(path, 'route', 'add', '10.8.0.0/24', 'via', '192.0.2.1', 'mtu', '1400', 'proto', '77');
    ip(path, 'route', 'add', '10.8.1.0/24', 'via', '192.0.2.1', 'proto', 'static');
    ip(path, 'route', 'add', 'unreachable', '10.8.2.0/24', 'proto', '77');
    ip(path, 'route', 'add', '10.8.3.0/24', 'dev', 'first0', 'table', '100', 'proto', '77');
    const listed = await table.list();
    expect(listed).toEqual([
      { destination: '10.8.0.0/24', device: 'first0', gateway: '192.0.2.1', kind: 'unicast', mtuBytes: 1400 },
      { destination: '10.8.2.0/24', kind: 'unicast' },
    ]);
    await table.apply({
      upsert: [],
      remove: [...listed, { destination: parseCidr('10.8.1.0/24'), kind: 'blackhole' }],
    });
    expect(await table.list()).toEqual([]);
    expect(ip(path, 'route', 'show', 'proto', 'static')).toContain('10.8.1.0/24');
    expect(ip(path, 'route', 'show', 'table', '100')).toContain('10.8.3.0/24');
  });

  it('gives the reason of the kernel', async () => {
    const { path } = scratch.createWithDevices('a');
    const table = new LinuxRouteTable({ namespacePath: path });
    const gateway = parseAddress('203.0.113.1');
    const route: Route = { destination: parseCidr('10.8.0.0/24'), kind: 'unicast', device: 'first0', gateway };
    await expect(table.apply({ upsert: [route], remove: [] })).rejects.toThrow(
      'write the route to 10.8.0.0/24: Nexthop has invalid gateway (Network is unreachable)',
    );
  });

  it('lists whole tables while another process changes them', async () => {
    const { path } = scratch.createWithDevices('a');
    const table = new LinuxRouteTable({ namespacePath: path });
    const lasting = Array.from({ length: 3000 }, (_, index) => blackhole(`10.8.${index >> 8}.${index & 255}`));
    await table.apply({ upsert: lasting, remove: [] });
    const writer = spawn('nsenter', [`--net=${path}`, 'ip', '-batch', '-']);
    const ended = once(writer, 'exit');
    const lines = Array.from({ length: 3000 }, (_, index) => {
      const destination = `10.7.${(index >> 8) & 255}.${index & 255}/32`;
      return `route add blackhole ${destination} proto 77\nroute del blackhole ${destination} proto 77\n`;
    });
    writer.stdin.end(lines.join(''));
    let lists = 0;
    while (writer.exitCode === null) {
      const destinations = (await table.list()).map(({ destination }) => destination);
      const own = destinations.filter((destination) => destination.startsWith('10.8.'));
      expect(own.length).toBe(3000);
      expect(new Set(destinations).size).toBe(destinations.length);
      lists++;
      await new Promise(setImmediate);
    }
    await ended;
    expect(lists).toBeGreaterThan(1);
    expect(writer.exitCode).toBe(0);
  });

  it('holds 10,000 routes, and goes on when its namespace has lost its name', async () => {
    const { path, devices } = scratch.createWithDevices('a');
    const table = new LinuxRouteTable({ namespacePath: path });
    const routes = Array.from({ length: 10_000 }, (_, index): Route => {
      const destination = parseCidr(`10.${8 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}/32`);
      return { destination, kind: 'unicast', device: devices[0] };
    });
    const measured = { write: 0, list: 0, remove: 0 };
    measured.write = await milliseconds(() => table.apply({ upsert: routes, remove: [] }));
    measured.list = await milliseconds(async () => expect(await table.list()).toHaveLength(10_000));
    scratch.delete(path);
    measured.remove = await milliseconds(() => table.apply({ upsert: [], remove: routes }));
    expect(await table.list()).toEqual([]);
    table.close();
    console.log('10,000 routes, milliseconds:', measured);
  });
});

describe('NetlinkSocket', () => {
  it('gets every answer of a batch, however small its buffer', () => {
    const { path } = scratch.createWithDevices('a');
    using socket = NetlinkSocket.open({ protocol: NETLINK_PROTOCOL.route, namespace: path, receiveBufferBytes: 8192 });
    expect(socket.batchMessages).toBeLessThan(20);
    const requests = Array.from({ length: 300 }, (_, index) =>
      replaceRouteRequest({
        destination: hostCidr(parseAddress(`10.8.0.${index % 256}`)),
        ...(index % 3 === 0 ? { linkIndex: 9999 } : {}),
        type: index % 3 === 0 ? RTN.unicast : RTN.blackhole,
        protocol: 77,
      }),
    );
    const failed = socket.batch(requests).map((failure) => failure !== undefined);
    expect(failed).toEqual(requests.map((_, index) => index % 3 === 0));
  });

  it('tells that events were dropped', () => {
    const { path } = scratch.createWithDevices('a');
    const options = { protocol: NETLINK_PROTOCOL.route, namespace: path, groups: [7] };
    using small = NetlinkSocket.open({ ...options, receiveBufferBytes: 4096 });
    using big = NetlinkSocket.open(options);
    using client = openRouteSocket({ namespacePath: path });
    for (let index = 0; index < 200; index++) {
      client.addRoute({ destination: hostCidr(parseAddress(`10.8.0.${index}`)), kind: 'blackhole' });
    }
    let seen = 0;
    expect(big.drain(() => seen++)).toBe(false);
    expect(seen).toBe(200);
    expect(small.drain(() => undefined)).toBe(true);
    expect(small.drain(() => undefined)).toBe(false);
  });
});

describe('inNamespace', () => {
  const current = (): string => readlinkSync(OWN_NAMESPACE_PATH);

  it('comes back, also when the function throws', () => {
    const path = scratch.create('a');
    const home = current();
    expect(inNamespace(path, current)).not.toBe(home);
    expect(current()).toBe(home);
    expect(() =>
      inNamespace(path, () => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(current()).toBe(home);
    expect(() => inNamespace(path, async () => undefined)).toThrow('synchronous');
    expect(current()).toBe(home);
  });

  it('names a namespace that is missing, gone or a plain file', () => {
    const path = scratch.create('a');
    scratch.delete(path);
    writeFileSync(scratch.path('file'), '');
    for (const missing of [path, scratch.path('file'), scratch.path('none')]) {
      expect(() => inNamespace(missing, current)).toThrow(expect.objectContaining({ code: 'NAMESPACE_MISSING' }));
    }
    expect(() => scratch.create('file')).toThrow(expect.objectContaining({ code: 'EXISTS' }));
  });
});

describe('createLinuxKernel', () => {
  it('tells when somebody else changes the firewall', async () => {
    const kernel = createLinuxKernel();
    const stop = new AbortController();
    const watch = kernel.events.watch(stop.signal);
    execFileSync('nft', ['add table inet margay_test']);
    for await (const event of watch) {
      if (event === 'firewall') break;
    }
    execFileSync('nft', ['delete table inet margay_test']);
    expect(await kernel.sysctls.read('net.ipv4.ip_forward')).toMatch(/^[01]$/);
    expect((await kernel.interfaces.list()).map(({ name }) => name)).toContain('lo');
  });
});

describe('NetlinkRoute', () => {
  it('builds a bridge with ports in other namespaces', () => {
    const router = scratch.create('router');
    const host = scratch.create('host');
    using inRouter = openRouteSocket({ namespacePath: router });
    using inHost = openRouteSocket({ namespacePath: host });
    inRouter.createBridge({ name: 'br0', mac: '02:00:5e:10:00:01', up: true, mtuBytes: 1400 });
    inRouter.createVeth({ name: 'p0', up: true, peer: { name: 'eth0', namespace: host, up: true } });
    inRouter.setMaster('p0', 'br0');
    inRouter.addAddress('br0', '192.0.2.1/24');
    inHost.addAddress('eth0', '192.0.2.2/24');
    inHost.addNeighbour('eth0', parseAddress('192.0.2.9'), '02:00:5e:10:00:09');
    inHost.addRoute({ destination: parseCidr('0.0.0.0/0'), gateway: parseAddress('192.0.2.1'), metric: 50 });
    expect(
      execFileSync('nsenter', [`--net=${host}`, 'ping', '-c1', '-W2', '192.0.2.1'], { encoding: 'utf8' }),
    ).toContain(' 0% packet loss');
    expect(ip(host, 'neigh', 'show', '192.0.2.9')).toContain('02:00:5e:10:00:09 PERMANENT');
    expect(ip(host, 'route', 'show', 'default')).toContain('default via 192.0.2.1 dev eth0 proto 77 metric 50');
    expect(inRouter.getLink('br0')).toMatchObject({
      kind: 'bridge',
      mac: '02:00:5e:10:00:01',
      mtuBytes: 1400,
      up: true,
    });
    expect(inRouter.getLink('p0').masterIndex).toBe(inRouter.indexOf('br0'));
    inRouter.setMaster('p0');
    expect(inRouter.getLink('p0').masterIndex).toBeUndefined();
  });

  it('renames, moves and deletes', () => {
    const a = scratch.create('a');
    const b = scratch.create('b');
    using inA = openRouteSocket({ namespacePath: a });
    using inB = openRouteSocket({ namespacePath: b });
    inA.createVeth({ name: 'v0', mac: '02:00:5e:10:00:02', peer: { name: 'v1' } });
    inA.rename('v0', 'w23456789012345');
    inA.moveToNamespace('w23456789012345', b, 'x0');
    expect(inB.getLink('x0')).toMatchObject({ kind: 'veth', mac: '02:00:5e:10:00:02', up: false });
    inB.setMtu('x0', 1300);
    inB.setUp('x0');
    expect(inB.getLink('x0')).toMatchObject({ mtuBytes: 1300, up: true });
    inB.setDown('x0');
    expect(inB.getLink('x0').up).toBe(false);
    inB.addAddress('x0', '192.0.2.5/24');
    expect([inB.delAddress('x0', '192.0.2.5/24'), inB.delAddress('x0', '192.0.2.5/24')]).toEqual([true, false]);
    expect([inB.deleteLink('x0'), inB.deleteLink('x0')]).toEqual([true, false]);
    expect(inA.findLink('v1')).toBeUndefined();
    expect(() => inA.getLink('v1')).toThrow(expect.objectContaining({ code: 'MISSING' }));
    expect(() => inA.createVeth({ name: 'x234567890123456', peer: { name: 'y' } })).toThrow('1 to 15 bytes');
    inA.createBridge({ name: 'br0' });
    expect(() => inA.createBridge({ name: 'br0' })).toThrow(expect.objectContaining({ code: 'EXISTS' }));
  });
});

describe('LinuxPodLinks', () => {
  it('gives a pod a way to the node, with the addresses and neighbour that the docs promise', async () => {
    const podLinks = new LinuxPodLinks();
    const namespacePath = scratch.create('pod');
    const spec = {
      namespacePath,
      hostDevice: 'mgy0123456789a',
      podDevice: 'eth0',
      address: parseAddress('10.8.0.5'),
      mtuBytes: 1480,
    };
    await podLinks.create(spec);
    const table = new LinuxRouteTable();
    await table.apply({
      upsert: [{ destination: hostCidr(spec.address), kind: 'unicast', device: spec.hostDevice }],
      remove: [],
    });
    using node = openRouteSocket();
    node.setUp('lo');
    node.addAddress('lo', '198.51.100.1/32');
    const routes = ip(namespacePath, 'route')
      .trim()
      .split('\n')
      .map((line) => line.trim());
    expect(routes).toEqual(['default via 169.254.1.1 dev eth0', '169.254.1.1 dev eth0 scope link']);
    expect(ip(namespacePath, 'neigh').trim()).toBe('169.254.1.1 dev eth0 lladdr ee:ee:ee:ee:ee:ee PERMANENT');
    expect(ip(namespacePath, '-6', 'address', 'show', 'dev', 'eth0')).toBe('');
    const ping = ['-c1', '-W2', '-s', '1452', '-M', 'do', '198.51.100.1'];
    expect(execFileSync('nsenter', [`--net=${namespacePath}`, 'ping', ...ping], { encoding: 'utf8' })).toContain(
      ' 0% packet loss',
    );
    ip(namespacePath, 'route', 'del', 'default');
    ip(namespacePath, 'link', 'set', 'lo', 'up');
    execFileSync('sysctl', ['-qw', 'net.ipv4.conf.mgy0123456789a.proxy_arp=0']);
    expect(await podLinks.check(spec)).toEqual([
      'The setting net/ipv4/conf/mgy0123456789a/proxy_arp is 0 instead of 1.',
      'The default route through 169.254.1.1 is missing in the pod.',
    ]);
    await podLinks.remove(spec.hostDevice);
    node.delAddress('lo', '198.51.100.1/32');
    table.close();
  });

  it('leaves nothing when the pod end cannot be set up', async () => {
    const podLinks = new LinuxPodLinks();
    const namespacePath = scratch.create('pod');
    const spec = {
      namespacePath,
      hostDevice: 'mgy0',
      podDevice: 'eth0',
      mtuBytes: 1500,
      address: parseAddress('10.8.0.5'),
    };
    execFileSync('mount', ['--bind', '/proc/sys', '/proc/sys']);
    try {
      execFileSync('mount', ['-o', 'remount,bind,ro', '/proc/sys']);
      await expect(podLinks.create(spec)).rejects.toMatchObject({ name: 'KernelError', code: 'REJECTED' });
    } finally {
      execFileSync('umount', ['/proc/sys']);
    }
    expect(await podLinks.list()).toEqual([]);
    expect(ip(namespacePath, '-br', 'link').trim().split('\n')).toHaveLength(1);
    await podLinks.create(spec);
    expect(await podLinks.check(spec)).toEqual([]);
    await podLinks.remove('mgy0');
  });

  it('does not stop the event loop while links go', async () => {
    const podLinks = new LinuxPodLinks();
    const namespacePath = scratch.create('pod');
    const devices = Array.from({ length: 30 }, (_, index) => `mgy${index}`);
    for (const [index, hostDevice] of devices.entries()) {
      const address = parseAddress(`10.8.0.${index}`);
      await podLinks.create({ namespacePath, hostDevice, podDevice: `e${index}`, mtuBytes: 1500, address });
    }
    // Asked for in different turns, so that several deletions run and queue.
    const removals: Promise<boolean>[] = [];
    for (const device of devices) {
      removals.push(podLinks.remove(device));
      await new Promise(setImmediate);
    }
    expect(await Promise.all(removals)).toEqual(devices.map(() => true));
    expect(await podLinks.list()).toEqual([]);
    expect(ip(namespacePath, '-br', 'link').trim().split('\n')).toHaveLength(1);
  });

  it('measures create and remove', async () => {
    const podLinks = new LinuxPodLinks();
    const measured = { create: [] as number[], remove: [] as number[] };
    for (let round = 0; round < 20; round++) {
      const namespacePath = scratch.create(`pod${round}`);
      const spec = { namespacePath, hostDevice: `mgy${round}`, podDevice: 'eth0', mtuBytes: 1500 };
      const address = parseAddress(`10.8.0.${round}`);
      measured.create.push(await milliseconds(() => podLinks.create({ ...spec, address })));
      measured.remove.push(await milliseconds(() => podLinks.remove(spec.hostDevice)));
    }
    expect(await podLinks.list()).toEqual([]);
    console.log('pod link, median milliseconds:', { create: median(measured.create), remove: median(measured.remove) });
  });
});

async function milliseconds(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return Math.round((performance.now() - start) * 100) / 100;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

function blackhole(address: string): Route {
  return { destination: hostCidr(parseAddress(address)), kind: 'blackhole' };
}

interface IprouteRoute {
  readonly type?: string;
  readonly dst: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly prefsrc?: string;
  readonly flags: readonly string[];
  readonly metrics?: readonly { readonly mtu?: number }[];
}

function iprouteRoutes(path: string): string[] {
  return ['-4', '-6']
    .flatMap((family) => JSON.parse(ip(path, '-j', family, 'route', 'show', 'proto', '77')) as IprouteRoute[])
    .map(({ type, dst, gateway, dev, prefsrc, flags, metrics }) => {
      const destination = dst.includes('/') ? dst : `${dst}/${dst.includes(':') ? 128 : 32}`;
      if (type === 'blackhole') return `${destination} blackhole`;
      const onLink = flags.includes('onlink');
      return [destination, dev, gateway, onLink, prefsrc, metrics?.[0]?.mtu].map(String).join(' ');
    })
    .sort();
}

function showRoute({ destination, device, gateway, onLink, source, mtuBytes, kind }: Route): string {
  if (kind === 'blackhole') return `${destination} blackhole`;
  return [destination, device, gateway, onLink === true, source, mtuBytes].map(String).join(' ');
}
