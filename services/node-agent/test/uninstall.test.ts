import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { decodeReply, encodeRequest } from '@margay/cni-plugin';
import { KernelError } from '@margay/ports';
import { systemClock } from '@margay/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type UninstallOutcome, uninstallNode } from '../src/uninstall/uninstall-node.ts';
import {
  type AgentWorld,
  CONFIG,
  createWorld,
  endpoint,
  eventually,
  NODE,
  podEnvironment,
  preparePod,
  type RunningAgent,
  silentLogger,
  startAgent,
} from './agent-harness.ts';

let world: AgentWorld;
let agent: RunningAgent | undefined;

beforeEach(async () => {
  world = await createWorld();
  await world.kernel.sysctls.write('net.ipv4.ip_forward', '0');
  agent = await startAgent(world);
  await eventually(() => existsSync(join(world.directory, 'net.d', '10-margay.conflist')));
  await preparePod(world, { pod: 'a' });
  await world.feed.push([endpoint('a')]);
  expect((await agent.cni(podEnvironment('ADD', { pod: 'a' }))).exitCode).toBe(0);
  // What the kubelet says of a pod that runs.
  const status = { podIP: '10.8.0.1' };
  await world.store.patch('Pod', { namespace: 'default', name: 'a' }, { status }, { subresource: 'status' });
  await eventually(async () => (await nodeText()).includes('NetworkUnavailable'));
});
afterEach(async () => {
  await agent?.stop();
  await world.close();
});

async function nodeText(): Promise<string> {
  return JSON.stringify(await world.store.get('Node', { name: NODE }));
}

function uninstall(timeoutMs: number): Promise<UninstallOutcome> {
  const { directory, kernel, store } = world;
  return uninstallNode({
    nodeName: NODE,
    kernel,
    store,
    clock: systemClock,
    logger: silentLogger(),
    timeoutMs,
    cniSocket: join(directory, 'cni.sock'),
    binDir: join(directory, 'bin'),
    confDir: join(directory, 'net.d'),
    stateDir: join(directory, 'state'),
  });
}

async function call(command: string): Promise<number> {
  const socket = connect(join(world.directory, 'cni.sock'));
  socket.write(encodeRequest({ environment: podEnvironment(command, { pod: 'a' }), stdin: JSON.stringify(CONFIG) }));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return decodeReply(Buffer.concat(chunks)).exitCode;
}

it('touches nothing while an agent answers', async () => {
  expect(await uninstall(0)).toMatchObject({
    kind: 'needed',
    by: expect.stringContaining('a node agent still answers'),
  });
  expect(await world.kernel.podLinks.list()).toHaveLength(1);
});

it('names the pods that need the network, and touches nothing', async () => {
  await agent?.stop();
  agent = undefined;
  // One that waits for its first address is not waited for: no agent gives it any.
  const waiting = { metadata: { namespace: 'default', name: 'waits' }, spec: { nodeName: NODE }, status: {} };
  await world.store.create('Pod', waiting);
  expect(await uninstall(0)).toEqual({ kind: 'needed', by: 'pods of this node need the network: default/a' });
  expect(existsSync(join(world.directory, 'net.d', '10-margay.conflist'))).toBe(true);
  expect((await world.kernel.routes.list()).length).toBeGreaterThan(0);
}, 15_000);

it('believes its own record of a pod whose address the kubelet has not told yet', async () => {
  await world.store.patch(
    'Pod',
    { namespace: 'default', name: 'a' },
    { status: { podIP: null } },
    { subresource: 'status' },
  );
  await agent?.stop();
  agent = undefined;
  expect(await uninstall(0)).toEqual({ kind: 'needed', by: 'pods of this node need the network: default/a' });
}, 15_000);

it('believes what an agent handed over that lost its state directory', async () => {
  const status = { podIP: null };
  await world.store.patch('Pod', { namespace: 'default', name: 'a' }, { status }, { subresource: 'status' });
  await agent?.stop();
  agent = undefined;
  renameSync(join(world.directory, 'state'), join(world.directory, '.margay-handover'));
  writeFileSync(join(world.directory, '.margay-handover', 'complete'), '');
  expect(await uninstall(0)).toEqual({ kind: 'needed', by: 'pods of this node need the network: default/a' });
  expect(existsSync(join(world.directory, '.margay-handover'))).toBe(false);
}, 15_000);

it('waits for a pod that the API has forgotten, and that the runtime has not disconnected', async () => {
  await agent?.stop();
  agent = undefined;
  await world.store.delete('Pod', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
  expect(await uninstall(0)).toEqual({ kind: 'needed', by: 'pods of this node need the network: default/a' });
  expect(existsSync(join(world.directory, 'net.d', '10-margay.conflist'))).toBe(true);
  // The link goes with the pod's network namespace: then nobody will call DEL any more.
  world.kernel.deleteNamespace('/run/netns/c-a');
  expect(await uninstall(0)).toEqual({ kind: 'done' });
}, 15_000);

it('says what could not be taken away, and keeps its notes to try again', async () => {
  expect((await agent?.cni(podEnvironment('DEL', { pod: 'a' })))?.exitCode).toBe(0);
  await agent?.stop();
  agent = undefined;
  await world.store.delete('Pod', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
  world.kernel.filterTables.failNext(new KernelError('REJECTED', 'the kernel was busy'));
  expect(await uninstall(0)).toEqual({ kind: 'failed', reasons: ['host ports: the kernel was busy'] });
  expect(existsSync(join(world.directory, 'state', 'node-changes.json'))).toBe(true);
  expect(await uninstall(0)).toEqual({ kind: 'done' });
  expect(existsSync(join(world.directory, 'state'))).toBe(false);
}, 15_000);

it('lets the last pod go while it waits, and leaves nothing of Margay', async () => {
  await agent?.stop();
  agent = undefined;
  const { filterTables } = world.kernel;
  filterTables.addChain('ip', 'nat', 'CNI-HOSTPORT-DNAT');
  filterTables.addChain('ip', 'nat', 'PREROUTING', 'accept');
  filterTables.addRule('ip', 'nat', 'PREROUTING', { action: 'jump', leadsTo: 'CNI-HOSTPORT-DNAT' });
  const running = uninstall(30_000);
  await eventually(() => existsSync(join(world.directory, 'cni.sock')));
  expect(await call('ADD')).toBe(1);
  expect(await call('DEL')).toBe(0);
  expect(await world.kernel.podLinks.list()).toEqual([]);
  await world.store.delete('Pod', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
  expect(await running).toEqual({ kind: 'done' });
  expect(await world.kernel.routes.list()).toEqual([]);
  expect(world.kernel.ipip.tunnel('margay.ipip')).toBeUndefined();
  expect(world.kernel.firewall.model).toBeUndefined();
  expect((await filterTables.list(['nat'])).tables).toEqual([]);
  expect(await world.kernel.sysctls.read('net.ipv4.ip_forward')).toBe('0');
  expect(readdirSync(join(world.directory, 'bin'))).toEqual([]);
  expect(readdirSync(join(world.directory, 'net.d'))).toEqual([]);
  expect(existsSync(join(world.directory, 'state'))).toBe(false);
  expect(await nodeText()).not.toMatch(/NetworkUnavailable|margay/);
  expect(await uninstall(0)).toEqual({ kind: 'done' });
}, 30_000);

it('leaves alone what an agent has that came back while it waited', async () => {
  await agent?.stop();
  agent = undefined;
  let ended = false;
  const running = uninstall(30_000).finally(() => {
    ended = true;
  });
  const socket = join(world.directory, 'cni.sock');
  await eventually(() => existsSync(socket));
  agent = await startAgent(world);
  expect((await agent.cni(podEnvironment('DEL', { pod: 'a' }))).exitCode).toBe(0);
  await world.store.delete('Pod', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
  // Nothing needs the network now, for longer than several looks.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(ended).toBe(false);
  expect(existsSync(join(world.directory, 'net.d', '10-margay.conflist'))).toBe(true);
  expect(existsSync(socket)).toBe(true);
  await agent.stop();
  agent = undefined;
  expect(await running).toEqual({ kind: 'done' });
  expect(existsSync(join(world.directory, 'net.d', '10-margay.conflist'))).toBe(false);
}, 40_000);

it('asks for the pods anew when an agent came back and ended again between two looks', async () => {
  await agent?.stop();
  agent = undefined;
  const socket = join(world.directory, 'cni.sock');
  const running = uninstall(9_000);
  await eventually(() => existsSync(socket));
  agent = await startAgent(world);
  await agent.stop();
  agent = undefined;
  // The pod runs all the time: the network is needed until the deadline.
  expect(await running).toEqual({ kind: 'needed', by: 'pods of this node need the network: default/a' });
  expect(existsSync(join(world.directory, 'net.d', '10-margay.conflist'))).toBe(true);
  expect(await world.kernel.podLinks.list()).toHaveLength(1);
}, 40_000);

it('waits for a pod of the agent that does not answer yet', async () => {
  expect((await agent?.cni(podEnvironment('DEL', { pod: 'a' })))?.exitCode).toBe(0);
  await agent?.stop();
  agent = undefined;
  await world.store.delete('Pod', { namespace: 'default', name: 'a' }, { gracePeriodSeconds: 0 });
  const labels = { 'app.kubernetes.io/name': 'margay', 'app.kubernetes.io/component': 'node-agent' };
  const metadata = { namespace: 'default', name: 'agent', labels };
  await world.store.create('Pod', { metadata, spec: { nodeName: NODE, hostNetwork: true } });
  expect(await uninstall(0)).toEqual({ kind: 'needed', by: 'a pod of the node agent is on this node' });
  expect(existsSync(join(world.directory, 'net.d', '10-margay.conflist'))).toBe(true);
}, 15_000);
