import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CniReply, decodeReply, encodeRequest } from '@margay/cni-plugin';
import type { EncapsulationMode, EndpointEntry, FeedEntry, NodeEntry, PoolEntry, RouteEntry } from '@margay/feed-core';
import { parseAddress, parseCidr } from '@margay/ip';
import { MemoryKernel } from '@margay/kernel-memory';
import type { Clock, Kernel, Logger } from '@margay/ports';
import { clientCredentials, createMetrics, type Metrics, systemClock } from '@margay/runtime';
import { MemoryStore } from '@margay/testkit';
import { type agentV1, createClient } from '@margay/wire';
import { createNodeAgent } from '../src/create-node-agent.ts';
import { FakeFeed, type FakeIpam, startFakeIpam } from './fake-services.ts';

export const NODE = 'node-a';

export interface AgentWorld {
  readonly kernel: MemoryKernel;
  readonly store: MemoryStore;
  readonly ipam: FakeIpam;
  readonly feed: FakeFeed;
  readonly directory: string;
  close(): Promise<void>;
}

export interface RunningAgent {
  readonly metrics: Metrics;
  status(): Promise<agentV1.GetStatusResponseInput>;
  cni(environment: Record<string, string>, config?: object | string): Promise<CniReply>;
  /** Rejects when the agent ends by itself, with the reason. */
  readonly running: Promise<void>;
  /** As a crash: nothing is undone, and the state is as it was saved. */
  stop(): Promise<void>;
}

/** Everything around one agent: its kernel, the API, IPAM and the feed. */
export async function createWorld({
  pools = [pool('10.8.0.0/16', 'Always')],
  entries = [],
}: {
  readonly pools?: readonly PoolEntry[];
  readonly entries?: readonly FeedEntry[];
} = {}): Promise<AgentWorld> {
  const kernel = new MemoryKernel();
  kernel.addLink({ name: 'eth0', addresses: ['192.0.2.1/24'] });
  const store = new MemoryStore();
  await store.create('Node', {
    metadata: { name: NODE },
    status: { addresses: [{ type: 'InternalIP', address: '192.0.2.1' }] },
  });
  const ipam = await startFakeIpam();
  const feed = await FakeFeed.start([
    ...pools,
    node(NODE, '192.0.2.1'),
    node('node-b', '192.0.2.2'),
    block('10.8.0.0/26', NODE),
    block('10.8.1.0/26', 'node-b'),
    ...entries,
  ]);
  const directory = await mkdtemp(join(tmpdir(), 'margay-agent-'));
  return {
    kernel,
    store,
    ipam,
    feed,
    directory,
    async close() {
      await Promise.all([ipam.close(), feed.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export interface AgentParts {
  readonly clock?: Clock;
  readonly feedAddress?: string;
  readonly timeoutMs?: number;
  readonly logger?: Logger;
  /** Instead of the world's own. */
  readonly kernel?: Kernel;
  readonly stateDir?: string;
  readonly onReady?: (isReady: boolean) => void;
}

export async function startAgent(world: AgentWorld, parts: AgentParts = {}): Promise<RunningAgent> {
  const stop = new AbortController();
  const credentials = clientCredentials();
  const metrics = createMetrics();
  const cniSocket = join(world.directory, 'cni.sock');
  const ipam = createClient('margay.ipam.v1.Ipam', world.ipam.address, { credentials });
  const feed = createClient('margay.feed.v1.Feed', parts.feedAddress ?? world.feed.address, { credentials });
  const agent = await createNodeAgent(
    {
      nodeName: NODE,
      detectionMethod: { kind: 'kubernetes-internal-ip' },
      cniSocket,
      cniBinDir: join(world.directory, 'bin'),
      cniConfDir: join(world.directory, 'net.d'),
      stateDir: parts.stateDir ?? join(world.directory, 'state'),
      policyTimeoutMs: parts.timeoutMs ?? 5_000,
      kernel: parts.kernel ?? world.kernel,
      store: world.store,
      ipam,
      feed,
      clock: parts.clock ?? systemClock,
      logger: parts.logger ?? silentLogger(),
      metrics,
      ...(parts.onReady && { onReady: parts.onReady }),
    },
    stop.signal,
  );
  const running = agent.run();
  running.catch(() => undefined);
  await Promise.race([eventually(() => existsSync(cniSocket)), running]);
  const context = { signal: stop.signal };
  return {
    metrics,
    running,
    status: () => agent.service.getStatus({}, context),
    cni: (environment, config) => callCni(cniSocket, environment, config),
    async stop() {
      stop.abort(new Error('stopped by the test'));
      await running;
      ipam.close();
      feed.close();
    },
  };
}

export const CONFIG = { cniVersion: '1.1.0', name: 'margay', type: 'margay' };

export interface TestPod {
  readonly pod: string;
  readonly uid?: string;
  readonly containerId?: string;
}

export function podEnvironment(
  command: string,
  { pod, uid = `uid-${pod}`, containerId = `c-${pod}` }: TestPod,
): Record<string, string> {
  return {
    CNI_COMMAND: command,
    CNI_CONTAINERID: containerId,
    CNI_NETNS: `/run/netns/${containerId}`,
    CNI_IFNAME: 'eth0',
    CNI_PATH: '/opt/cni/bin',
    CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=${pod};K8S_POD_INFRA_CONTAINER_ID=${containerId};K8S_POD_UID=${uid}`,
  };
}

/** A pod as the kubelet finds it: its object, its policy in the feed, its namespace. */
export async function preparePod(world: AgentWorld, test: TestPod): Promise<void> {
  const { pod, uid = `uid-${pod}`, containerId = `c-${pod}` } = test;
  world.kernel.addNamespace(`/run/netns/${containerId}`);
  if (!(await world.store.get('Pod', { namespace: 'default', name: pod }))) {
    await world.store.create('Pod', { metadata: { namespace: 'default', name: pod }, spec: { nodeName: NODE } });
  }
  await world.feed.push([endpoint(pod, uid)]);
}

async function callCni(
  path: string,
  environment: Record<string, string>,
  config: object | string = CONFIG,
): Promise<CniReply> {
  const stdin = typeof config === 'string' ? config : JSON.stringify(config);
  const socket = connect(path);
  socket.write(encodeRequest({ environment, stdin }));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return decodeReply(Buffer.concat(chunks));
}

/** Polls a condition that has no event; the test's own timeout bounds it. */
export async function eventually<T>(read: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function silentLogger(): Logger {
  const logger: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
  return logger;
}

export function pool(cidr: string, ipipMode: EncapsulationMode): PoolEntry {
  return { kind: 'pool', cidr: parseCidr(cidr), ipipMode, natOutgoing: true, disabled: false };
}

export function node(name: string, address: string): NodeEntry {
  return { kind: 'node', name, address: parseAddress(address), subnet: parseCidr('192.0.2.0/24') };
}

export function block(cidr: string, owner: string): RouteEntry {
  return { kind: 'route', cidr: parseCidr(cidr), node: owner };
}

export function endpoint(pod: string, uid = `uid-${pod}`): EndpointEntry {
  return { kind: 'endpoint', namespace: 'default', pod, uid };
}
