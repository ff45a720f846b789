import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress } from '@margay/ip';
import { createLinuxKernel } from '@margay/kernel-linux';
import type { ResourceStore } from '@margay/ports';
import { systemClock } from '@margay/runtime';
import { requireOwnNamespaces } from '@margay/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uninstallNode } from '../src/uninstall/uninstall-node.ts';
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

requireOwnNamespaces();

// In network and mount namespaces of the test's own: a node with the real
// kernel, two pods, and the real plugin executable.

let world: AgentWorld;
let agent: RunningAgent;
let before: string;

beforeAll(async () => {
  ip('link', 'set', 'lo', 'up');
  // A veth stands in for the network card.
  ip('link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'fabric');
  ip('addr', 'add', '192.0.2.1/24', 'dev', 'eth0');
  ip('link', 'set', 'eth0', 'up');
  ip('link', 'set', 'fabric', 'up');
  run('mount', ['-t', 'tmpfs', 'none', '/run']);
  mkdirSync('/run/netns');
  await eventually(() => run('ip', ['-o', 'link', 'show', 'eth0']).stdout.includes('state UP'));
  before = kernelText();
  world = await createWorld();
  agent = await startAgent(world, { kernel: createLinuxKernel() });
  await eventually(async () => (await agent.status()).applied?.error === '');
  await eventually(async () => (await agent.status()).ipipDriver !== '');
  await eventually(() => existsSync(join(world.directory, 'net.d', '10-margay.conflist')));
});

afterAll(async () => {
  await world.close();
});

describe('on a real kernel', () => {
  it('connects two pods through the real plugin', async () => {
    const a = await addPod('a');
    const b = await addPod('b');
    expect(run('ip', ['netns', 'exec', 'c-a', 'ping', '-c1', '-W1', b]).status).toBe(0);
    expect(run('ip', ['netns', 'exec', 'c-b', 'ping', '-c1', '-W1', a]).status).toBe(0);
    expect(run('ping', ['-c1', '-W1', a]).status).toBe(0);
    expect((await agent.status()).ipipDriver).toBe('ebpf');
    expect(run('ip', ['-4', 'route', 'show', '10.8.1.0/26']).stdout).toContain('via 192.0.2.2 dev margay.ipip');
  });

  it('enforces a policy that comes later, and lifts it again', async () => {
    const b = await addPod('b');
    const deny = { ...endpoint('b'), ingress: { policies: [] } };
    await world.feed.push([deny]);
    await eventually(() => run('ip', ['netns', 'exec', 'c-a', 'ping', '-c1', '-W1', b]).status !== 0);
    await world.feed.push([endpoint('b')]);
    await eventually(() => run('ip', ['netns', 'exec', 'c-a', 'ping', '-c1', '-W1', b]).status === 0);
  });

  it('mends a link that someone deleted', async () => {
    const a = parseAddress(await addPod('a'));
    const link = (await agent.status()).endpoints?.find(({ pod }) => pod === 'a')?.device ?? '';
    ip('link', 'del', link);
    await eventually(() => run('ping', ['-c1', '-W1', a]).status === 0);
  });

  it('mends what someone removed inside of pods', async () => {
    await addPod('a');
    const b = await addPod('b');
    const pings = (): boolean => run('ip', ['netns', 'exec', 'c-a', 'ping', '-c1', '-W1', b]).status === 0;
    expect(pings()).toBe(true);
    ip('netns', 'exec', 'c-a', 'ip', 'route', 'del', 'default');
    ip('netns', 'exec', 'c-b', 'ip', 'link', 'set', 'eth0', 'down');
    ip('netns', 'exec', 'c-b', 'ip', 'addr', 'flush', 'dev', 'eth0');
    await eventually(pings);
  });

  it('writes an emptied table anew when it starts, before the feed has come', async () => {
    const b = await addPod('b');
    const pings = (): boolean => run('ip', ['netns', 'exec', 'c-a', 'ping', '-c1', '-W1', b]).status === 0;
    await world.feed.push([{ ...endpoint('b'), ingress: { policies: [] } }]);
    await eventually(() => !pings());
    const mark = join(world.directory, 'state', 'firewall.mark');
    await eventually(() => readFileSync(mark, 'latin1').trim() !== '');
    await agent.stop();
    expect(run('nft', ['flush', 'table', 'inet', 'margay']).status).toBe(0);
    expect(pings()).toBe(true);
    agent = await startAgent(world, { kernel: createLinuxKernel(), feedAddress: '127.0.0.1:9' });
    await eventually(() => !pings());
    await agent.stop();
    agent = await startAgent(world, { kernel: createLinuxKernel() });
    await world.feed.push([endpoint('b')]);
    await eventually(pings);
  });

  it('checks and removes the pods', async () => {
    const added = await plugin('ADD', 'a');
    const check = await plugin('CHECK', 'a', { ...CONFIG, prevResult: JSON.parse(added.stdout) as unknown });
    expect(check).toEqual({ status: 0, stdout: '' });
    for (const pod of ['a', 'b']) expect(await plugin('DEL', pod)).toEqual({ status: 0, stdout: '' });
    expect(run('ip', ['-o', 'link']).stdout).not.toContain('mgy');
    expect([...world.ipam.byHandle.keys()].filter((handle) => handle.startsWith('margay.'))).toEqual([]);
  });
});

describe('the uninstall', () => {
  it('leaves the kernel and the directories as they were', async () => {
    await agent.stop();
    const outcome = await uninstallNode({
      nodeName: NODE,
      kernel: createLinuxKernel(),
      store: { ...storeOf(world), list: async () => ({ resourceVersion: '1', items: [] }) },
      clock: systemClock,
      logger: silentLogger(),
      timeoutMs: 0,
      cniSocket: join(world.directory, 'cni.sock'),
      binDir: join(world.directory, 'bin'),
      confDir: join(world.directory, 'net.d'),
      stateDir: join(world.directory, 'state'),
    });
    expect(outcome).toEqual({ kind: 'done' });
    expect(kernelText()).toBe(before);
    expect(readdirSync(world.directory).toSorted()).toEqual(['bin', 'net.d']);
  });
});

function storeOf({ store }: AgentWorld): Pick<ResourceStore, 'get' | 'patch'> {
  return { get: store.get.bind(store), patch: store.patch.bind(store) };
}

/** Everything that Margay could change, in a form that does not depend on time. */
function kernelText(): string {
  const questions = [
    ['ip', '-o', 'link'],
    ['ip', '-o', '-4', 'addr'],
    ['ip', '-4', 'route', 'show', 'table', 'all'],
    ['ip', 'rule'],
    ['nft', 'list', 'ruleset'],
    ['tc', 'qdisc'],
    ['tc', 'filter', 'show', 'dev', 'eth0', 'ingress'],
    ['cat', '/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/ipv4/conf/all/rp_filter'],
  ];
  return questions.map(([program = '', ...words]) => run(program, words).stdout).join('\n');
}

/** The pod, connected if it was not; its address. */
async function addPod(pod: string): Promise<string> {
  run('ip', ['netns', 'add', `c-${pod}`]);
  await preparePod(world, { pod });
  const { status, stdout } = await plugin('ADD', pod);
  expect(status, stdout).toBe(0);
  return (JSON.parse(stdout) as { ips: { address: string }[] }).ips[0]?.address.split('/')[0] ?? '';
}

function plugin(
  command: string,
  pod: string,
  config: object = CONFIG,
): Promise<{ status: number | null; stdout: string }> {
  const environment = { ...podEnvironment(command, { pod }), MARGAY_CNI_SOCKET: join(world.directory, 'cni.sock') };
  const child = spawn(join(world.directory, 'bin', 'margay'), { env: environment, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(JSON.stringify(config));
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout }));
  });
}

function ip(...words: string[]): void {
  const { status, stderr } = run('ip', words);
  if (status !== 0) throw new Error(`ip ${words.join(' ')}: ${stderr}`);
}

function run(program: string, words: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(program, words, { encoding: 'utf8' });
}
