import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiServer, startApiServer } from '@margay/apiserver';
import { createThinStore } from '@margay/kube';
import type { ResourceStore } from '@margay/ports';
import { clientCredentials } from '@margay/runtime';
import { requireOwnNamespaces } from '@margay/testkit';
import { createClient, type ServiceClient, unary } from '@margay/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isReady, NODE_ADDRESS, NODE_NAME, TestNode } from './test-support/test-node.ts';

requireOwnNamespaces();

const WAIT = { timeout: 20_000, interval: 50 };

/** The program itself, against the simulator's API server. */
describe('kubelet process', () => {
  let node: TestNode;
  let api: ApiServer;
  let store: ResourceStore;
  let socket: string;
  let client: ServiceClient<'margay.sim.v1.Kubelet'>;
  let kubelet: ChildProcess;

  const start = (): ChildProcess => {
    const options = {
      'node-name': NODE_NAME,
      'node-ip': NODE_ADDRESS,
      kubeconfig: join(node.dir, 'kubeconfig'),
      socket,
      'cni-conf-dir': join(node.dir, 'conf'),
      'cni-bin-dir': join(node.dir, 'bin'),
      'netns-dir': '/run/netns',
      'state-dir': join(node.dir, 'state'),
      'log-level': 'error',
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    return spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...flags], { stdio: 'inherit' });
  };
  const end = async (signal: NodeJS.Signals): Promise<unknown[]> => {
    const ended = once(kubelet, 'exit');
    kubelet.kill(signal);
    return await ended;
  };

  beforeEach(async () => {
    node = new TestNode();
    node.configureNetwork();
    socket = join(node.dir, 'kubelet.sock');
    api = await startApiServer({
      database: ':memory:',
      listen: [{ host: '127.0.0.1', port: 0 }],
      tokens: new Map([['secret', 'system:node']]),
    });
    const server = `http://127.0.0.1:${api.port}`;
    const kubeconfig = {
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      clusters: [{ name: 'test', cluster: { server } }],
      users: [{ name: 'test', user: { token: 'secret' } }],
    };
    writeFileSync(join(node.dir, 'kubeconfig'), JSON.stringify(kubeconfig));
    store = createThinStore({ kubeconfig: join(node.dir, 'kubeconfig') });
    client = createClient('margay.sim.v1.Kubelet', `unix:${socket}`, { credentials: clientCredentials() });
    kubelet = start();
  });
  afterEach(async () => {
    client.close();
    if (kubelet.exitCode === null && kubelet.signalCode === null) await end('SIGTERM');
    await api.close();
    await node.close();
  });

  const createPod = (name: string, containers: object[]): Promise<unknown> =>
    store.create('Pod', {
      metadata: { name, namespace: 'default' },
      spec: { nodeName: NODE_NAME, terminationGracePeriodSeconds: 1, containers: containers as [] },
    });
  const untilReady = (name: string): Promise<unknown> =>
    expect.poll(async () => isReady(await store.get('Pod', { name, namespace: 'default' })), WAIT).toBe(true);
  const probe = async (address: string): Promise<string> => {
    const request = { from: 'default/web', address, port: 80, protocol: 'PROTOCOL_TCP', timeoutMs: 500 } as const;
    return (await unary(client, 'probe', request, { waitForReady: true })).reason;
  };

  it('goes on after kill -9 with the sandboxes that it had', async () => {
    await createPod('web', [{ name: 'c', image: 'none', ports: [{ containerPort: 80 }] }]);
    await createPod('loop', [{ name: 'c', image: 'none', command: ['sh', '-c', 'exec sleep 1000'] }]);
    await untilReady('web');
    await untilReady('loop');
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    const { sandboxes } = await unary(client, 'listSandboxes', {}, { waitForReady: true });
    const address = sandboxes.find(({ pod }) => pod === 'web')?.address ?? '';
    expect(await probe(address)).toBe('connected');

    const before = processOf('loop');
    expect(isAlive(before)).toBe(true);
    await end('SIGKILL');
    kubelet = start();
    await expect.poll(() => probe(address).catch(() => 'not yet'), WAIT).toBe('connected');
    await expect.poll(() => processOf('loop') !== before && !isAlive(before), WAIT).toBe(true);
    expect(node.pluginCalls().filter((line) => line.startsWith('ADD'))).toHaveLength(2);

    await store.delete('Pod', { name: 'web', namespace: 'default' });
    await store.delete('Pod', { name: 'loop', namespace: 'default' });
    await expect.poll(async () => (await store.list('Pod')).items.length, WAIT).toBe(0);
    expect(node.namespaces()).toEqual([]);
    expect(await end('SIGTERM')).toEqual([0, null]);
  });

  /** The command of a pod, by the record that the kubelet keeps of it. */
  function processOf(pod: string): number {
    const line = node.pluginCalls().find((call) => call.startsWith('ADD') && call.includes(`K8S_POD_NAME=${pod};`));
    const id = line?.split(' ')[1] ?? '';
    const path = node.records().find((each) => each.endsWith(`.${id}.json`)) ?? '';
    const record = JSON.parse(readFileSync(path, 'utf8')) as { processes: { pid: number }[] };
    return record.processes.at(-1)?.pid ?? 0;
  }
});

/** A process that has ended but was not waited for counts as gone. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
