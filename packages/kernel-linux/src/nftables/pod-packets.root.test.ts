import { execFileSync } from 'node:child_process';
import { IP_PROTOCOL } from '@margay/firewall-core';
import { parseAddress } from '@margay/ip';
import { EMPTY_FIREWALL, requireOwnNamespaces } from '@margay/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ipHeader, sendFrame } from '../../test/raw-packets.ts';
import { ScratchNamespaces } from '../../test/scratch-namespaces.ts';
import { openRouteSocket } from '../rtnetlink/index.ts';
import { createNftablesFirewall } from './index.ts';

requireOwnNamespaces();

const DEVICE = 'mgy00000000001';
const OWN = '10.8.1.1';
const UDP_LENGTH = 8;
const VXLAN_PORT = 4789;

const namespaces = new ScratchNamespaces();
let pod: string;
let mac: string;

const run = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: 'utf8' });

beforeAll(() => {
  pod = namespaces.create('pod');
  run('ip', 'link', 'add', DEVICE, 'up', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', pod);
  run('nsenter', `--net=${pod}`, 'ip', 'link', 'set', 'eth0', 'up');
  using rt = openRouteSocket();
  mac = rt.getLink(DEVICE).mac ?? '';
});

afterAll(() => {
  run('ip', 'link', 'delete', DEVICE);
  namespaces.dispose();
});

/** Keeps the destinations of what is left behind the first hook, before reverse paths are looked at. */
const WITNESS = `table inet witness {
  set destinations { type ipv4_addr; flags dynamic; size 1024; }
  chain behind { type filter hook prerouting priority -290; iifname ${DEVICE} add @destinations { ip daddr }; }
}`;

beforeEach(() => {
  execFileSync('nft', ['-f', '-'], { input: WITNESS });
});

afterEach(() => void run('nft', 'flush', 'ruleset'));

function packet(to: number, source: string, protocol: number, port = 0): Buffer {
  const header = ipHeader({ source, destination: `192.0.2.${to}`, protocol, length: 20 + UDP_LENGTH });
  const transport = Buffer.alloc(UDP_LENGTH);
  transport.writeUInt16BE(port, 2);
  transport.writeUInt16BE(UDP_LENGTH, 4);
  return Buffer.concat([header, transport]);
}

/** The last byte of every destination that was reached. */
function passed(): number[] {
  const listed = run('nft', '-j', 'list', 'set', 'inet', 'witness', 'destinations');
  const { nftables } = JSON.parse(listed) as { nftables: { set?: { elem?: string[] } }[] };
  return nftables
    .flatMap(({ set }) => set?.elem ?? [])
    .map((address) => Number(address.split('.').at(-1)))
    .sort((a, b) => a - b);
}

describe('packets of a pod', () => {
  it('pass from its own address, and not as the encapsulations of the node', async () => {
    using firewall = createNftablesFirewall();
    await firewall.apply({ ...EMPTY_FIREWALL, endpoints: [{ device: DEVICE, addresses: [parseAddress(OWN)] }] });
    const packets = [
      packet(1, '10.8.1.2', IP_PROTOCOL.tcp, 80),
      packet(2, '10.8.1.2', IP_PROTOCOL.udp, 80),
      packet(3, OWN, IP_PROTOCOL.ipip),
      packet(4, OWN, IP_PROTOCOL.udp, VXLAN_PORT),
      packet(5, OWN, IP_PROTOCOL.tcp, VXLAN_PORT),
      packet(6, OWN, IP_PROTOCOL.udp, 80),
      packet(7, OWN, IP_PROTOCOL.sctp, 80),
    ];
    for (const each of packets) sendFrame({ namespacePath: pod, device: 'eth0', to: mac, packet: each });
    await expect.poll(passed).toContain(7);
    expect(passed()).toEqual([5, 6, 7]);
  });

  it('have no way without an entry', async () => {
    using firewall = createNftablesFirewall();
    await firewall.apply(EMPTY_FIREWALL);
    sendFrame({ namespacePath: pod, device: 'eth0', to: mac, packet: packet(1, OWN, IP_PROTOCOL.tcp, 80) });
    await firewall.apply({ ...EMPTY_FIREWALL, endpoints: [{ device: DEVICE, addresses: [parseAddress(OWN)] }] });
    sendFrame({ namespacePath: pod, device: 'eth0', to: mac, packet: packet(2, OWN, IP_PROTOCOL.tcp, 80) });
    await expect.poll(passed).toEqual([2]);
  });
});
