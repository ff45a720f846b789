import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeRoute } from '@margay/routing-core';
import { CallError } from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { podDevice } from '../src/endpoints/endpoint-record.ts';
import {
  type AgentWorld,
  CONFIG,
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
  agent = await startAgent(world);
});

afterEach(async () => {
  await agent.stop();
  await world.close();
});

describe('ADD', () => {
  it('connects a pod, and answers once the kernel holds its route and policy', async () => {
    await preparePod(world, { pod: 'a' });
    const reply = await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    expect(reply).toMatchObject({ exitCode: 0 });
    const device = podDevice('default', 'a');
    const result = JSON.parse(reply.stdout) as { ips: { address: string }[] };
    const address = result.ips[0]?.address.split('/')[0];
    expect(world.kernel.firewall.model?.endpoints).toEqual([{ device, addresses: [address] }]);
    expect((await world.kernel.routes.list()).map(describeRoute)).toContain(`${address}/32 dev ${device}`);
    expect(result).toMatchObject({
      cniVersion: '1.1.0',
      interfaces: [{ name: device }, { name: 'eth0', sandbox: '/run/netns/c-a', mtu: 1480 }],
      ips: [{ interface: 1 }],
    });
    await eventually(async () => {
      const pod = await world.store.get('Pod', { namespace: 'default', name: 'a' });
      return pod?.metadata.annotations?.['networking.margay.dev/pod-ip'] === address;
    });
    const saved = await readFile(join(world.directory, 'state', 'endpoints.json'), 'utf8');
    expect(JSON.parse(saved)).toMatchObject({ endpoints: [{ pod: 'a', containerId: 'c-a', address, device }] });
  });

  it('gives the same answer to the same container', async () => {
    await preparePod(world, { pod: 'a' });
    const first = await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    const second = await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    expect(second).toEqual(first);
    expect([...world.ipam.byHandle.keys()].filter((handle) => handle.startsWith('margay.'))).toEqual(['margay.c-a']);
  });

  it('connects many pods at once, each with its own address', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `p${index}`);
    for (const pod of names) await preparePod(world, { pod });
    const replies = await Promise.all(names.map((pod) => agent.cni(podEnvironment('ADD', { pod }))));
    const addresses = replies.map(
      ({ stdout }) => (JSON.parse(stdout) as { ips: { address: string }[] }).ips[0]?.address,
    );
    expect(new Set(addresses).size).toBe(20);
    expect(world.kernel.firewall.model?.endpoints).toHaveLength(20);
  });

  it('waits for the policy of this very pod, and takes it when it comes', async () => {
    world.kernel.addNamespace('/run/netns/c-a');
    await world.feed.push([{ kind: 'endpoint', namespace: 'default', pod: 'a', uid: 'an older one' }]);
    const reply = agent.cni(podEnvironment('ADD', { pod: 'a' }));
    await eventually(() => world.ipam.byHandle.has('margay.c-a'));
    await preparePod(world, { pod: 'a' });
    expect((await reply).exitCode).toBe(0);
  });
});

describe('DEL', () => {
  it('undoes ADD, any number of times', async () => {
    await preparePod(world, { pod: 'a' });
    await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    for (let count = 0; count < 3; count++) {
      expect(await agent.cni(podEnvironment('DEL', { pod: 'a' }))).toEqual({ exitCode: 0, stdout: '' });
    }
    expect(await world.kernel.podLinks.list()).toEqual([]);
    expect(world.kernel.firewall.model?.endpoints).toEqual([]);
    expect(world.ipam.byHandle.has('margay.c-a')).toBe(false);
    expect((await world.kernel.routes.list()).filter(({ device }) => device?.startsWith('mgy'))).toEqual([]);
    const pod = await world.store.get('Pod', { namespace: 'default', name: 'a' });
    expect(pod?.metadata.annotations).toMatchObject({ 'networking.margay.dev/pod-ip': '' });
    const saved = await readFile(join(world.directory, 'state', 'endpoints.json'), 'utf8');
    expect(JSON.parse(saved)).toEqual({ version: 1, endpoints: [] });
  });

  it.each([
    { name: 'without a namespace', change: { CNI_NETNS: '' } },
    { name: 'with a namespace that is gone', change: { CNI_NETNS: '/not/a/real/path1234567890' } },
    { name: 'without CNI_ARGS', change: { CNI_ARGS: '' } },
  ])('works $name', async ({ change }) => {
    await preparePod(world, { pod: 'a' });
    await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    const reply = await agent.cni({ ...podEnvironment('DEL', { pod: 'a' }), ...change });
    expect(reply).toEqual({ exitCode: 0, stdout: '' });
    expect(world.ipam.byHandle.has('margay.c-a')).toBe(false);
    expect(await world.kernel.podLinks.list()).toEqual([]);
  });

  it('leaves a newer container of the same pod alone', async () => {
    await preparePod(world, { pod: 'a', containerId: 'old' });
    await preparePod(world, { pod: 'a', containerId: 'new' });
    await agent.cni(podEnvironment('ADD', { pod: 'a', containerId: 'old' }));
    const added = await agent.cni(podEnvironment('ADD', { pod: 'a', containerId: 'new' }));
    expect(await agent.cni(podEnvironment('DEL', { pod: 'a', containerId: 'old' }))).toEqual({
      exitCode: 0,
      stdout: '',
    });
    expect([...world.ipam.byHandle.keys()].filter((handle) => handle.startsWith('margay.'))).toEqual(['margay.new']);
    expect(world.kernel.firewall.model?.endpoints).toHaveLength(1);
    expect(await agent.cni(podEnvironment('ADD', { pod: 'a', containerId: 'new' }))).toEqual(added);
  });
});

describe('CHECK', () => {
  const check = async (prevResult: unknown): Promise<{ exitCode: number; stdout: string }> =>
    agent.cni(podEnvironment('CHECK', { pod: 'a' }), { ...CONFIG, prevResult });

  it('is content after ADD', async () => {
    await preparePod(world, { pod: 'a' });
    const added = await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    expect(await check(JSON.parse(added.stdout))).toEqual({ exitCode: 0, stdout: '' });
  });

  it.each([
    { name: 'a namespace that is gone', harm: (): void => world.kernel.deleteNamespace('/run/netns/c-a') },
    { name: 'an address that IPAM no longer holds', harm: (): void => void world.ipam.byHandle.delete('margay.c-a') },
  ])('fails for $name', async ({ harm }) => {
    await preparePod(world, { pod: 'a' });
    const added = await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    harm();
    const reply = await check(JSON.parse(added.stdout));
    expect([reply.exitCode, (JSON.parse(reply.stdout) as { code: number }).code]).toEqual([1, 100]);
  });

  it('fails when IPAM refuses the address', async () => {
    await preparePod(world, { pod: 'a' });
    const added = await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    world.ipam.failure = new CallError('RESOURCE_EXHAUSTED', 'no pool');
    const reply = await check(JSON.parse(added.stdout));
    expect(JSON.parse(reply.stdout)).toMatchObject({ code: 100, msg: expect.stringContaining('no pool') });
  });

  it('fails without prevResult', async () => {
    await preparePod(world, { pod: 'a' });
    await agent.cni(podEnvironment('ADD', { pod: 'a' }));
    const reply = await agent.cni(podEnvironment('CHECK', { pod: 'a' }));
    expect(JSON.parse(reply.stdout)).toMatchObject({ code: 7 });
  });
});

describe('GC', () => {
  const collect = (extra: object): Promise<{ exitCode: number; stdout: string }> =>
    agent.cni({ CNI_COMMAND: 'GC', CNI_PATH: '/opt/cni/bin' }, { ...CONFIG, ...extra });
  const handles = (): string[] => [...world.ipam.byHandle.keys()].filter((handle) => handle.startsWith('margay.'));

  beforeEach(async () => {
    for (const pod of ['a', 'b']) {
      await preparePod(world, { pod });
      await agent.cni(podEnvironment('ADD', { pod }));
    }
  });

  it.each([
    {
      name: 'keeps those of the list',
      extra: { 'cni.dev/valid-attachments': [{ containerID: 'c-b', ifname: 'eth0' }] },
      left: ['margay.c-b'],
    },
    { name: 'removes all for an empty list', extra: { 'cni.dev/valid-attachments': [] }, left: [] },
    { name: 'knows the older name of the list', extra: { 'cni.dev/attachments': [] }, left: [] },
    { name: 'removes nothing without a list', extra: {}, left: ['margay.c-a', 'margay.c-b'] },
    {
      name: 'leaves other networks alone',
      extra: { name: 'other', 'cni.dev/valid-attachments': [] },
      left: ['margay.c-a', 'margay.c-b'],
    },
  ])('$name', async ({ extra, left }) => {
    expect(await collect(extra)).toEqual({ exitCode: 0, stdout: '' });
    expect(handles()).toEqual(left);
    expect(await collect(extra)).toEqual({ exitCode: 0, stdout: '' });
  });
});
