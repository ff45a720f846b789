import type { FeedEntry } from '@margay/feed-core';
import { CallError } from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { podDevice } from '../src/endpoints/endpoint-record.ts';
import {
  type AgentWorld,
  block,
  createWorld,
  eventually,
  NODE,
  podEnvironment,
  pool,
  preparePod,
  type RunningAgent,
  startAgent,
} from './agent-harness.ts';

let world: AgentWorld;
let agent: RunningAgent;

beforeEach(async () => {
  world = await createWorld();
  world.ipam.reserveLimit = 4;
  agent = await startAgent(world);
  await filled();
  await eventually(async () => (await agent.status()).applied?.error === '');
});

afterEach(async () => {
  await agent.stop();
  await world.close();
});

/** The agent has heard that IPAM holds addresses for it. */
async function filled(): Promise<void> {
  await eventually(() => world.ipam.reserve.size === 4 && world.ipam.answered > 0);
}

async function add(pod: string): Promise<string> {
  await preparePod(world, { pod });
  return await call(pod);
}

async function call(pod: string): Promise<string> {
  const reply = await agent.cni(podEnvironment('ADD', { pod }));
  expect(reply, reply.stdout).toMatchObject({ exitCode: 0 });
  const result = JSON.parse(reply.stdout) as { ips: { address: string }[] };
  return result.ips[0]?.address.split('/')[0] ?? '';
}

const down = new CallError('UNAVAILABLE', 'down');

describe('addresses kept ready', () => {
  it('connect pods while IPAM is away, and IPAM is told when it is back', async () => {
    const ready = [...world.ipam.reserve];
    world.ipam.failure = down;
    const given = [await add('a'), await add('b')];
    expect(given).toEqual(ready.slice(0, 2));
    expect(world.ipam.byHandle.has('margay.c-a')).toBe(false);
    world.ipam.failure = undefined;
    await eventually(() => world.ipam.byHandle.get('margay.c-a') === given[0]);
    await eventually(() => world.ipam.byHandle.get('margay.c-b') === given[1]);
    await filled();
    expect([...world.ipam.reserve]).not.toContain(given[0]);
  });

  it('never give one address to two pods, with many at once', async () => {
    const pods = Array.from({ length: 30 }, (_, index) => `p${index}`);
    for (const pod of pods) await preparePod(world, { pod });
    const given = await Promise.all(pods.map((pod) => call(pod)));
    expect(new Set(given).size).toBe(30);
    await eventually(() => pods.every((pod, index) => world.ipam.byHandle.get(`margay.c-${pod}`) === given[index]));
  });

  it('stay as they were given when the same container is connected again after its link was lost', async () => {
    const address = await add('a');
    await world.kernel.podLinks.remove(podDevice('default', 'a'));
    expect(await call('a')).toBe(address);
    await eventually(() => world.ipam.byHandle.get('margay.c-a') === address);
  });

  it('free the address of a pod that goes, whether IPAM was told or not', async () => {
    const address = await add('a');
    expect(await agent.cni(podEnvironment('DEL', { pod: 'a' }))).toMatchObject({ exitCode: 0 });
    await eventually(() => !world.ipam.byHandle.has('margay.c-a') && !world.ipam.reserve.has(address));
    expect([...world.ipam.byHandle.values()]).not.toContain(address);
  });

  it('let a DEL fail while IPAM may or may not know the address, and free it at the next', async () => {
    world.ipam.failure = down;
    const address = await add('a');
    const attempts = world.ipam.attempts;
    await eventually(() => world.ipam.attempts > attempts);
    const reply = await agent.cni(podEnvironment('DEL', { pod: 'a' }));
    expect(reply.exitCode).toBe(1);
    expect(reply.stdout).toContain('its address is not free yet');
    world.ipam.failure = undefined;
    expect(await agent.cni(podEnvironment('DEL', { pod: 'a' }))).toMatchObject({ exitCode: 0 });
    await eventually(() => ![...world.ipam.byHandle.values()].includes(address) && !world.ipam.reserve.has(address));
  });

  it('are not given again by an agent that ended before it told IPAM', async () => {
    world.ipam.failure = down;
    const address = await add('a');
    await agent.stop();
    expect(world.ipam.reserve.has(address)).toBe(true);
    world.ipam.failure = undefined;
    agent = await startAgent(world);
    await eventually(() => world.ipam.byHandle.get('margay.c-a') === address);
    const others = [await add('b'), await add('c'), await add('d')];
    expect(others).not.toContain(address);
  });

  const lost: readonly [string, FeedEntry[], string[]][] = [
    ['its pool gives no more', [{ ...pool('10.8.0.0/16', 'Always'), disabled: true }], []],
    ['its pool is gone', [], ['pool/10.8.0.0/16']],
    ["its block is another node's", [block('10.8.0.0/26', 'node-b')], []],
    ['its block is gone', [], ['route/10.8.0.0/26']],
    ['this node is gone from the cluster', [], [`node/${NODE}`]],
  ];
  it.each(lost)('go back, and are not given, when %s', async (_, upserts, removes) => {
    const ready = [...world.ipam.reserve];
    world.ipam.reserveLimit = 0;
    await world.feed.push(upserts, removes);
    await eventually(() => world.ipam.reserve.size === 0);
    expect(world.ipam.reports.flatMap(({ returns }) => returns).toSorted()).toEqual(ready.toSorted());
  });

  it('go back where the node may hold fewer', async () => {
    world.ipam.reserveLimit = 1;
    await add('a');
    await eventually(() => world.ipam.reserve.size === 1);
  });
});
