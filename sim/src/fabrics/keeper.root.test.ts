import { parseAddress, parseCidr } from '@margay/ip';
import { createFakeClock, requireOwnNamespaces } from '@margay/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SILENT } from '../test-support/silent-logger.ts';
import { defaultTopology } from '../topology/default-topology.ts';
import { FABRIC } from '../topology/defaults.ts';
import { planFabric, planNode } from './bare-metal/plan.ts';
import { FabricKeeper } from './keeper.ts';
import { hideRun, inside, pings } from './test-support/lab.ts';

requireOwnNamespaces();

const topology = defaultTopology({ nodes: 2, podsPerNode: 0, mode: 'direct' });
const parts = [planFabric(topology), ...topology.nodes.map((node) => planNode(topology, node))];
const NODE = 'node.node-1';

/** The kernel takes a moment to see that a link is up, and to ask for neighbours again. */
async function outsideAnswers(): Promise<void> {
  await expect.poll(() => pings(NODE, FABRIC.outsideHost), { timeout: 20_000 }).toBe(true);
}

describe('FabricKeeper', () => {
  let hidden: Disposable;
  const keeper = new FabricKeeper({ logger: SILENT });
  beforeAll(() => {
    hidden = hideRun();
    for (const part of parts) keeper.add(part);
  });
  afterAll(() => {
    for (const part of parts.toReversed()) keeper.remove(part);
    hidden[Symbol.dispose]();
  });

  it.each([
    ['a node’s link', NODE, 'eth0'],
    ['a router’s leg into its rack', 'router.tor-rack-1', 'rack0'],
    ['a router’s uplink', 'router.tor-rack-1', 'spine'],
    ['the outside host’s link', 'outside', 'eth0'],
  ])('leaves %s down, and mends its routes when it is up again', async (_, namespace, device) => {
    const routes = inside(namespace, 'ip', 'route', 'show', 'proto', '78');
    inside(namespace, 'ip', 'link', 'set', 'dev', device, 'down');
    keeper.repair();
    expect(inside(namespace, 'ip', 'link', 'show', 'dev', device)).toContain('state DOWN');
    expect(pings(NODE, FABRIC.outsideHost)).toBe(false);
    inside(namespace, 'ip', 'link', 'set', 'dev', device, 'up');
    keeper.repair();
    expect(inside(namespace, 'ip', 'route', 'show', 'proto', '78')).toBe(routes);
    await outsideAnswers();
  });

  it.each([
    ['a default route', NODE, 'ip route del default'],
    ['all routes of a router', 'router.tor-rack-1', 'ip route flush table main'],
    ['a node’s address', NODE, 'ip addr flush dev eth0'],
    ['a node’s link', NODE, 'ip link del dev eth0'],
    ['a switch', 'switch.rack-1', 'ip link del dev switch'],
    ['a port of a switch', 'switch.rack-1', 'ip link set dev router nomaster'],
  ])('puts %s back', async (_, namespace, command) => {
    inside(namespace, ...command.split(' '));
    expect(pings(NODE, FABRIC.outsideHost)).toBe(false);
    keeper.repair();
    await outsideAnswers();
  });

  it('keeps the routes to pods as they were told last', () => {
    const show = (): string => inside('spine', 'ip', 'route', 'show', 'proto', '79').trim();
    const [, via = ''] = /via (\S+)/.exec(inside('spine', 'ip', 'route', 'show', '192.0.2.0/25')) ?? [];
    const to = { namespace: 'spine', gateway: parseAddress(via) };
    keeper.setPodRoutes([
      { ...to, destination: parseCidr('10.244.0.0/26') },
      { ...to, destination: parseCidr('10.244.0.64/26') },
    ]);
    const before = show();
    expect(before).toMatch(/10\.244\.0\.0\/26 via .*\n10\.244\.0\.64\/26 via /);
    inside('spine', 'ip', 'route', 'flush', 'proto', '79');
    keeper.repair();
    expect(show()).toBe(before);
    keeper.setPodRoutes([]);
    expect(show()).toBe('');
  });

  it('looks by itself while it runs', async () => {
    const clock = createFakeClock();
    const stop = new AbortController();
    const running = keeper.run({ clock, signal: stop.signal });
    await clock.waitForSleepers(1);
    inside(NODE, 'ip', 'route', 'del', 'default');
    await clock.advance(1_000);
    await outsideAnswers();
    stop.abort();
    await running;
  });
});
