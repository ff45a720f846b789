import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { requireOwnNamespaces } from '@margay/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT } from '../test-support/silent-logger.ts';
import { defaultTopology } from '../topology/default-topology.ts';
import { FABRIC } from '../topology/defaults.ts';
import { planFabric, planNode } from './bare-metal/plan.ts';
import { buildPart, openFabricSocket, removePart } from './builder.ts';
import { namespacePath, nodeNamespace } from './places.ts';
import { hideRun, inside, pings } from './test-support/lab.ts';
import { startWitness, WITNESS_PORT } from './witness.ts';

requireOwnNamespaces();

const topology = defaultTopology({ nodes: 3, podsPerNode: 0, mode: 'direct' });

let hidden: Disposable;

beforeAll(() => {
  hidden = hideRun();
  buildPart(planFabric(topology));
  for (const node of topology.nodes) buildPart(planNode(topology, node));
});

afterAll(() => {
  for (const node of topology.nodes) removePart(planNode(topology, node));
  removePart(planFabric(topology));
  hidden[Symbol.dispose]();
});

describe('buildPart', () => {
  it('lets every node reach every other, the outside host and the control host', () => {
    const targets = [
      ...topology.nodes.map(({ interfaces }) => interfaces[0].address),
      FABRIC.outsideHost,
      FABRIC.controlHost,
    ];
    for (const { name } of topology.nodes) {
      for (const target of targets)
        expect([name, target, pings(nodeNamespace(name), target)]).toEqual([name, target, true]);
    }
  });

  it('carries packets of the full size and none larger', () => {
    const target = topology.nodes[2]?.interfaces[0].address ?? '';
    expect(pings('node.node-1', target, '-M', 'do', '-s', '1472')).toBe(true);
    expect(pings('node.node-1', target, '-M', 'do', '-s', '1473')).toBe(false);
  });

  it('filters reverse paths strictly and forwards on routers alone', () => {
    expect(inside('spine', 'sysctl', '-n', 'net.ipv4.conf.all.rp_filter', 'net.ipv4.ip_forward')).toBe('1\n1\n');
    expect(inside('outside', 'sysctl', '-n', 'net.ipv4.conf.all.rp_filter', 'net.ipv4.ip_forward')).toBe('1\n0\n');
  });

  it('keeps the gateway off the bridge, so that encapsulated packets cross racks whole', () => {
    expect(inside('switch.rack-1', 'ip', '-4', 'address', 'show', 'dev', 'switch')).toBe('');
    expect(inside('router.tor-rack-1', 'ip', '-4', '-brief', 'address', 'show', 'dev', 'rack0')).toContain(
      '192.0.2.1/25',
    );
    expect(inside('router.tor-rack-1', 'ip', '-brief', 'link', 'show', 'type', 'bridge')).toBe('');
  });

  it('refuses on the spine what it does not know', () => {
    expect(pings('node.node-1', '10.244.0.1')).toBe(false);
  });

  it('has an outside host that tells the source address it sees, over TCP and UDP', async () => {
    using _witness = startWitness(SILENT);
    const ask = async (kind: 'tcp' | 'udp'): Promise<string> => {
      const script = `exec 3<>/dev/${kind}/${FABRIC.outsideHost}/${WITNESS_PORT}; echo hello >&3; head -n 1 <&3`;
      const command = [`--net=${namespacePath('node.node-3')}`, '--', 'timeout', '5', 'bash', '-c', script];
      return (await promisify(execFile)('nsenter', command)).stdout;
    };
    expect(await ask('tcp')).toBe('192.0.2.130\n');
    expect(await ask('udp')).toBe('192.0.2.130\n');
  });

  it('adds and removes a node while the others go on', () => {
    const late = { name: 'late', interfaces: [{ name: 'eth0', rack: 'rack-1', address: '192.0.2.100' }] } as never;
    buildPart(planNode(topology, late));
    expect(pings('node.late', FABRIC.outsideHost)).toBe(true);
    removePart(planNode(topology, late));
    using rack = openFabricSocket('switch.rack-1');
    expect(rack.listLinks().filter(({ name }) => name.startsWith('p'))).toHaveLength(2);
    expect(pings('node.node-1', FABRIC.outsideHost)).toBe(true);
  });
});
