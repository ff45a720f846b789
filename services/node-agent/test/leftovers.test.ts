import { StoreError } from '@margay/ports';
import { createFakeClock } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COLLECT_INTERVAL_MS } from '../src/garbage/leftovers.ts';
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
let clock: ReturnType<typeof createFakeClock>;

beforeEach(async () => {
  world = await createWorld();
  clock = createFakeClock();
  agent = await startAgent(world, { clock });
  await eventually(async () => {
    await clock.advance(100);
    return (await agent.status()).applied?.error === '';
  });
});

afterEach(async () => {
  await agent.stop();
  await world.close();
});

async function addPod(pod: string): Promise<void> {
  await preparePod(world, { pod, uid: await uidOf(pod) });
  await world.feed.push([endpoint(pod, await uidOf(pod))]);
  expect((await agent.cni(podEnvironment('ADD', { pod, uid: await uidOf(pod) }))).exitCode).toBe(0);
}

/** Of the Pod object, which is made when it is not there. */
async function uidOf(pod: string): Promise<string> {
  const ref = { namespace: 'default', name: pod };
  const object =
    (await world.store.get('Pod', ref)) ??
    (await world.store.create('Pod', { metadata: ref, spec: { nodeName: NODE } }));
  return object.metadata.uid ?? '';
}

const podsOf = async (): Promise<string[]> => ((await agent.status()).endpoints ?? []).map(({ pod }) => pod ?? '');

/** Time passes, with everything that happens in it. */
async function pass(ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 2_500) {
    await clock.advance(2_500);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Every look asks the API once, and begins when the one before is over. */
async function twoLooks(): Promise<void> {
  const list = world.store.list.bind(world.store);
  let looks = 0;
  world.store.list = (kind, options) => {
    looks++;
    return list(kind, options);
  };
  await eventually(async () => {
    await pass(COLLECT_INTERVAL_MS / 2);
    return looks >= 2;
  });
}

describe('an agent whose runtime never calls GC', () => {
  it('collects the pod that is gone from the API and from the kernel, and no other', async () => {
    for (const pod of ['gone', 'no-object', 'no-namespace', 'well']) await addPod(pod);
    for (const name of ['gone', 'no-object'])
      await world.store.delete('Pod', { namespace: 'default', name }, { gracePeriodSeconds: 0 });
    for (const pod of ['gone', 'no-namespace']) world.kernel.deleteNamespace(`/run/netns/c-${pod}`);
    await eventually(async () => {
      await pass(COLLECT_INTERVAL_MS / 2);
      return !(await podsOf()).includes('gone');
    });
    await twoLooks();
    expect((await podsOf()).toSorted()).toEqual(['no-namespace', 'no-object', 'well']);
    expect(world.ipam.byHandle.has('margay.c-gone')).toBe(false);
  });

  it('collects nothing while the API cannot be read', async () => {
    await addPod('a');
    await world.store.delete('Pod', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
    world.kernel.deleteNamespace('/run/netns/c-a');
    const list = world.store.list.bind(world.store);
    let refusals = 0;
    world.store.list = () => {
      refusals++;
      return Promise.reject(new StoreError('UNAVAILABLE', 'down'));
    };
    await eventually(async () => {
      await pass(COLLECT_INTERVAL_MS / 2);
      return refusals >= 3;
    });
    expect(await podsOf()).toEqual(['a']);
    world.store.list = list;
    await eventually(async () => {
      await pass(COLLECT_INTERVAL_MS / 2);
      return (await podsOf()).length === 0;
    });
  });

  it('removes a pod link that no pod can have, after a second look', async () => {
    await addPod('well');
    world.kernel.addNamespace('/run/netns/lost');
    await world.kernel.podLinks.create({
      namespacePath: '/run/netns/lost',
      hostDevice: 'mgy00000000001',
      podDevice: 'eth0',
      address: world.ipam.byHandle.get('margay.c-well') as never,
      mtuBytes: 1_500,
    });
    const devices = async (): Promise<string[]> =>
      (await world.kernel.podLinks.list()).map(({ hostDevice }) => hostDevice);
    expect(await devices()).toHaveLength(2);
    await eventually(async () => {
      await pass(COLLECT_INTERVAL_MS / 2);
      return !(await devices()).includes('mgy00000000001');
    });
    expect(await devices()).toHaveLength(1);
  });
});

describe('a static pod', () => {
  it('has the policy of the object that stands for it, though the kubelet names it otherwise', async () => {
    const metadata = {
      namespace: 'default',
      name: 'static',
      annotations: { 'kubernetes.io/config.hash': 'hash-of-the-file' },
    };
    await world.store.create('Pod', { metadata, spec: { nodeName: NODE } });
    const uid = await uidOf('static');
    world.kernel.addNamespace('/run/netns/c-static');
    await world.feed.push([endpoint('static', uid)]);
    const reply = await agent.cni(podEnvironment('ADD', { pod: 'static', uid: 'hash-of-the-file' }));
    expect(reply).toMatchObject({ exitCode: 0 });
    expect((await agent.status()).endpoints).toMatchObject([{ pod: 'static', uid }]);
  });
});
