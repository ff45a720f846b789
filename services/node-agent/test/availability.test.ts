import type { Condition } from '@margay/model';
import { KernelError } from '@margay/ports';
import { createFakeClock } from '@margay/testkit';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type AgentWorld, createWorld, eventually, NODE, type RunningAgent, startAgent } from './agent-harness.ts';

let world: AgentWorld;
let agent: RunningAgent;
let clock: ReturnType<typeof createFakeClock>;

const KUBELETS: Condition = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'fine' };

beforeEach(async () => {
  world = await createWorld();
  clock = createFakeClock();
  await world.store.patch('Node', { name: NODE }, { status: { conditions: [KUBELETS] } }, { subresource: 'status' });
});
afterEach(async () => {
  await agent.stop();
  await world.close();
});

async function conditions(): Promise<readonly Condition[]> {
  return (await world.store.get('Node', { name: NODE }))?.status?.conditions ?? [];
}

async function becomes(status: 'True' | 'False'): Promise<Condition> {
  return eventually(async () => {
    await clock.advance(1_000);
    return (await conditions()).find((each) => each.type === 'NetworkUnavailable' && each.status === status);
  });
}

it('says that the network is there once it is, and takes it back only when that lasts', async () => {
  agent = await startAgent(world, { clock });
  expect(await becomes('False')).toMatchObject({ reason: 'MargayIsUp' });
  const apply = world.kernel.firewall.apply.bind(world.kernel.firewall);
  world.kernel.firewall.apply = () => Promise.reject(new KernelError('REJECTED', 'change the packet filter: no'));
  world.kernel.tamperFirewall();
  const startedMs = clock.monotonicMs();
  expect((await becomes('True')).message).toContain('change the packet filter: no');
  expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(60_000);
  expect(await conditions()).toContainEqual(KUBELETS);
  world.kernel.firewall.apply = apply;
  await becomes('False');
});

it('leaves what the node says when it restarts without a feed, for a while', async () => {
  agent = await startAgent(world, { clock });
  await becomes('False');
  await agent.stop();
  agent = await startAgent(world, { clock, feedAddress: '127.0.0.1:9' });
  for (let seconds = 0; seconds < 55; seconds++) {
    await clock.advance(1_000);
    expect(await conditions()).toContainEqual(expect.objectContaining({ type: 'NetworkUnavailable', status: 'False' }));
  }
  expect((await becomes('True')).message).toContain('the feed has not come');
});
