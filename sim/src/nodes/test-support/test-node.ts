import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KindName, Pod, ResourceOf } from '@margay/model';
import type { ResourceRef } from '@margay/ports';
import { systemClock } from '@margay/runtime';
import { MemoryStore } from '@margay/testkit';
import { SILENT } from '../../test-support/silent-logger.ts';
import { createKubelet, type Kubelet } from '../create-kubelet.ts';

export const NODE_NAME = 'node-1';
export const NODE_ADDRESS = '192.0.2.10';

/** Directories, a plugin and an API for one kubelet, in the test's own network and mount namespace. */
export class TestNode {
  readonly dir = mkdtempSync(join(tmpdir(), 'margay-kubelet-'));
  readonly store = new MemoryStore();
  readonly #running: { readonly stop: AbortController; readonly done: Promise<void> }[] = [];

  constructor() {
    // `ip netns` looks here; the test's mounts are its own.
    mkdirSync('/run/netns', { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', '/run/netns']);
    execFileSync('ip', ['link', 'set', 'lo', 'up']);
    execFileSync('ip', ['addr', 'replace', `${NODE_ADDRESS}/32`, 'dev', 'lo']);
    writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
    mkdirSync(join(this.dir, 'bin'));
    mkdirSync(join(this.dir, 'conf'));
    cpSync(join(import.meta.dirname, 'veth-plugin.sh'), join(this.dir, 'bin', 'test-veth'));
    process.env.MARGAY_TEST_PLUGIN_DIR = this.dir;
  }

  configureNetwork(): void {
    const list = { cniVersion: '1.0.0', name: 'test', plugins: [{ type: 'test-veth' }] };
    writeFileSync(join(this.dir, 'conf', '10-test.conflist'), JSON.stringify(list));
  }

  /** The plugin answers every call with this error, until undefined. */
  failPlugin(answer: object | undefined): void {
    if (answer) writeFileSync(join(this.dir, 'fail'), JSON.stringify(answer));
    else rmSync(join(this.dir, 'fail'), { force: true });
  }

  /** Starts a kubelet; `crash` leaves everything as it is, like kill -9 would. */
  start(): Kubelet {
    const kubelet = createKubelet({
      store: this.store,
      clock: systemClock,
      logger: SILENT,
      nodeName: NODE_NAME,
      nodeAddress: NODE_ADDRESS,
      cniConfDir: join(this.dir, 'conf'),
      cniBinDirs: [join(this.dir, 'bin')],
      netnsDir: '/run/netns',
      stateDir: join(this.dir, 'state'),
    });
    const stop = new AbortController();
    this.#running.push({ stop, done: kubelet.run(stop.signal) });
    return kubelet;
  }

  async stop(): Promise<void> {
    for (const { stop } of this.#running) stop.abort();
    await Promise.all(this.#running.splice(0).map(({ done }) => done));
  }

  async close(): Promise<void> {
    await this.stop();
    for (const name of readdirSync('/run/netns')) execFileSync('ip', ['netns', 'delete', name]);
    execFileSync('umount', ['/run/netns']);
    rmSync(this.dir, { recursive: true });
  }

  pluginCalls(): string[] {
    const path = join(this.dir, 'calls');
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }

  /** Paths of the sandbox records. */
  records(): string[] {
    const dir = join(this.dir, 'state', 'sandboxes');
    return readdirSync(dir).map((name) => join(dir, name));
  }

  namespaces(): string[] {
    return readdirSync('/run/netns');
  }

  createPod(name: string, spec: object): Promise<Pod> {
    return this.store.create('Pod', {
      metadata: { name, namespace: 'default' },
      spec: { nodeName: NODE_NAME, ...spec },
    });
  }

  /** Resolves once `condition` is true of the object (undefined: there is none). */
  async until<K extends KindName>(
    kind: K,
    ref: ResourceRef,
    condition: (object: ResourceOf<K> | undefined) => boolean,
  ): Promise<ResourceOf<K> | undefined> {
    const { resourceVersion } = await this.store.list(kind);
    let object = await this.store.get(kind, ref);
    if (condition(object)) return object;
    for await (const _ of this.store.watch(kind, { resourceVersion, signal: AbortSignal.timeout(10_000) })) {
      object = await this.store.get(kind, ref);
      if (condition(object)) return object;
    }
    throw new Error(`${kind} ${ref.name} is still ${JSON.stringify(object)}`);
  }

  async running(name: string): Promise<Pod> {
    const pod = await this.until('Pod', { name, namespace: 'default' }, isReady);
    if (!pod) throw new Error(`pod ${name} is gone`);
    return pod;
  }
}

export function isReady(pod: Pod | undefined): boolean {
  return pod?.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
}
