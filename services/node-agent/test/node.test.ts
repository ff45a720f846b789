import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describeRoute } from '@margay/routing-core';
import { createFakeClock } from '@margay/testkit';
import { CallError } from '@margay/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { TUNNEL_CONFIRM_MS, TUNNEL_LINGER_MS } from '../src/node/tunnel-address.ts';
import {
  type AgentWorld,
  createWorld,
  endpoint,
  eventually,
  NODE,
  node,
  pool,
  type RunningAgent,
  startAgent,
} from './agent-harness.ts';

let world: AgentWorld;
let agent: RunningAgent;

afterEach(async () => {
  await agent.stop();
  await world.close();
});

async function annotations(): Promise<Record<string, string>> {
  return (await world.store.get('Node', { name: NODE }))?.metadata.annotations ?? {};
}

async function routes(): Promise<string[]> {
  return (await world.kernel.routes.list()).map(describeRoute);
}

const TUNNEL = 'networking.margay.dev/ipv4-ipip-tunnel-address';

describe('a node in encapsulated mode', () => {
  it('announces its address and its tunnel, and that its network is there', async () => {
    world = await createWorld();
    agent = await startAgent(world);
    await eventually(async () => (await annotations())[TUNNEL] !== undefined);
    expect(await annotations()).toEqual({
      'networking.margay.dev/ipv4-address': '192.0.2.1/24',
      [TUNNEL]: world.ipam.byHandle.get(`ipip-tunnel-addr-${NODE}`),
    });
    expect(world.kernel.ipip.tunnel('margay.ipip')).toMatchObject({
      remotes: [
        { network: '10.8.1.0/26', node: '192.0.2.2' },
        { network: '192.0.2.2/32', node: '192.0.2.2' },
      ],
    });
    expect(await routes()).toEqual(['blackhole 10.8.0.0/26', '10.8.1.0/26 via 192.0.2.2 dev margay.ipip onlink']);
    await eventually(async () => {
      const object = await world.store.get('Node', { name: NODE });
      return object?.status?.conditions?.some(
        ({ type, status }) => type === 'NetworkUnavailable' && status === 'False',
      );
    });
    expect(await world.kernel.sysctls.read('net.ipv4.ip_forward')).toBe('1');
  });

  it('installs the plugin and, when it is ready, the network configuration', async () => {
    world = await createWorld();
    agent = await startAgent(world);
    const path = join(world.directory, 'net.d', '10-margay.conflist');
    const text = await eventually(() => readFile(path, 'utf8').catch(() => undefined));
    expect(JSON.parse(text)).toEqual({
      cniVersion: '1.0.0',
      cniVersions: ['1.0.0', '1.1.0'],
      name: 'margay',
      plugins: [{ type: 'margay' }],
    });
    const { mode } = await stat(join(world.directory, 'bin', 'margay'));
    expect(mode & 0o777).toBe(0o755);
  });

  it('follows a smaller MTU of its underlay as soon as the kernel tells of it', async () => {
    // The clock stands: no look that is due anyway can have seen it.
    const clock = createFakeClock();
    world = await createWorld();
    agent = await startAgent(world, { clock });
    await eventually(async () => {
      await clock.advance(100);
      return (await annotations())[TUNNEL] !== undefined;
    });
    // What the start itself asks to look at once more is over by then.
    for (let looks = 0; looks < 50; looks++) await clock.advance(100);
    world.kernel.addLink({ name: 'eth0', addresses: ['192.0.2.1/24'], mtuBytes: 1400 });
    await eventually(() => world.kernel.ipip.tunnel('margay.ipip')?.mtuBytes === 1380);
  });

  it('writes its annotations again when someone removed them', async () => {
    world = await createWorld();
    agent = await startAgent(world);
    await eventually(async () => (await annotations())[TUNNEL] !== undefined);
    await world.store.patch('Node', { name: NODE }, { metadata: { annotations: null } });
    // Fanout tells every node of a Node that has no address: also this one.
    await world.feed.push([], [`node/${NODE}`]);
    await eventually(async () => (await annotations())[TUNNEL] !== undefined);
  });

  it('is not ready, and says why, while it does not know its own address', async () => {
    world = await createWorld();
    await world.store.patch('Node', { name: NODE }, { status: { addresses: [] } }, { subresource: 'status' });
    agent = await startAgent(world);
    const reply = await eventually(async () => {
      const answer = await agent.cni({ CNI_COMMAND: 'STATUS', CNI_PATH: '/opt/cni/bin' });
      return answer.stdout.includes('address') && answer;
    });
    expect(JSON.parse(reply.stdout)).toMatchObject({
      code: 50,
      msg: "this node is not ready for pods: this node's own address is not known yet",
    });
    await expect(stat(join(world.directory, 'net.d', '10-margay.conflist'))).rejects.toThrow('ENOENT');
  });

  it('asks IPAM again for its tunnel address, and takes the new one when its own was freed', async () => {
    const clock = createFakeClock();
    world = await createWorld();
    agent = await startAgent(world, { clock });
    await eventually(async () => {
      await clock.advance(100);
      return (await annotations())[TUNNEL] !== undefined;
    });
    const handle = `ipip-tunnel-addr-${NODE}`;
    const before = world.ipam.byHandle.get(handle);
    world.ipam.byHandle.delete(handle);
    await eventually(async () => {
      await clock.advance(TUNNEL_CONFIRM_MS / 10);
      return world.ipam.byHandle.has(handle);
    });
    const after = world.ipam.byHandle.get(handle);
    expect(after).not.toBe(before);
    await eventually(async () => {
      await clock.advance(100);
      return (await annotations())[TUNNEL] === after && world.kernel.ipip.tunnel('margay.ipip')?.address === after;
    });
  });

  it('routes all the same pods once IPAM is back', async () => {
    world = await createWorld();
    world.ipam.failure = new CallError('UNAVAILABLE', 'down');
    agent = await startAgent(world);
    await eventually(async () => (await routes()).length > 0);
    expect(await routes()).toEqual(['blackhole 10.8.0.0/26']);
    world.ipam.failure = undefined;
    await eventually(async () => (await routes()).length === 2);
  });
});

describe('a pool without NAT', () => {
  it('is masqueraded towards the nodes only, as they come and go, and only while it is encapsulated', async () => {
    const without = (mode: 'Always' | 'Never') => ({ ...pool('10.8.0.0/16', mode), natOutgoing: false });
    world = await createWorld({ pools: [without('Always')] });
    agent = await startAgent(world);
    const nat = () => {
      const { natOutgoing, natToNodes, nodes } = world.kernel.firewall.model ?? {};
      return { natOutgoing, natToNodes, nodes: [...(nodes ?? [])] };
    };
    const becomes = (wanted: object) => expect.poll(nat).toEqual({ natOutgoing: [], ...wanted });
    await becomes({ natToNodes: ['10.8.0.0/16'], nodes: ['192.0.2.1', '192.0.2.2'] });
    await world.feed.push([node('node-c', '192.0.2.3')]);
    await becomes({ natToNodes: ['10.8.0.0/16'], nodes: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] });
    const before = world.kernel.firewall.model?.nodes;
    await world.feed.push([endpoint('other')]);
    await world.feed.push([pool('10.9.0.0/16', 'Never')]);
    await expect.poll(() => world.kernel.firewall.model?.natOutgoing).toEqual(['10.9.0.0/16']);
    expect(world.kernel.firewall.model?.nodes).toBe(before);
    await world.feed.push([without('Never'), { ...pool('10.9.0.0/16', 'Never'), natOutgoing: false }]);
    await becomes({ natToNodes: [], nodes: [] });
  });
});

describe('a pool that changes its mode', () => {
  it('keeps the tunnel for a while after the last encapsulated pool, then gives the address back', async () => {
    const clock = createFakeClock();
    world = await createWorld();
    agent = await startAgent(world, { clock });
    await eventually(async () => {
      await clock.advance(100);
      return (await annotations())[TUNNEL] !== undefined;
    });
    await world.feed.push([pool('10.8.0.0/16', 'Never')]);
    await eventually(async () => (await routes()).includes('10.8.1.0/26 via 192.0.2.2 dev eth0'));
    expect(world.kernel.ipip.tunnel('margay.ipip')).toMatchObject({
      remotes: [{ network: '10.8.1.0/26' }, { network: '192.0.2.2/32' }],
    });
    await clock.advance(TUNNEL_LINGER_MS / 2);
    expect(world.kernel.ipip.tunnel('margay.ipip')).toBeDefined();
    await eventually(async () => {
      await clock.advance(TUNNEL_LINGER_MS / 4);
      return world.kernel.ipip.tunnel('margay.ipip') === undefined;
    });
    await eventually(async () => {
      await clock.advance(1_000);
      return (await annotations())[TUNNEL] === undefined && !world.ipam.byHandle.has(`ipip-tunnel-addr-${NODE}`);
    });
  });

  it('gets a tunnel when a pool becomes encapsulated', async () => {
    world = await createWorld({ pools: [pool('10.8.0.0/16', 'Never')] });
    agent = await startAgent(world);
    await eventually(async () => (await routes()).includes('10.8.1.0/26 via 192.0.2.2 dev eth0'));
    expect(world.kernel.ipip.tunnel('margay.ipip')).toBeUndefined();
    await world.feed.push([pool('10.8.0.0/16', 'Always')]);
    await eventually(async () => (await routes()).includes('10.8.1.0/26 via 192.0.2.2 dev margay.ipip onlink'));
    await eventually(async () => (await annotations())[TUNNEL] !== undefined);
  });
});
