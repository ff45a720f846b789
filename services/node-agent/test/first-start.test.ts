import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { KernelError } from '@margay/ports';
import { describeRoute } from '@margay/routing-core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  type AgentWorld,
  createWorld,
  eventually,
  podEnvironment,
  preparePod,
  type RunningAgent,
  startAgent,
} from './agent-harness.ts';

let world: AgentWorld;
let agent: RunningAgent;

beforeEach(async () => {
  world = await createWorld();
});

afterEach(async () => {
  await agent.stop();
  await world.close();
});

it('routes no pod on a kernel that refuses the first table, and is not ready, until it takes one', async () => {
  let refusals = 0;
  let isRefusing = true;
  const apply = world.kernel.firewall.apply.bind(world.kernel.firewall);
  world.kernel.firewall.apply = (model) => {
    if (!isRefusing) return apply(model);
    refusals++;
    return Promise.reject(new KernelError('NOT_PERMITTED', 'change the packet filter: not permitted'));
  };
  const routed: string[] = [];
  const applyRoutes = world.kernel.routes.apply.bind(world.kernel.routes);
  world.kernel.routes.apply = (plan) => {
    if (isRefusing) routed.push(...plan.upsert.map(describeRoute).filter((route) => route.includes('dev mgy')));
    return applyRoutes(plan);
  };
  agent = await startAgent(world);
  await preparePod(world, { pod: 'a' });
  const adding = agent.cni(podEnvironment('ADD', { pod: 'a' }));
  await eventually(async () => (await world.kernel.podLinks.list()).length === 1);
  const before = refusals;
  await eventually(() => refusals >= before + 3);
  expect((await agent.status()).applied?.error).toContain('change the packet filter: not permitted');
  expect(existsSync(join(world.directory, 'net.d', '10-margay.conflist'))).toBe(false);

  isRefusing = false;
  expect(await adding).toMatchObject({ exitCode: 0 });
  expect(routed).toEqual([]);
  expect((await world.kernel.routes.list()).map(describeRoute).join()).toContain('dev mgy');
  await eventually(() => existsSync(join(world.directory, 'net.d', '10-margay.conflist')));
});

it('gives a pod of the same name but another UID its own policy and address, past the record of the old one', async () => {
  agent = await startAgent(world);
  await preparePod(world, { pod: 'a' });
  expect((await agent.cni(podEnvironment('ADD', { pod: 'a' }))).exitCode).toBe(0);
  const old = world.ipam.byHandle.get('margay.c-a');
  await agent.stop();

  agent = await startAgent(world, { timeoutMs: 5_000 });
  expect((await agent.status()).endpoints).toMatchObject([{ pod: 'a', uid: 'uid-a' }]);
  const later = { pod: 'a', uid: 'uid-later', containerId: 'c-later' };
  await preparePod(world, later);
  expect((await agent.cni(podEnvironment('ADD', later))).exitCode).toBe(0);
  const address = world.ipam.byHandle.get('margay.c-later');
  expect(address).not.toBe(old);
  expect((await agent.status()).endpoints).toMatchObject([{ uid: 'uid-later', address }]);
  expect(world.kernel.firewall.model?.endpoints).toMatchObject([{ addresses: [address] }]);
  const routes = async (): Promise<string> => (await world.kernel.routes.list()).map(describeRoute).join('\n');
  expect(await routes()).toContain(`${address}/32 dev mgy`);
  expect(await routes()).not.toContain(`${old}/32`);

  // The runtime removes the old sandbox when it likes.
  expect(await agent.cni(podEnvironment('DEL', { pod: 'a' }))).toEqual({ exitCode: 0, stdout: '' });
  expect(world.ipam.byHandle.has('margay.c-a')).toBe(false);
  expect(await world.kernel.podLinks.list()).toHaveLength(1);
  expect(await routes()).toContain(`${address}/32 dev mgy`);
});
