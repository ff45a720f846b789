import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAddress, parseCidr } from '@margay/ip';
import { IPIP_DEVICE, type IpipTunnel } from '@margay/routing-core';
import { EbpfIpipDriver } from '../src/ipip/index.ts';
import { createNamedNamespace, deleteNamedNamespace } from '../src/namespaces/index.ts';

export interface LabNode {
  readonly name: string;
  /** Of the underlay, such as `192.0.2.10`; always in a /24 whose first address is the router. */
  readonly address: string;
  /** The node's pods: `10.8.1.0/24`. The tunnel has .1, its pod .2. */
  readonly block: string;
}

/**
 * Nodes with one pod each around a router, in network namespaces. Nodes of one
 * subnet are on one bridge. All subnets but the first may be behind a second
 * router, with a link of `middleMtuBytes` between the two. Reverse path
 * filtering is strict everywhere.
 */
export class IpipLab {
  readonly nodes: readonly LabNode[];
  readonly #directory = mkdtempSync(join(tmpdir(), 'margay-ipip-'));
  readonly #namespaces: string[] = [];
  readonly #children: ChildProcess[] = [];
  readonly #firstSubnet: string;
  #hasMiddle = false;

  constructor(nodes: readonly LabNode[], { middleMtuBytes }: { readonly middleMtuBytes?: number } = {}) {
    this.nodes = nodes;
    this.#addNamespace('router');
    this.#firstSubnet = subnetOf(nodes[0]?.address ?? '');
    if (middleMtuBytes !== undefined) this.#addMiddleLink(middleMtuBytes);
    for (const subnet of new Set(nodes.map(({ address }) => subnetOf(address)))) this.#addSegment(subnet);
    for (const node of nodes) this.#addNode(node);
  }

  path(namespace: string): string {
    return join(this.#directory, namespace);
  }

  node(name: string): LabNode {
    const node = this.nodes.find((each) => each.name === name);
    if (!node) throw new Error(`the lab has no node ${name}`);
    return node;
  }

  routerOf(subnet: string): string {
    return this.#hasMiddle && subnet !== this.#firstSubnet ? 'far-router' : 'router';
  }

  driver(name: string): EbpfIpipDriver {
    return new EbpfIpipDriver({ namespacePath: this.path(name) });
  }

  /** The tunnel of a node to the others, or to those named: to their blocks, and with their own addresses, as planned. */
  tunnel(name: string, to: readonly string[] = this.nodes.map((each) => each.name)): IpipTunnel {
    const node = this.node(name);
    const others = this.nodes.filter((each) => each !== node && to.includes(each.name));
    return {
      device: IPIP_DEVICE,
      address: parseAddress(hostOf(node.block, 1)),
      mtuBytes: 1480,
      underlay: { device: 'eth0', address: parseAddress(node.address) },
      remotes: others.flatMap(({ block, address }) =>
        [block, `${address}/32`].map((network) => ({ network: parseCidr(network), node: parseAddress(address) })),
      ),
    };
  }

  /** Tunnels and routes between all nodes. */
  async connect(): Promise<void> {
    for (const node of this.nodes) {
      await this.driver(node.name).ensure(this.tunnel(node.name));
      for (const other of this.nodes) {
        if (other !== node) this.run(node.name, 'ip', 'route', 'replace', other.block, 'dev', IPIP_DEVICE);
      }
    }
  }

  mac(namespace: string, device: string): string {
    return /link\/ether (\S+)/.exec(this.run(namespace, 'ip', '-o', 'link', 'show', device))?.[1] ?? '';
  }

  /** Standard output; throws when the command fails. */
  run(namespace: string, command: string, ...args: string[]): string {
    return execFileSync('nsenter', [`--net=${this.path(namespace)}`, command, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  succeeds(namespace: string, command: string, ...args: string[]): boolean {
    try {
      this.run(namespace, command, ...args);
      return true;
    } catch {
      return false;
    }
  }

  start(namespace: string, command: string, ...args: string[]): ChildProcess {
    const child = spawn('nsenter', [`--net=${this.path(namespace)}`, command, ...args]);
    this.#children.push(child);
    return child;
  }

  async close(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    for (const namespace of this.#namespaces) deleteNamedNamespace(this.path(namespace));
    rmSync(this.#directory, { recursive: true });
  }

  #addNamespace(name: string): void {
    createNamedNamespace(this.path(name));
    this.#namespaces.push(name);
    for (const setting of ['all.rp_filter=1', 'default.rp_filter=1', 'all.forwarding=1', 'default.accept_local=0']) {
      this.run(name, 'sysctl', '-qw', `net.ipv4.conf.${setting}`);
    }
    this.run(name, 'ip', 'link', 'set', 'lo', 'up');
  }

  /**
   * A bridge for the subnet, and the router's own port on it: a veth, since a
   * bridge that is routed through itself cuts encapsulated GSO packets up.
   */
  #addSegment(subnet: string): void {
    const router = this.routerOf(subnet);
    const bridge = bridgeOf(subnet);
    const leg = routerPort(subnet);
    this.run(router, 'ip', 'link', 'add', bridge, 'up', 'type', 'bridge');
    this.run(router, 'ip', 'link', 'add', leg, 'up', 'type', 'veth', 'peer', 'name', `${leg}.b`);
    this.run(router, 'ip', 'link', 'set', `${leg}.b`, 'up', 'master', bridge);
    this.run(router, 'ip', 'addr', 'add', `${subnet}.1/24`, 'dev', leg);
    if (router === 'far-router') this.run('router', 'ip', 'route', 'add', `${subnet}.0/24`, 'via', '203.0.113.2');
  }

  #addMiddleLink(mtuBytes: number): void {
    this.#hasMiddle = true;
    this.#addNamespace('far-router');
    const mtu = ['mtu', String(mtuBytes)];
    const peer = ['peer', 'name', 'middle', ...mtu, 'netns', this.path('far-router')];
    this.run('router', 'ip', 'link', 'add', 'middle', ...mtu, 'type', 'veth', ...peer);
    for (const [router, address] of [
      ['router', '203.0.113.1/30'],
      ['far-router', '203.0.113.2/30'],
    ] as const) {
      this.run(router, 'ip', 'addr', 'add', address, 'dev', 'middle');
      this.run(router, 'ip', 'link', 'set', 'middle', 'up');
    }
    this.run('far-router', 'ip', 'route', 'add', 'default', 'via', '203.0.113.1');
  }

  #addNode(node: LabNode): void {
    const { name, address, block } = node;
    const subnet = subnetOf(address);
    this.#addNamespace(name);
    const port = `to-${name}`;
    const router = this.routerOf(subnet);
    this.run(router, 'ip', 'link', 'add', port, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.path(name));
    this.run(router, 'ip', 'link', 'set', port, 'up', 'master', bridgeOf(subnet));
    this.run(name, 'ip', 'addr', 'add', `${address}/24`, 'dev', 'eth0');
    this.run(name, 'ip', 'link', 'set', 'eth0', 'up');
    this.run(name, 'ip', 'route', 'add', 'default', 'via', `${subnet}.1`);

    const pod = podOf(name);
    this.#addNamespace(pod);
    const mtu = ['mtu', '1480'];
    const peer = ['peer', 'name', 'eth0', ...mtu, 'netns', this.path(pod)];
    this.run(name, 'ip', 'link', 'add', 'mgypod', ...mtu, 'type', 'veth', ...peer);
    this.run(name, 'ip', 'link', 'set', 'mgypod', 'up');
    this.run(name, 'sysctl', '-qw', 'net.ipv4.conf.mgypod.proxy_arp=1', 'net.ipv4.neigh.mgypod.proxy_delay=0');
    this.run(name, 'ip', 'route', 'add', hostOf(block, 2), 'dev', 'mgypod');
    this.run(pod, 'ip', 'addr', 'add', `${hostOf(block, 2)}/32`, 'dev', 'eth0');
    this.run(pod, 'ip', 'link', 'set', 'eth0', 'up');
    this.run(pod, 'ip', 'route', 'add', '169.254.1.1', 'dev', 'eth0');
    this.run(pod, 'ip', 'route', 'add', 'default', 'via', '169.254.1.1');
  }
}

/** How many echo requests a namespace of the lab has received. */
export function echoRequests(lab: IpipLab, namespace: string): number {
  const [names = '', values = ''] = lab
    .run(namespace, 'cat', '/proc/net/snmp')
    .split('\n')
    .filter((line) => line.startsWith('Icmp:'));
  return Number(values.split(' ')[names.split(' ').indexOf('InEchos')]);
}

export function podOf(node: string): string {
  return `pod-${node}`;
}

export function hostOf(block: string, host: number): string {
  return block.replace(/\.0\/\d+$/, `.${host}`);
}

function subnetOf(address: string): string {
  return address.slice(0, address.lastIndexOf('.'));
}

function bridgeOf(subnet: string): string {
  return `br${subnet.replaceAll('.', '')}`;
}

/** The router's device in a subnet such as `192.0.2`. */
export function routerPort(subnet: string): string {
  return `rt${subnet.replaceAll('.', '')}`;
}
