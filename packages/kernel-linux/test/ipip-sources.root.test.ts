import { IPIP_DEVICE } from '@margay/routing-core';
import { requireOwnNamespaces } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { echoRequests, IpipLab, podOf, routerPort } from './ipip-lab.ts';
import { ipHeader, sendFrame } from './raw-packets.ts';

requireOwnNamespaces();

const VICTIM = '10.8.1.2';
const ECHO_REQUEST = Buffer.from([8, 0, 0xf7, 0xff, 0, 0, 0, 0]);
const NOTHING_DROPPED = { noRemote: 0, unknownSource: 0, spoofedSource: 0, fragment: 0, malformed: 0 };

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

afterEach(() => lab.close());

const dropped = () => lab.driver('n1').counters(IPIP_DEVICE);

function pings(from: string, address: string, ...options: string[]): boolean {
  return lab.succeeds(from, 'ping', '-c1', '-W1', ...options, address);
}

/** An echo request to n1's pod in an outer packet of n1's subnet, both with sources of the sender's choice. */
function sendEncapsulated(outerSource: string, innerSource: string): void {
  const inner = ipHeader({ source: innerSource, destination: VICTIM, protocol: 1, length: 28 });
  const outer = ipHeader({ source: outerSource, destination: '192.0.2.10', protocol: 4, length: 48 });
  const packet = Buffer.concat([outer, inner, ECHO_REQUEST]);
  sendFrame({ namespacePath: lab.path('router'), device: routerPort('192.0.2'), to: lab.mac('n1', 'eth0'), packet });
}

describe('the inner source of a packet from the tunnel', () => {
  it.each([
    { name: 'in one subnet', node: 'n3', to: '192.0.2.11' },
    { name: 'through a router', node: 'n2', to: '198.51.100.20' },
  ])('may be the own address of the node that sent it, $name', ({ node, to }) => {
    const before = echoRequests(lab, podOf('n1'));
    // The answer does not come back: it would leave past the tunnel, with the pod's address.
    pings(node, VICTIM, '-I', to);
    expect(echoRequests(lab, podOf('n1'))).toBe(before + 1);
    expect(dropped()).toMatchObject(NOTHING_DROPPED);
  });

  it.each([
    { name: 'the address of a pod of another node', source: '10.8.2.2', reason: 'spoofedSource' },
    { name: 'the tunnel address of another node', source: '10.8.2.1', reason: 'spoofedSource' },
    { name: 'the own address of another node', source: '198.51.100.20', reason: 'spoofedSource' },
    { name: 'the own address of the node that gets it', source: '192.0.2.10', reason: 'unknownSource' },
    { name: 'an address of nobody', source: '203.0.113.9', reason: 'unknownSource' },
  ])('may not be $name', async ({ source, reason }) => {
    const before = echoRequests(lab, podOf('n1'));
    sendEncapsulated('192.0.2.11', source);
    await expect.poll(dropped).toMatchObject({ ...NOTHING_DROPPED, [reason]: 1 });
    sendEncapsulated('192.0.2.11', '10.8.3.2');
    await expect.poll(() => echoRequests(lab, podOf('n1'))).toBe(before + 1);
  });

  it.each([
    { name: 'its own address', source: '192.0.2.1', reason: 'unknownSource' },
    { name: 'that of a node', source: '192.0.2.11', reason: 'spoofedSource' },
    { name: 'that of a pod', source: '10.8.3.2', reason: 'spoofedSource' },
  ])('does not let a machine in that is no node, with $name', async ({ source, reason }) => {
    const before = echoRequests(lab, podOf('n1'));
    sendEncapsulated('192.0.2.1', source);
    await expect.poll(dropped).toMatchObject({ ...NOTHING_DROPPED, [reason]: 1 });
    expect(echoRequests(lab, podOf('n1'))).toBe(before);
  });

  it('drops an inner source that belongs to another node', () => {
    const before = echoRequests(lab, podOf('n1'));
    // n3 lets its pod take the address of n2's pod.
    for (const device of ['all', 'mgypod']) lab.run('n3', 'sysctl', '-qw', `net.ipv4.conf.${device}.rp_filter=0`);
    lab.run(podOf('n3'), 'ip', 'addr', 'add', '10.8.2.2/32', 'dev', 'eth0');
    expect(pings(podOf('n3'), VICTIM, '-I', '10.8.2.2')).toBe(false);
    expect(dropped()).toMatchObject({ spoofedSource: 1, unknownSource: 0 });
    expect(echoRequests(lab, podOf('n1'))).toBe(before);
    expect(pings(podOf('n3'), VICTIM, '-I', '10.8.3.2')).toBe(true);
  });

  it('drops what comes from a node that it does not know, and what goes to no node', async () => {
    const before = echoRequests(lab, podOf('n1'));
    await lab.driver('n1').ensure(lab.tunnel('n1', ['n2']));
    expect(pings(podOf('n3'), VICTIM)).toBe(false);
    expect(pings(podOf('n1'), '10.8.3.2')).toBe(false);
    expect(dropped()).toMatchObject({ unknownSource: 1, noRemote: 1, spoofedSource: 0 });
    expect(echoRequests(lab, podOf('n1'))).toBe(before);
  });
});
