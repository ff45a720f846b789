import { execFileSync } from 'node:child_process';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Conntrack } from '@margay/ports';
import {
  type ConntrackFixture,
  describeConntrack,
  describeInterfaces,
  describeKernelEvents,
  describePodLinks,
  describeRouteTable,
  describeSysctls,
  type PodHarm,
  requireOwnNamespaces,
} from '@margay/testkit';
import { expect } from 'vitest';
import { LinuxConntrack } from '../src/conntrack/index.ts';
import { LinuxKernelEvents } from '../src/events/index.ts';
import { LinuxInterfaces } from '../src/links/index.ts';
import { LinuxPodLinks } from '../src/pod-links/index.ts';
import { LinuxRouteTable } from '../src/routes/index.ts';
import { openRouteSocket } from '../src/rtnetlink/index.ts';
import { LinuxSysctls } from '../src/sysctls/index.ts';
import { ScratchNamespaces } from './scratch-namespaces.ts';

requireOwnNamespaces();

describeRouteTable('Linux', async () => {
  const scratch = new ScratchNamespaces();
  const { path, devices } = scratch.createWithDevices('routes');
  const table = new LinuxRouteTable({ namespacePath: path });
  return { table, devices, dispose: () => scratch.dispose() };
});

describePodLinks('Linux', async () => {
  const scratch = new ScratchNamespaces();
  const podLinks = new LinuxPodLinks();
  return {
    podLinks,
    namespaces: [scratch.create('a'), scratch.create('b')],
    missingNamespace: scratch.path('none'),
    endNamespace: async (path) => {
      scratch.delete(path);
      await expect.poll(() => podLinks.list()).toEqual([]);
    },
    harm: harmPod,
    dispose: async () => {
      await Promise.all((await podLinks.list()).map(({ hostDevice }) => podLinks.remove(hostDevice)));
      scratch.dispose();
    },
  };
});

describeInterfaces('Linux', async () => {
  const scratch = new ScratchNamespaces();
  const namespacePath = scratch.create('interfaces');
  return {
    interfaces: new LinuxInterfaces({ namespacePath }),
    addDevice: (name, addresses) => addDevice(namespacePath, name, addresses),
    dispose: () => scratch.dispose(),
  };
});

describeSysctls('Linux', async () => {
  using client = openRouteSocket();
  client.createVeth({ name: 'margay.ipip', peer: { name: 'margay.ipip.p' } });
  return { sysctls: new LinuxSysctls(), device: 'margay.ipip', dispose: () => deleteDevice('margay.ipip') };
});

describeKernelEvents('Linux', async () => {
  const scratch = new ScratchNamespaces();
  const { path, devices } = scratch.createWithDevices('events');
  return {
    events: new LinuxKernelEvents({ namespacePath: path }),
    routes: new LinuxRouteTable({ namespacePath: path }),
    device: devices[0],
    addDevice: (name, addresses) => addDevice(path, name, addresses),
    dispose: () => scratch.dispose(),
  };
});

describeKernelEvents('Linux when its buffer overflows', async () => {
  const scratch = new ScratchNamespaces();
  const { path, devices } = scratch.createWithDevices('events');
  return {
    events: new LinuxKernelEvents({ namespacePath: path, receiveBufferBytes: 4096 }),
    routes: new LinuxRouteTable({ namespacePath: path }),
    device: devices[0],
    addDevice: (name, addresses) => addDevice(path, name, addresses),
    dispose: () => scratch.dispose(),
  };
});

for (const [name, conntrack] of [
  ['Linux', new LinuxConntrack()],
  ['Linux that deletes by no filter', new LinuxConntrack({ deletesByFilter: false })],
] as const) {
  describeConntrack(name, () => setUpConntrack(conntrack));
}

async function setUpConntrack(conntrack: Conntrack): Promise<ConntrackFixture> {
  using client = openRouteSocket();
  client.setUp('lo');
  // A rule that asks for the state makes the kernel track.
  const ruleset = 'table ip margay_test { chain c { type filter hook output priority 0; ct state invalid drop; }; }';
  execFileSync('nft', [ruleset]);
  const sockets: Socket[] = [];
  const bound = async (address: string): Promise<Socket> => {
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.bind(0, address);
    await once(socket, 'listening');
    return socket;
  };
  return {
    conntrack,
    track: async (from, to) => {
      const server = await bound(to);
      for (const address of from) {
        const socket = await bound(address);
        const received = once(server, 'message');
        socket.send('hello', server.address().port, to);
        await received;
      }
    },
    count: async (address) => (await new LinuxConntrack().list(address)).length,
    dispose: () => {
      for (const socket of sockets) socket.close();
      execFileSync('nft', ['delete table ip margay_test']);
    },
  };
}

/** With the commands that somebody in the pod would use. */
function harmPod(path: string, device: string, harm: PodHarm): void {
  const words: Readonly<Record<PodHarm, readonly string[]>> = {
    'no-default-route': ['route', 'del', 'default'],
    'no-gateway-route': ['route', 'del', '169.254.1.1'],
    'no-address': ['addr', 'flush', 'dev', device],
    'no-neighbour': ['neigh', 'del', '169.254.1.1', 'dev', device],
    down: ['link', 'set', device, 'down'],
    'small-mtu': ['link', 'set', device, 'mtu', '1280'],
    'own-default-route': ['route', 'replace', 'default', 'dev', 'lo'],
  };
  execFileSync('nsenter', [`--net=${path}`, 'ip', ...words[harm]]);
}

function addDevice(namespacePath: string, name: string, addresses: readonly string[]): void {
  using client = openRouteSocket({ namespacePath });
  client.createVeth({ name, up: true, mtuBytes: 1400, peer: { name: `${name}p`, up: true } });
  for (const address of addresses) client.addAddress(name, address);
}

async function deleteDevice(name: string): Promise<void> {
  using client = openRouteSocket();
  client.deleteLink(name);
}
