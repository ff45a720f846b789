import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { requireOwnNamespaces } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kubelet } from './create-kubelet.ts';
import { isReady, NODE_ADDRESS, TestNode } from './test-support/test-node.ts';

requireOwnNamespaces();

const web = { containers: [{ name: 'web', ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }] }] };
const ref = (name: string): { name: string; namespace: string } => ({ name, namespace: 'default' });
const context = { signal: new AbortController().signal };

describe('createKubelet', () => {
  let node: TestNode;
  beforeEach(() => {
    node = new TestNode();
  });
  afterEach(() => node.close());

  const probe = async (
    kubelet: Kubelet,
    from: string,
    address: string,
    port: number,
    protocol: string,
  ): Promise<string> => {
    const request = { from, address, port, protocol, timeoutMs: 1000 } as Parameters<Kubelet['service']['probe']>[0];
    const { reason } = await kubelet.service.probe(request, context);
    return reason ?? '';
  };

  const reasons = async (): Promise<(string | undefined)[]> =>
    (await node.store.list('Event')).items.map(({ reason }) => reason);

  it('is Ready only once there is a network configuration', async () => {
    node.start();
    const ready =
      (status: string) => (object: { status?: { conditions?: { type: string; status: string }[] } } | undefined) =>
        object?.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === status) ===
        true;
    await node.until('Node', { name: 'node-1' }, ready('False'));
    node.configureNetwork();
    const object = await node.until('Node', { name: 'node-1' }, ready('True'));
    expect(object?.metadata.labels).toMatchObject({ 'kubernetes.io/hostname': 'node-1', 'kubernetes.io/os': 'linux' });
    expect(object?.status?.addresses).toContainEqual({ type: 'InternalIP', address: NODE_ADDRESS });
  });

  it('runs pods that answer one another, and removes them whole', async () => {
    node.configureNetwork();
    const kubelet = node.start();
    await node.createPod('a', web);
    await node.createPod('b', web);
    await node.running('a');
    const b = await node.running('b');
    const address = b.status?.podIP ?? '';
    expect(b.status).toMatchObject({ phase: 'Running', hostIP: NODE_ADDRESS, podIPs: [{ ip: address }] });
    expect(await probe(kubelet, 'default/a', address, 80, 'PROTOCOL_TCP')).toBe('connected');
    expect(await probe(kubelet, 'default/a', address, 81, 'PROTOCOL_TCP')).toBe('refused');
    expect(await probe(kubelet, 'default/a', address, 53, 'PROTOCOL_UDP')).toBe('replied');
    expect(await probe(kubelet, 'default/a', address, 54, 'PROTOCOL_UDP')).toBe('refused');
    expect(await probe(kubelet, 'default/a', address, 0, 'PROTOCOL_ICMP')).toBe('replied');
    await expect(probe(kubelet, 'default/c', address, 80, 'PROTOCOL_TCP')).rejects.toMatchObject({
      code: 'UNKNOWN_POD',
    });

    for (const name of ['a', 'b']) await node.store.delete('Pod', ref(name));
    for (const name of ['a', 'b']) await node.until('Pod', ref(name), (pod) => pod === undefined);
    expect(node.namespaces()).toEqual([]);
    const { sandboxes } = await kubelet.service.listSandboxes({}, context);
    expect(sandboxes).toEqual([]);
    expect(node.pluginCalls().filter((line) => line.startsWith('DEL'))).toHaveLength(2);
  });

  it('removes a pod that was forced away', async () => {
    node.configureNetwork();
    node.start();
    await node.createPod('a', web);
    await node.running('a');
    await node.store.delete('Pod', ref('a'), { gracePeriodSeconds: 0 });
    await expect.poll(() => node.namespaces(), { timeout: 10_000 }).toEqual([]);
  });

  it('undoes a failed ADD, tells why, and tries again with a new container', async () => {
    node.configureNetwork();
    node.failPlugin({ code: 11, msg: 'the policy of this pod is not in the kernel yet' });
    node.start();
    await node.createPod('a', web);
    const pod = await node.until('Pod', ref('a'), (object) => object?.status?.phase === 'Pending');
    expect(JSON.stringify(pod?.status)).toContain('the policy of this pod is not in the kernel yet');
    // Its DEL fails too: the namespace must stay until it succeeds.
    node.failPlugin(undefined);
    await node.running('a');
    expect(await reasons()).toContain('FailedCreatePodSandBox');
    const added = node.pluginCalls().filter((line) => line.startsWith('ADD'));
    expect(new Set(added.map((line) => line.split(' ')[1])).size).toBe(added.length);
    expect(added.length).toBeGreaterThan(1);
    expect(node.namespaces()).toHaveLength(1);
  });

  it('keeps a deleted pod until its DEL succeeds', async () => {
    node.configureNetwork();
    node.start();
    await node.createPod('a', web);
    await node.running('a');
    node.failPlugin({ code: 11, msg: 'the address cannot be freed now' });
    await node.store.delete('Pod', ref('a'));
    await expect.poll(reasons, { timeout: 10_000 }).toContain('FailedKillPod');
    expect((await node.store.get('Pod', ref('a')))?.metadata.deletionTimestamp).toBeDefined();
    expect(node.namespaces()).toHaveLength(1);
    node.failPlugin(undefined);
    await node.until('Pod', ref('a'), (pod) => pod === undefined);
    expect(node.namespaces()).toEqual([]);
  });

  it('keeps sandboxes over a restart, and removes those whose pods went meanwhile', async () => {
    node.configureNetwork();
    node.start();
    await node.createPod('a', web);
    await node.createPod('b', web);
    const before = await node.running('a');
    await node.running('b');
    await node.stop();
    await node.store.delete('Pod', ref('b'), { gracePeriodSeconds: 0 });

    const kubelet = node.start();
    await expect.poll(() => node.namespaces(), { timeout: 10_000 }).toHaveLength(1);
    await kubelet.synced;
    const address = before.status?.podIP ?? '';
    await expect
      .poll(() => probe(kubelet, 'default/a', address, 80, 'PROTOCOL_TCP').catch(() => 'not yet'), { timeout: 10_000 })
      .toBe('connected');
    expect(node.pluginCalls().filter((line) => line.startsWith('ADD'))).toHaveLength(2);
  });

  it('removes the sandbox of a record that it cannot read, whole, says so, and starts the pod anew', async () => {
    node.configureNetwork();
    node.start();
    await node.createPod('a', web);
    await node.createPod('job', { containers: [{ name: 'c', command: ['sleep', '600'] }] });
    const { uid } = (await node.running('a')).metadata;
    await node.running('job');
    await node.stop();
    const before = node.namespaces();
    const [file = ''] = node.records().filter((path) => path.includes(uid ?? '?'));
    const [, containerId = ''] = basename(file).split('.');
    writeFileSync(file, '{"version":1,"names');

    node.start();
    await expect.poll(reasons, { timeout: 10_000 }).toContain('SandboxRecordDamaged');
    expect(JSON.stringify((await node.store.list('Event')).items)).toContain(file);
    await node.running('a');
    await expect.poll(() => node.pluginCalls().filter((line) => line.startsWith('ADD'))).toHaveLength(3);
    expect(node.pluginCalls().filter((line) => line.startsWith(`DEL ${containerId} /run/netns/`))).toHaveLength(1);
    expect(before.filter((name) => !node.namespaces().includes(name))).toHaveLength(1);
    expect(node.namespaces()).toHaveLength(2);
    expect(node.records()).toHaveLength(2);
  });

  it('starts no pod beside a sandbox that it cannot read, while that cannot be removed', async () => {
    node.configureNetwork();
    node.start();
    await node.createPod('a', web);
    await node.running('a');
    await node.stop();
    const [file = ''] = node.records();
    writeFileSync(file, '');
    node.failPlugin({ code: 11, msg: 'the address cannot be freed now' });

    node.start();
    await expect.poll(reasons, { timeout: 10_000 }).toContain('FailedKillPod');
    expect(node.namespaces()).toHaveLength(1);
    expect(node.pluginCalls().filter((line) => line.startsWith('ADD'))).toHaveLength(1);
    node.failPlugin(undefined);
    await expect.poll(reasons, { timeout: 10_000 }).toContain('SandboxRecordDamaged');
    await expect.poll(() => node.pluginCalls().filter((line) => line.startsWith('ADD'))).toHaveLength(2);
    expect(node.namespaces()).toHaveLength(1);
  });

  it('runs a command in the pod and reports how it ended', async () => {
    node.configureNetwork();
    node.start();
    await node.createPod('job', {
      restartPolicy: 'Never',
      containers: [
        {
          name: 'c',
          command: ['sh', '-c', 'test "$ANSWER" = 42 && ip -o -4 addr show eth0'],
          env: [{ name: 'ANSWER', value: '42' }],
        },
      ],
    });
    await node.createPod('bad', {
      restartPolicy: 'Never',
      containers: [{ name: 'c', command: ['sh', '-c', 'exit 7'] }],
    });
    await node.until('Pod', ref('job'), (pod) => pod?.status?.phase === 'Succeeded');
    const bad = await node.until('Pod', ref('bad'), (pod) => pod?.status?.phase === 'Failed');
    expect(bad?.status?.containerStatuses).toMatchObject([{ state: { terminated: { exitCode: 7 } } }]);
    await expect.poll(() => node.namespaces(), { timeout: 10_000 }).toEqual([]);
  });

  it('runs hostNetwork pods on the node, and says when a port is taken', async () => {
    node.start();
    const host = { hostNetwork: true, containers: [{ name: 'web', ports: [{ containerPort: 8080 }] }] };
    await node.createPod('first', host);
    const first = await node.running('first');
    expect(first.status?.podIP).toBe(NODE_ADDRESS);
    await node.createPod('second', host);
    const second = await node.until('Pod', ref('second'), (pod) => pod?.status?.phase === 'Running');
    expect(isReady(second)).toBe(false);
    expect(JSON.stringify(second?.status?.containerStatuses)).toContain('cannot listen on tcp port 8080: it is taken');
    await node.store.delete('Pod', ref('first'), { gracePeriodSeconds: 0 });
    await node.running('second');
  });

  it('marks a port whose protocol the kernel lacks, and runs the pod', async () => {
    node.configureNetwork();
    node.start();
    await node.createPod('a', { containers: [{ name: 'c', ports: [{ containerPort: 7, protocol: 'SCTP' }] }] });
    const pod = await node.running('a');
    const served = pod.status?.conditions?.find(({ type }) => type === 'PortsServed');
    // Where the kernel has sctp, the port is served and there is nothing to mark.
    if (served) expect(served).toMatchObject({ status: 'False', reason: 'PortProtocolUnsupported' });
    else expect(pod.status?.phase).toBe('Running');
  });
});
