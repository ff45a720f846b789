import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { containersOf, freeName, NODE_IMAGE, PAUSE_IMAGE } from '../test/real.ts';
import { KindCluster } from './kind-cluster.ts';
import type { ProgressEvent } from './progress.ts';
import type { StartedKindCluster } from './started-cluster.ts';
import type { StartedNode } from './started-node.ts';

const run = promisify(execFile);

const name = freeName('all');
const network = `${name}-net`;
const events: ProgressEvent[] = [];
let folder: string;
let stateFolder: string;
let cluster: StartedKindCluster;
let node: StartedNode;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kind-node-test-'));
  stateFolder = join(folder, 'state');
  const description = new KindCluster({
    name,
    stateFolder,
    image: NODE_IMAGE,
    nodes: [{ role: 'control-plane', labels: { 'example.com/zone': 'a' } }],
    networking: { disableDefaultCNI: true, podSubnet: '10.77.0.0/16' },
  });
  cluster = await description.start({ onProgress: (event) => events.push(event) });
  const [first] = cluster.nodes();
  if (first === undefined) throw new Error('the cluster has no node');
  node = first;
  execFileSync('docker', ['network', 'create', '--subnet', '198.51.100.0/28', network]);
}, 120_000);

afterAll(async () => {
  await cluster?.stop();
  await run('docker', ['network', 'rm', network]).catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

describe('a started cluster', () => {
  it('has told its steps in order, with growing times', () => {
    const begun = events.filter(({ state }) => state === 'begin').map(({ step }) => step);
    expect(begun).toEqual(['image', 'nodes', 'config', 'control-plane', 'storage', 'wait']);
    expect(events.map(({ elapsedMs }) => elapsedMs)).toEqual(
      events.map(({ elapsedMs }) => elapsedMs).sort((a, b) => a - b),
    );
  });

  it('has one node with role, name and address', async () => {
    expect(cluster.nodes().map((one) => [one.name, one.role])).toEqual([[`${name}-control-plane`, 'control-plane']]);
    const addresses = await node.addresses();
    expect(addresses.map((address) => address.network)).toEqual(['kind']);
    expect(addresses[0]?.ipv4).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
  });

  it('gives a kubeconfig, mode 0600, that kubectl works with', async () => {
    const path = join(folder, 'kubeconfig');
    writeFileSync(path, 'old', { mode: 0o644 });
    await cluster.writeKubeconfig(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { stdout } = await run('kubectl', [
      '--kubeconfig',
      path,
      'get',
      'nodes',
      '-l',
      'example.com/zone=a',
      '-o',
      'name',
    ]);
    expect(stdout).toBe(`node/${node.name}\n`);
    expect(await cluster.kubeconfig({ internal: true })).toContain(`server: https://${node.name}:6443`);
  });

  it('refuses its name to a second one, and stays', async () => {
    const again = new KindCluster({ name, stateFolder, image: NODE_IMAGE });
    await expect(again.start()).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    const elsewhere = new KindCluster({ name, stateFolder: join(folder, 'other'), image: NODE_IMAGE });
    await expect(elsewhere.start()).rejects.toMatchObject({ code: 'NAME_TAKEN' });
    expect(containersOf(name)).toEqual([node.name]);
  });

  it('is not reaped while its creator lives', async () => {
    expect(await KindCluster.reapAbandoned({ stateFolder })).toEqual([]);
    expect(containersOf(name)).toEqual([node.name]);
  });

  it('can be attached to, and the guest does not delete it', async () => {
    {
      await using guest = await KindCluster.attach(name, { stateFolder });
      expect(guest.nodes().map((one) => one.name)).toEqual([node.name]);
      await guest.keep();
    }
    expect(containersOf(name)).toEqual([node.name]);
    expect(readdirSync(stateFolder)).toEqual([`${name}.json`]);
    await expect(KindCluster.attach(`${name}-not`, { stateFolder })).rejects.toMatchObject({ code: 'CLUSTER_MISSING' });
  });
});

describe('exec', () => {
  it('hands over arguments, input and environment as they are, and gives both outputs', async () => {
    const script = 'cat; printf "%s" "$1" >&2; printf "%s" "$WORD"; exit 7';
    const result = await node.exec(['sh', '-c', script, 'sh', 'two  words; $HOME'], {
      stdin: 'in ü\n',
      env: { WORD: 'a b' },
    });
    expect(result).toEqual({ exitCode: 7, stdout: 'in ü\na b', stderr: 'two  words; $HOME' });
  });

  it('gives 127 for a program that the node lacks', async () => {
    expect(await node.exec(['no-such-program'])).toMatchObject({ exitCode: 127, stdout: '' });
    expect(await node.exec(['/etc/passwd'])).toMatchObject({ exitCode: 126, stdout: '' });
  });

  it('kills what runs in the node when its time is over', async () => {
    const argv = ['sh', '-c', 'sleep 4242 & exec sleep 4343'];
    await expect(node.exec(argv, { timeoutMs: 1000 })).rejects.toMatchObject({ code: 'TIMEOUT' });
    expect((await node.exec(['pgrep', '-f', '^sleep 4[23]4[23]'])).stdout).toBe('');
  });

  it('kills what runs in the node on abort', async () => {
    const controller = new AbortController();
    const running = node.exec(['sleep', '4444'], { signal: controller.signal });
    const seen = async (): Promise<string> => (await node.exec(['pgrep', '-f', '^sleep 4444'])).stdout;
    await expect.poll(seen).not.toBe('');
    controller.abort();
    await expect(running).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await seen()).toBe('');
  });
});

describe('images', () => {
  const listed = async (): Promise<string> =>
    (await node.exec(['ctr', '--namespace', 'k8s.io', 'images', 'ls', '-q'])).stdout;

  it('come from Docker', async () => {
    execFileSync('docker', ['tag', PAUSE_IMAGE, `example.com/${name}:1`]);
    try {
      const loads: ProgressEvent[] = [];
      await cluster.loadImages([`example.com/${name}:1`], { onProgress: (event) => loads.push(event) });
      expect(await listed()).toContain(`example.com/${name}`);
      expect(loads.at(-1)).toMatchObject({ step: 'load-image', state: 'done' });
    } finally {
      execFileSync('docker', ['rmi', `example.com/${name}:1`]);
    }
  });

  it('come from an archive', async () => {
    const archive = join(folder, 'image.tar');
    execFileSync('docker', ['tag', PAUSE_IMAGE, `example.com/${name}-archive:1`]);
    execFileSync('docker', ['save', `example.com/${name}-archive:1`, '--output', archive]);
    execFileSync('docker', ['rmi', `example.com/${name}-archive:1`]);
    await cluster.loadImages([{ archive }]);
    expect(await listed()).toContain(`example.com/${name}-archive`);
  });

  it.each([['example.com/nope:1'], [{ archive: '/nonexistent/image.tar' }]])('fail by name: %j', async (source) => {
    await expect(cluster.loadImages([source])).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  });
});

describe('a node', () => {
  it('joins and leaves a network', async () => {
    const joined = await node.connect(network, { ip: '198.51.100.9' });
    expect(joined).toMatchObject({ network, ipv4: '198.51.100.9' });
    expect((await node.exec(['ip', '-4', '-oneline', 'address'])).stdout).toContain('198.51.100.9/28');
    await node.disconnect(network);
    expect((await node.addresses()).map((address) => address.network)).toEqual(['kind']);
    await expect(node.connect(`${name}-nope`)).rejects.toMatchObject({ code: 'NETWORK_MISSING' });
  });

  it('pauses and resumes', async () => {
    await node.pause();
    try {
      await expect(node.exec(['true'])).rejects.toMatchObject({ code: 'COMMAND_FAILED' });
      await expect(node.waitFor('kubelet', { timeoutMs: 600 })).rejects.toMatchObject({
        code: 'NODE_NOT_READY',
        message: expect.stringContaining('its container is paused'),
      });
    } finally {
      await node.resume();
    }
    await node.waitFor('kubelet');
  });

  it('restarts, and then its kubelet has reported anew', async () => {
    const started = async (): Promise<string> =>
      (await run('docker', ['inspect', '--format', '{{.State.StartedAt}}', node.name])).stdout;
    const before = await started();
    await node.restart();
    const after = await started();
    expect(after).not.toBe(before);
    const argv = ['kubectl', '--kubeconfig=/etc/kubernetes/admin.conf', 'get', `node/${node.name}`, '--output=json'];
    const { status } = JSON.parse((await node.exec(argv)).stdout) as NodeJson;
    const ready = status.conditions.find(({ type }) => type === 'Ready');
    expect(Date.parse(ready?.lastHeartbeatTime ?? '')).toBeGreaterThanOrEqual(
      Math.floor(Date.parse(after.trim()) / 1000) * 1000,
    );
  }, 100_000);

  it('is switched off, and on again', async () => {
    try {
      await node.stop();
      const inspect = ['inspect', '--format', '{{.State.Running}}', node.name];
      expect((await run('docker', inspect)).stdout.trim()).toBe('false');
      await expect(node.exec(['true'])).rejects.toMatchObject({
        code: 'COMMAND_FAILED',
        message: expect.stringContaining('is not running. Start or resume the node first.'),
      });
    } finally {
      await node.start();
    }
    expect((await node.exec(['true'])).exitCode).toBe(0);
  }, 100_000);

  it('is not Ready without a CNI, and the error says so', async () => {
    await expect(node.waitFor('ready', { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'NODE_NOT_READY',
      message: expect.stringMatching(/KubeletNotReady: .*cni/i),
    });
  });
});

describe('the end', () => {
  it('gives the logs before', async () => {
    const { problems } = await cluster.exportLogs(join(folder, 'logs'));
    // The node image may lack crictl; nothing else may be missing.
    expect(problems).toMatch(/^$|crictl/);
    expect(existsSync(join(folder, 'logs', node.name, 'kubelet.log'))).toBe(true);
  });

  it('deletes cluster and record, once or twice, even when a node hangs', async () => {
    await node.pause();
    {
      await using ending = cluster;
      expect(ending.name).toBe(name);
    }
    await cluster.stop();
    expect(containersOf(name)).toEqual([]);
    expect(readdirSync(stateFolder)).toEqual([]);
  });
});

interface NodeJson {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly lastHeartbeatTime: string }[] };
}
