import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KernelError } from '@margay/ports';
import { describeRoute } from '@margay/routing-core';
import { CallError } from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AgentWorld,
  createWorld,
  endpoint,
  eventually,
  NODE,
  podEnvironment,
  preparePod,
  type RunningAgent,
  startAgent,
} from './agent-harness.ts';

let world: AgentWorld;
let agent: RunningAgent;

beforeEach(async () => {
  world = await createWorld();
  agent = await startAgent(world, { timeoutMs: 400 });
  // The first pass is over: what fails from here on fails an ADD.
  await eventually(async () => (await agent.status()).applied?.error === '');
});

afterEach(async () => {
  await agent.stop();
  await world.close();
});

/** Nothing of an ADD that failed: no link, route, endpoint, record or address. */
async function expectNothingLeft(): Promise<void> {
  expect(await world.kernel.podLinks.list()).toEqual([]);
  expect((await world.kernel.routes.list()).filter(({ device }) => device?.startsWith('mgy'))).toEqual([]);
  expect(world.kernel.firewall.model?.endpoints).toEqual([]);
  const saved = await readFile(join(world.directory, 'state', 'endpoints.json'), 'utf8').catch(
    () => '{"endpoints":[]}',
  );
  expect((JSON.parse(saved) as { endpoints: unknown[] }).endpoints).toEqual([]);
}

function handles(): string[] {
  return [...world.ipam.byHandle.keys()].filter((handle) => handle.startsWith('margay.'));
}

async function failedAdd(environment = podEnvironment('ADD', { pod: 'a' })): Promise<{ code: number; msg: string }> {
  const reply = await agent.cni(environment);
  expect(reply.exitCode).toBe(1);
  return JSON.parse(reply.stdout) as { code: number; msg: string };
}

describe('an ADD that cannot be done', () => {
  it('fails with 11 when the policy does not come, and leaves nothing', async () => {
    world.kernel.addNamespace('/run/netns/c-a');
    expect(await failedAdd()).toMatchObject({
      code: 11,
      msg: 'the policy of pod default/a has not reached this node: not done within 0.4 s',
    });
    await expectNothingLeft();
    expect(handles()).toEqual([]);
  });

  it('does not take the policy of an older pod of that name', async () => {
    world.kernel.addNamespace('/run/netns/c-a');
    await world.feed.push([endpoint('a', 'uid-of-another')]);
    expect(await failedAdd()).toMatchObject({ code: 11, msg: expect.stringContaining('has not reached this node') });
    await expectNothingLeft();
  });

  it('names IPAM when that is away, and why', async () => {
    await preparePod(world, { pod: 'a' });
    world.ipam.failure = new CallError('UNAVAILABLE', 'the API is down');
    expect(await failedAdd()).toMatchObject({ code: 11, msg: 'no address from IPAM: the API is down' });
    await expectNothingLeft();
  });

  it('says at once that no address is free', async () => {
    await preparePod(world, { pod: 'a' });
    world.ipam.failure = new CallError('RESOURCE_EXHAUSTED', 'the pools have no free address');
    expect(await failedAdd()).toMatchObject({
      code: 11,
      msg: 'no address from IPAM: the pools have no free address',
    });
  });

  it('names the kernel when it does not take the policy, and never routes the pod', async () => {
    await preparePod(world, { pod: 'a' });
    const refuse = (): void => world.kernel.firewall.failNext(new KernelError('REJECTED', 'no room'));
    refuse();
    // Refuses for as long as the ADD tries.
    const apply = world.kernel.firewall.apply.bind(world.kernel.firewall);
    const routesToPods: string[] = [];
    const applyRoutes = world.kernel.routes.apply.bind(world.kernel.routes);
    world.kernel.routes.apply = (plan) => {
      routesToPods.push(...plan.upsert.map(describeRoute).filter((route) => route.includes('dev mgy')));
      return applyRoutes(plan);
    };
    world.kernel.firewall.apply = (model) => {
      if (model.endpoints.length > 0) refuse();
      return apply(model);
    };
    const failure = await failedAdd();
    expect(failure.code).toBe(11);
    expect(failure.msg).toContain("the kernel does not hold the pod's route and policy");
    expect(failure.msg).toContain('no room');
    expect(routesToPods).toEqual([]);
    await expectNothingLeft();
    expect(handles()).toEqual([]);
  });

  it('tries again when the kernel refuses once', async () => {
    await preparePod(world, { pod: 'a' });
    world.kernel.failNext('routes.apply', new KernelError('REJECTED', 'busy'));
    expect((await agent.cni(podEnvironment('ADD', { pod: 'a' }))).exitCode).toBe(0);
  });

  it('refuses a namespace that is not there with 8', async () => {
    await world.feed.push([endpoint('a')]);
    expect(await failedAdd()).toMatchObject({ code: 8 });
    await expectNothingLeft();
    expect(handles()).toEqual([]);
  });

  it('refuses the namespace of the node itself', async () => {
    await world.feed.push([endpoint('a')]);
    expect(await failedAdd({ ...podEnvironment('ADD', { pod: 'a' }), CNI_NETNS: '/proc/self/ns/net' })).toMatchObject({
      code: 8,
      msg: "plugin's netns and netns from CNI_NETNS should not be the same",
    });
  });

  it('refuses a container without a pod', async () => {
    expect(await failedAdd({ ...podEnvironment('ADD', { pod: 'a' }), CNI_ARGS: 'IgnoreUnknown=1' })).toMatchObject({
      code: 4,
    });
  });

  it.each([
    { name: 'tunnel address', address: (): string => world.ipam.byHandle.get(`ipip-tunnel-addr-${NODE}`) ?? '' },
    { name: 'own address', address: (): string => '192.0.2.1' },
  ])("refuses the node's $name, and keeps it from others until DEL", async ({ address }) => {
    await preparePod(world, { pod: 'a' });
    await eventually(async () => (await agent.status()).ipipTunnelAddress !== '');
    world.ipam.byHandle.set('margay.c-a', address());
    expect(await failedAdd()).toMatchObject({ code: 11, msg: expect.stringContaining("this node's own address") });
    await expectNothingLeft();
    expect(handles()).toEqual(['margay.c-a']);
    await agent.cni(podEnvironment('DEL', { pod: 'a' }));
    expect(handles()).toEqual([]);
  });

  it('keeps the address of a pod that is connected when a repeated ADD fails', async () => {
    await preparePod(world, { pod: 'a' });
    expect((await agent.cni(podEnvironment('ADD', { pod: 'a' }))).exitCode).toBe(0);
    const elsewhere = { ...podEnvironment('ADD', { pod: 'a' }), CNI_NETNS: '/run/netns/elsewhere' };
    expect(await failedAdd(elsewhere)).toMatchObject({ code: 8 });
    expect(handles()).toEqual(['margay.c-a']);
    expect((await agent.status()).endpoints).toHaveLength(1);
  });

  it('is cut short by a DEL of the same container', async () => {
    world.kernel.addNamespace('/run/netns/c-a');
    const adding = failedAdd();
    await eventually(() => handles().length > 0);
    expect(await agent.cni(podEnvironment('DEL', { pod: 'a' }))).toEqual({ exitCode: 0, stdout: '' });
    expect((await adding).msg).toContain('the container was removed meanwhile');
    await expectNothingLeft();
    expect(handles()).toEqual([]);
  });
});

describe('a DEL while IPAM is away', () => {
  it('disconnects the pod, fails with 11, and frees the address when called again', async () => {
    await preparePod(world, { pod: 'a' });
    await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    world.ipam.failure = new CallError('UNAVAILABLE', 'gone');
    const reply = await agent.cni(podEnvironment('DEL', { pod: 'a' }));
    expect(JSON.parse(reply.stdout)).toMatchObject({
      code: 11,
      msg: 'the pod is disconnected, but its address is not free yet: gone',
    });
    await expectNothingLeft();
    expect(handles()).toEqual(['margay.c-a']);
    world.ipam.failure = undefined;
    expect(await agent.cni(podEnvironment('DEL', { pod: 'a' }))).toEqual({ exitCode: 0, stdout: '' });
    expect(handles()).toEqual([]);
  });
});
