import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KindCluster, type StartedKindCluster, type StartedNode } from '@margay/kind-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ECHO, HOST_PORT, SERVICE } from '../src/echo-workload.ts';
import { RELEASE_NAMESPACE } from '../src/helm.ts';
import { type NodeSnapshot, takeSnapshot } from '../src/node-snapshot.ts';
import { buildImages, IMAGES, RealCluster, wordsOf } from '../src/real-cluster.ts';

// A real cluster before Margay and after it: every node must be as it was.

const NODE_IMAGE = 'kindest/node:v1.34.4';
/** Of Debian's package containernetworking-plugins: releases before 1.9, which do not speak CNI 1.1.0. */
const OLD_PLUGINS = '/usr/lib/cni';
const BIN = '/opt/cni/bin';

describe('a real cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'margay-uninstall-'));
  let cluster: StartedKindCluster;
  let real: RealCluster;
  let before: ReadonlyMap<string, NodeSnapshot>;
  let worker: StartedNode;

  beforeAll(async () => {
    await KindCluster.reapAbandoned();
    await buildImages();
    cluster = await new KindCluster({
      name: `margay-chart-${randomBytes(3).toString('hex')}`,
      image: NODE_IMAGE,
      nodes: [{ role: 'control-plane' }, { role: 'worker' }],
      networking: { disableDefaultCNI: true },
    }).start();
    await cluster.loadImages(IMAGES);
    const kubeconfig = join(folder, 'kubeconfig');
    await cluster.writeKubeconfig(kubeconfig);
    real = new RealCluster(kubeconfig);
    worker = nodeOf('worker');
    for (const name of ['portmap', 'bandwidth']) {
      const write = ['sh', '-c', 'cat > "$0" && chmod 755 "$0"', `${BIN}/${name}`];
      const { exitCode } = await worker.exec(write, { stdin: readFileSync(join(OLD_PLUGINS, name)) });
      expect(exitCode).toBe(0);
    }
    // It needs a network, but not the nodes' own: it must be gone before Margay goes.
    await real.kubectl('--namespace=kube-system', 'scale', 'deployment/coredns', '--replicas=0');
    await real.kubectl('--namespace=kube-system', 'rollout', 'status', 'daemonset/kube-proxy', '--timeout=60s');
    await vi.waitFor(async () => expect(await kubeProxyIsDone()).toBe(true), { timeout: 60_000, interval: 500 });
    before = await snapshots();
  }, 900_000);

  afterAll(async () => {
    await cluster?.stop();
    rmSync(folder, { recursive: true });
  }, 60_000);

  function nodeOf(role: StartedNode['role']): StartedNode {
    const node = cluster.nodes().find((each) => each.role === role);
    if (!node) throw new Error(`there is no ${role}`);
    return node;
  }

  /** It has made its tables, in both families. */
  async function kubeProxyIsDone(): Promise<boolean> {
    const questions = cluster
      .nodes()
      .flatMap((node) =>
        ['iptables-save', 'ip6tables-save'].map(async (program) => (await node.exec([program])).stdout),
      );
    return (await Promise.all(questions)).every(
      (text) => text.includes('-j KUBE-POSTROUTING') && text.includes('-j KUBE-FORWARD'),
    );
  }

  async function snapshots(): Promise<ReadonlyMap<string, NodeSnapshot>> {
    return new Map(
      await Promise.all(cluster.nodes().map(async (node) => [node.name, await takeSnapshot(node)] as const)),
    );
  }

  async function output(node: StartedNode, ...command: readonly string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await node.exec(command);
    if (exitCode !== 0) throw new Error(`${node.name}: ${command.join(' ')}: ${stderr}`);
    return stdout.trim();
  }

  /** A plugin's release, and the versions of CNI that it speaks. */
  async function saidBy(node: StartedNode, plugin: string): Promise<string> {
    const { stdout, stderr } = await node.exec([`${BIN}/${plugin}`]);
    return stdout + stderr;
  }

  async function addressOf(node: StartedNode): Promise<string> {
    return (await node.addresses())[0]?.ipv4 ?? '';
  }

  /** What a pod answers through the host port of each node, and through the Service. */
  async function expectTraffic(): Promise<void> {
    const [one, other] = [nodeOf('control-plane'), worker];
    const service = await real.kubectl('get', 'service', 'echo', '--output=jsonpath={.spec.clusterIP}');
    const places = [
      [one, `${await addressOf(other)}:${HOST_PORT}`],
      [other, `${await addressOf(one)}:${HOST_PORT}`],
      [one, `127.0.0.1:${HOST_PORT}`],
      [one, `${await addressOf(other)}:30080`],
      [other, service],
    ] as const;
    for (const [from, place] of places) {
      const ask = (): Promise<string> =>
        output(from, 'curl', '--silent', '--fail', '--max-time', '3', `http://${place}/hostname`);
      await expect.poll(ask, { timeout: 30_000, interval: 500 }).toMatch(/^echo-/);
    }
  }

  async function removeWorkloads(): Promise<void> {
    await real.kubectl('delete', 'daemonset/echo', 'service/echo', '--timeout=60s');
    await real.kubectl('wait', '--for=delete', 'pod', '--selector=app=echo', '--timeout=60s');
  }

  async function expectAsBefore(): Promise<void> {
    const after = await snapshots();
    for (const [name, snapshot] of before) expect(after.get(name), name).toEqual(snapshot);
  }

  /** Of all kinds that the chart uses, by their label. */
  function leftInCluster(): Promise<string[]> {
    return selected('app.kubernetes.io/name=margay');
  }

  function leftOfUninstall(): Promise<string[]> {
    return selected('app.kubernetes.io/component in (uninstall,uninstall-wait)');
  }

  async function selected(selector: string): Promise<string[]> {
    const kinds =
      'daemonset,deployment,job,pod,service,configmap,serviceaccount,role,rolebinding,clusterrole,clusterrolebinding';
    const text = await real.kubectl('get', kinds, '--all-namespaces', `--selector=${selector}`, '--output=name');
    return text.split('\n').filter((line) => line !== '');
  }

  /** New ones in the place of all, on every node. */
  async function renewPods(): Promise<void> {
    await real.kubectl('delete', 'pod', '--selector=app=echo', '--timeout=60s');
    await real.kubectl('rollout', 'status', 'daemonset/echo', '--timeout=60s');
  }

  /** Since when the nodes are Ready: the same text again says that they never ceased to be. */
  function readySince(): Promise<string> {
    const ready = '.status.conditions[?(@.type=="Ready")]';
    return real.kubectl('get', 'nodes', `--output=jsonpath={.items[*]${ready}['status','lastTransitionTime']}`);
  }

  it('takes Margay, which puts newer plugins where there are older ones', async () => {
    expect(await saidBy(worker, 'portmap')).not.toMatch(/plugin v1\.|1\.1\.0/);
    await real.install({});
    await real.apply(ECHO, SERVICE);
    await real.kubectl('rollout', 'status', 'daemonset/echo', '--timeout=60s');
    // Where there was none, or an old one. One that does not tell its release stays, if it speaks CNI 1.1.0.
    for (const name of ['portmap', 'bandwidth']) expect(await saidBy(worker, name)).toContain(`${name} plugin v1.9.1`);
    expect(await saidBy(nodeOf('control-plane'), 'bandwidth')).toContain('bandwidth plugin v1.9.1');
    expect(await saidBy(nodeOf('control-plane'), 'portmap')).toMatch(/version unknown\s.* 1\.1\.0/);
    for (const node of cluster.nodes()) {
      const list = JSON.parse(await output(node, 'cat', '/etc/cni/net.d/10-margay.conflist')) as object;
      expect(list).toMatchObject({ cniVersions: ['1.0.0', '1.1.0'] });
    }
    await expectTraffic();
  }, 240_000);

  it('speaks CNI 1.1.0 with a container runtime that does', async () => {
    const version = await output(worker, 'containerd', '--version');
    const results = await output(worker, 'sh', '-c', 'cat /var/lib/cni/results/margay-*');
    const spoken = [...results.matchAll(/"result":\{"cniVersion":"([^"]+)"/g)].map(([, each]) => each);
    // containerd 2.1 is the first with libcni 1.3.
    expect(spoken, version).toContain(/ v2\.([1-9]|\d\d)/.test(version) ? '1.1.0' : '1.0.0');
  });

  it('goes on while agents are replaced and processes are killed', async () => {
    await real.install({ nodeAgent: { podAnnotations: { generation: 'two' } } });
    await output(worker, 'pkill', '-KILL', '-f', 'node-agent.js');
    await output(worker, 'pkill', '-KILL', '-f', 'netexec');
    const pods = await real.kubectl('get', 'pods', '--selector=app=echo', '--output=name');
    await real.kubectl('delete', '--grace-period=0', '--force', pods.split('\n')[0] ?? '');
    await real.kubectl(
      '--namespace',
      RELEASE_NAMESPACE,
      'rollout',
      'status',
      'daemonset/margay-node-agent',
      '--timeout=90s',
    );
    await real.kubectl('rollout', 'status', 'daemonset/echo', '--timeout=90s');
    await expectTraffic();
  }, 240_000);

  it('takes a new install after an uninstall that Helm gave up on', async () => {
    const ready = await readySince();
    expect((await real.uninstall(10)).code).not.toBe(0);
    // Its programs go on, with their accounts.
    expect(await leftOfUninstall()).toEqual(expect.arrayContaining(['serviceaccount/margay-uninstall-wait']));
    await real.install({});
    expect(await leftOfUninstall()).toEqual([]);
    await renewPods();
    await expectTraffic();
    expect(await readySince()).toBe(ready);
  }, 240_000);

  it('goes on when somebody deletes what the agent keeps on a node', async () => {
    const node = nodeOf('control-plane');
    const conflist = '/etc/cni/net.d/10-margay.conflist';
    await output(node, 'rm', '-r', '/var/lib/margay', conflist, `${BIN}/margay`);
    for (const path of ['/var/lib/margay/endpoints.json', conflist, `${BIN}/margay`]) {
      await expect.poll(() => output(node, 'cat', path), { timeout: 60_000, interval: 500 }).not.toBe('');
    }
    await expectTraffic();
    await renewPods();
    await expectTraffic();
  }, 180_000);

  it('is told which nodes are late when Helm gives up early, and is clean without Helm then', async () => {
    const { code, output: printed } = await real.uninstall(20);
    expect(code).not.toBe(0);
    // Helm 4 prints it as one record of its log.
    const said = printed.replaceAll('\\n', '\n').replaceAll('"', '\n');
    for (const { name } of cluster.nodes()) {
      expect(said).toMatch(new RegExp(`^- ${name}: pods of this node need the network: default/echo-\\w+$`, 'm'));
    }
    await removeWorkloads();
    const daemonSet = [
      '--namespace',
      RELEASE_NAMESPACE,
      'rollout',
      'status',
      'daemonset/margay-uninstall',
      '--timeout=60s',
    ];
    await real.kubectl(...daemonSet).catch((error: Error) => expect(error.message).toContain('not found'));
    const job = ['--namespace', RELEASE_NAMESPACE, 'wait', '--for=condition=Complete', 'job/margay-uninstall-wait'];
    await real.kubectl(...job, '--timeout=60s');
    const log = await real.kubectl('--namespace', RELEASE_NAMESPACE, 'logs', 'job/margay-uninstall-wait', '--tail=1');
    expect(log).toBe('Every node is as it was before.\n');
    // What was said that is to be done then.
    const commands = [
      ...new Set([...said.matchAll(/^ {2}kubectl (.* delete|delete) .*$/gm)].map(([line]) => line.trim())),
    ];
    expect(commands).toHaveLength(2);
    for (const command of commands) await real.kubectl(...wordsOf(command).slice(1));
    await expect.poll(leftInCluster, { timeout: 30_000 }).toEqual([]);
    await expectAsBefore();
  }, 180_000);

  it('is as before after a second time, for which Helm waits, and without Margay’s kinds if they are not kept', async () => {
    expect(await real.kubectl('get', 'crd', '--output=name')).toContain('networking.margay.dev');
    await real.install({ ipIpEncapsulation: 'Never', crds: { keep: false } });
    await real.apply(ECHO, SERVICE);
    await real.kubectl('rollout', 'status', 'daemonset/echo', '--timeout=60s');
    await removeWorkloads();
    const { code, output: said } = await real.uninstall(120);
    expect([code, said]).toEqual([0, expect.stringContaining('uninstalled')]);
    await expect.poll(leftInCluster, { timeout: 30_000 }).toEqual([]);
    expect(await real.kubectl('get', 'crd', '--output=name')).not.toContain('networking.margay.dev');
    expect(await real.kubectl('--namespace', RELEASE_NAMESPACE, 'get', 'configmap,lease', '--output=name')).toBe(
      'configmap/kube-root-ca.crt\n',
    );
    await expectAsBefore();
  }, 240_000);

  it('has a snapshot that tells of changes', async () => {
    await output(worker, 'nft', 'add', 'table', 'ip', 'left');
    const { nftables } = await takeSnapshot(worker);
    await output(worker, 'nft', 'delete', 'table', 'ip', 'left');
    expect(nftables).not.toEqual(before.get(worker.name)?.nftables);
  });
});
