import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAddress } from '@margay/ip';
import { describeRoute } from '@margay/routing-core';
import { CallError } from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type AgentParts,
  type AgentWorld,
  block,
  createWorld,
  endpoint,
  eventually,
  podEnvironment,
  preparePod,
  type RunningAgent,
  startAgent,
} from './agent-harness.ts';

const NOBODY = '127.0.0.1:9';

let world: AgentWorld;
let agent: RunningAgent;

beforeEach(async () => {
  world = await createWorld();
  agent = await startAgent(world);
  await preparePod(world, { pod: 'a' });
  await agent.cni(podEnvironment('ADD', { pod: 'a' }));
  await settled();
});

afterEach(async () => {
  await agent.stop();
  await world.close();
});

async function settled(): Promise<void> {
  await eventually(async () => {
    const { applied, ipipTunnelAddress } = await agent.status();
    return applied?.error === '' && ipipTunnelAddress !== '';
  });
  await eventually(() => world.kernel.ipip.tunnel('margay.ipip') !== undefined);
  await eventually(async () => (await routes()).some((route) => route.includes('margay.ipip')));
}

async function routes(): Promise<string[]> {
  return (await world.kernel.routes.list()).map(describeRoute).toSorted();
}

async function restart(parts: AgentParts = {}): Promise<void> {
  await agent.stop();
  agent = await startAgent(world, parts);
}

/** A kernel event, so that the agent looks at everything: in memory its own writes make none. */
let devices = 0;
function provokeLook(): void {
  world.kernel.addLink({ name: `other${++devices}` });
}

async function savedMark(): Promise<string> {
  return (await readFile(join(world.directory, 'state', 'firewall.mark'), 'latin1').catch(() => '')).trim();
}

describe('an agent that starts again', () => {
  it('keeps everything with every service down, and applies what it saved', async () => {
    const before = { routes: await routes(), model: world.kernel.firewall.model };
    world.ipam.failure = new CallError('UNAVAILABLE', 'down');
    world.store.setOutage(true);
    await restart({ feedAddress: NOBODY });
    await eventually(async () => (await agent.status()).applied?.error === '');
    expect({ routes: await routes(), model: world.kernel.firewall.model }).toEqual(before);
    expect(await agent.status()).toMatchObject({
      feed: { connected: false, inSync: false },
      endpoints: [{ pod: 'a' }],
      address: '192.0.2.1/24',
    });
  });

  it('touches neither route nor rule without a saved feed, until a snapshot comes', async () => {
    const before = { routes: await routes(), model: world.kernel.firewall.model };
    await agent.stop();
    await writeFile(join(world.directory, 'state', 'feed.json'), 'not JSON');
    agent = await startAgent(world, { feedAddress: NOBODY });
    await eventually(async () => (await agent.status()).applied?.error?.includes('has not reached this node yet'));
    expect({ routes: await routes(), model: world.kernel.firewall.model }).toEqual(before);
    await restart();
    await eventually(async () => (await agent.status()).applied?.error === '');
    expect({ routes: await routes(), model: world.kernel.firewall.model }).toEqual(before);
  });

  it('keeps firewall, tunnel and its peers while the saved feed is older than they are', async () => {
    await agent.stop();
    const before = world.kernel.firewall.model;
    const path = join(world.directory, 'state', 'feed.json');
    const saved = JSON.parse(await readFile(path, 'utf8')) as { entries: { kind: string }[] };
    const tunnel = world.kernel.ipip.tunnel('margay.ipip');
    const entries = saved.entries.filter(({ kind }) => kind !== 'route');
    await writeFile(path, JSON.stringify({ ...saved, epoch: 'an older one', entries }));
    agent = await startAgent(world, { feedAddress: NOBODY });
    await eventually(async () => (await agent.status()).applied?.error === '');
    expect(world.kernel.firewall.model).toBe(before);
    expect(world.kernel.ipip.tunnel('margay.ipip')).toBe(tunnel);
    expect((await routes()).some((route) => route.includes('dev mgy'))).toBe(true);
    await restart();
    await eventually(async () => (await agent.status()).applied?.error === '');
    expect(world.kernel.firewall.model?.endpoints).toHaveLength(1);
  });

  it.each([
    { name: 'before it starts', early: true },
    { name: 'while it waits for the feed', early: false },
  ])('writes the saved model when the table is removed $name', async ({ early }) => {
    await agent.stop();
    const before = world.kernel.firewall.model;
    if (early) world.kernel.tamperFirewall();
    agent = await startAgent(world, { feedAddress: NOBODY });
    if (!early) {
      await eventually(async () => (await agent.status()).applied?.error === '');
      expect(world.kernel.firewall.model).toBe(before);
      world.kernel.tamperFirewall();
    }
    await eventually(() => world.kernel.firewall.verify());
    await eventually(() => world.kernel.firewall.model !== before);
    expect(world.kernel.firewall.model).toEqual(before);
  });

  it('writes the saved model when the table was emptied while no agent ran', async () => {
    provokeLook();
    await eventually(async () => (await savedMark()) !== '');
    await agent.stop();
    const before = world.kernel.firewall.model;
    world.kernel.emptyFirewall();
    const emptied = world.kernel.firewall.mark;
    agent = await startAgent(world, { feedAddress: NOBODY });
    await eventually(async () => world.kernel.firewall.mark !== emptied);
    expect(world.kernel.firewall.model).not.toBe(before);
    expect(world.kernel.firewall.model).toEqual(before);
  });

  it('keeps a table that it wrote after its mark was saved last: it is newer than the saved feed', async () => {
    provokeLook();
    await eventually(async () => (await savedMark()) !== '');
    const old = await savedMark();
    await world.feed.push([{ ...endpoint('a'), ingress: { policies: [] } }]);
    await eventually(() => world.kernel.firewall.model?.endpoints[0]?.ingress !== undefined);
    provokeLook();
    await eventually(async () => !['', old].includes(await savedMark()));
    const { verify } = world.kernel.firewall;
    // From here on the agent writes, and comes no further.
    world.kernel.firewall.verify = () => new Promise<undefined>(() => undefined);
    await world.feed.push([endpoint('a')]);
    await eventually(() => world.kernel.firewall.model?.endpoints[0]?.ingress === undefined);
    expect(await savedMark()).toBe('');
    await agent.stop();
    world.kernel.firewall.verify = verify;
    const before = world.kernel.firewall.model;
    await writeFile(join(world.directory, 'state', 'feed.json'), 'older than the table');
    agent = await startAgent(world, { feedAddress: NOBODY });
    await eventually(async () => (await agent.status()).applied?.error?.includes('has not reached this node yet'));
    expect(world.kernel.firewall.model).toBe(before);
  });

  it('closes its pods when neither table nor saved feed is there', async () => {
    await agent.stop();
    await rm(join(world.directory, 'state', 'feed.json'));
    world.kernel.tamperFirewall();
    agent = await startAgent(world, { feedAddress: NOBODY });
    await eventually(() => world.kernel.firewall.model?.endpoints.length === 0);
    expect(await world.kernel.firewall.verify()).toBeDefined();
  });

  it('adds no pod before the feed has come', async () => {
    await preparePod(world, { pod: 'b' });
    await eventually(async () =>
      (await readFile(join(world.directory, 'state', 'feed.json'), 'utf8')).includes('uid-b'),
    );
    await restart({ feedAddress: NOBODY, timeoutMs: 300 });
    const reply = await agent.cni(podEnvironment('ADD', { pod: 'b' }));
    expect(JSON.parse(reply.stdout)).toMatchObject({ code: 11, msg: expect.stringContaining('the feed has not come') });
    expect((await agent.cni(podEnvironment('ADD', { pod: 'a' }))).exitCode).toBe(0);
  });

  it.each(['', '{"version":1}'])('keeps the tunnel without its saved address (node.json: %j)', async (content) => {
    await agent.stop();
    await writeFile(join(world.directory, 'state', 'node.json'), content);
    const tunnel = world.kernel.ipip.tunnel('margay.ipip');
    let removals = 0;
    const remove = world.kernel.ipip.remove.bind(world.kernel.ipip);
    world.kernel.ipip.remove = (device) => {
      removals++;
      return remove(device);
    };
    world.ipam.failure = new CallError('UNAVAILABLE', 'down');
    agent = await startAgent(world);
    await settled();
    expect((await agent.status()).ipipTunnelAddress).toBe(tunnel?.address);
    expect(removals).toBe(0);
  });

  it('does not remove a route that came after the last save, until the feed says so', async () => {
    await agent.stop();
    const path = join(world.directory, 'state', 'feed.json');
    const saved = JSON.parse(await readFile(path, 'utf8')) as { entries: { kind: string; cidr?: string }[] };
    const entries = saved.entries.filter(({ cidr }) => cidr !== '10.8.1.0/26');
    await writeFile(path, JSON.stringify({ ...saved, entries }));
    const before = await routes();
    agent = await startAgent(world, { feedAddress: NOBODY });
    await eventually(async () => (await agent.status()).applied?.error === '');
    expect(await routes()).toEqual(before);
  });

  it('resumes the feed from where it stood', async () => {
    await eventually(async () => {
      const saved = JSON.parse(await readFile(join(world.directory, 'state', 'feed.json'), 'utf8')) as {
        revision: string;
      };
      return saved.revision === '2';
    });
    await restart();
    await eventually(() => world.feed.subscriptions.length === 2);
    expect(world.feed.subscriptions[1]).toMatchObject({ epoch: 'epoch-1', revision: 2 });
    await eventually(async () => (await agent.status()).feed?.inSync);
  });

  it('removes what the feed no longer has', async () => {
    await restart();
    await world.feed.push([block('10.8.2.0/26', 'node-b')], ['route/10.8.1.0/26']);
    await eventually(async () => (await routes()).some((route) => route.startsWith('10.8.2.0/26')));
    await eventually(async () => !(await routes()).some((route) => route.startsWith('10.8.1.0/26')));
  });

  it('still knows the pod: ADD repeats its answer, DEL undoes it', async () => {
    await restart();
    const again = await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    expect(again.exitCode).toBe(0);
    expect(await agent.cni(podEnvironment('DEL', { pod: 'a' }))).toEqual({ exitCode: 0, stdout: '' });
    expect(await world.kernel.podLinks.list()).toEqual([]);
  });

  it('does not start with damaged records: every pod would lose its policy', async () => {
    await agent.stop();
    await writeFile(join(world.directory, 'state', 'endpoints.json'), '{');
    await expect(startAgent(world)).rejects.toThrow('endpoints.json is damaged');
  });
});

describe('foreign edits', () => {
  it.each([
    { name: 'a removed route', harm: (): void => world.kernel.editRoutes({ remove: ['10.8.1.0/26'] }) },
    { name: 'a removed table', harm: (): void => world.kernel.tamperFirewall() },
    { name: 'a removed tunnel', harm: (): void => void world.kernel.deleteLink('margay.ipip') },
  ])('are mended: $name', async ({ harm }) => {
    const before = await routes();
    harm();
    await eventually(async () => JSON.stringify(await routes()) === JSON.stringify(before));
    await eventually(() => world.kernel.firewall.verify());
    expect(world.kernel.ipip.tunnel('margay.ipip')).toBeDefined();
  });

  it('are mended: a removed pod link', async () => {
    const [link] = await world.kernel.podLinks.list();
    const before = await routes();
    world.kernel.deleteLink(link?.hostDevice ?? '');
    expect(await routes()).not.toEqual(before);
    await eventually(async () => JSON.stringify(await routes()) === JSON.stringify(before));
  });

  it('are mended: what somebody did inside of a pod', async () => {
    const repaired = async (): Promise<boolean> => {
      const [pod] = (await agent.status()).endpoints ?? [];
      const spec = { namespacePath: '/run/netns/c-a', hostDevice: pod?.device ?? '', podDevice: 'eth0' };
      const address = parseAddress(pod?.address ?? '');
      return (await world.kernel.podLinks.check({ ...spec, address, mtuBytes: 1480 })).length === 0;
    };
    expect(await repaired()).toBe(true);
    world.kernel.editPodEnd('/run/netns/c-a', 'eth0', { up: false, address: undefined, mtuBytes: 1280 });
    expect(await repaired()).toBe(false);
    // Also while passes find something wrong all the time.
    await agent.stop();
    await rm(join(world.directory, 'state', 'feed.json'));
    agent = await startAgent(world, { feedAddress: NOBODY });
    await eventually(repaired);
    expect((await agent.status()).applied?.error).not.toBe('');
  });
});
