import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartedNode } from '@margay/kind-node';
import type { Kubectl } from '../cluster/kubectl.ts';

/** The state of a node's network, each under the name of its file. */
const NODE_STATE: Readonly<Record<string, readonly string[]>> = {
  'links.txt': ['ip', '-d', '-s', 'link'],
  'addresses.txt': ['ip', 'address'],
  'routes.txt': ['ip', 'route', 'show', 'table', 'all'],
  'rules.txt': ['ip', 'rule'],
  'neighbours.txt': ['ip', 'neighbour'],
  'nft.txt': ['nft', 'list', 'ruleset'],
  'tc.txt': [
    'sh',
    '-c',
    'for d in $(ls /sys/class/net); do for w in ingress egress; do tc filter show dev "$d" $w; done; done',
  ],
  'conflist.txt': ['sh', '-c', 'for f in /etc/cni/net.d/*; do echo "== $f"; cat "$f"; done'],
  'kubelet.txt': ['journalctl', '--unit', 'kubelet', '--no-pager', '--lines', '400'],
  'containers.txt': ['ctr', '--namespace', 'k8s.io', 'tasks', 'list'],
};

const OBJECTS =
  'nodes,namespaces,pods,deployments,daemonsets,jobs,services,endpointslices,networkpolicies,events,leases';

/** Asked for by themselves: kubectl shows nothing at all where one kind is unknown, as these are before an install. */
const OWN_OBJECTS = 'ippools,ipamblocks,blockaffinities';

export interface EvidenceSources {
  readonly kubectl: Kubectl;
  readonly nodes: readonly StartedNode[];
  readonly captures: readonly { readonly of: string; readonly lines: readonly string[] }[];
  /** What the fabric's router forwards by. */
  readonly router: () => Promise<string>;
  readonly error: unknown;
}

/**
 * Writes down all that may tell why something failed: the error, API objects,
 * logs of every pod, what was captured, and each node's network. What cannot
 * be had is noted in its place: a broken cluster still gives the rest.
 */
export async function collectEvidence(folder: string, sources: EvidenceSources): Promise<void> {
  const { kubectl, nodes, captures, router, error } = sources;
  await mkdir(folder, { recursive: true });
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const captured = captures.map(({ of, lines }) => `== ${of}\n${lines.join('\n')}\n`).join('\n');
  await Promise.all([
    save(folder, 'error.txt', () => Promise.resolve(`${text}\n`)),
    save(folder, 'captures.txt', () => Promise.resolve(captured)),
    save(folder, 'router.txt', router),
    save(folder, 'objects.yaml', () => kubectl.run(['get', OBJECTS, '--all-namespaces', '-o', 'yaml'])),
    save(folder, 'own-objects.yaml', () => kubectl.run(['get', OWN_OBJECTS, '-o', 'yaml'])),
    save(folder, 'events.txt', () => kubectl.run(['get', 'events', '-A', '--sort-by=.lastTimestamp'])),
    savePodLogs(join(folder, 'logs'), kubectl),
    ...nodes.map((node) => saveNode(join(folder, 'nodes', node.name), node)),
  ]);
}

async function savePodLogs(folder: string, kubectl: Kubectl): Promise<void> {
  await mkdir(folder, { recursive: true });
  const columns = '-o=custom-columns=NS:.metadata.namespace,NAME:.metadata.name';
  const listed = await kubectl.run(['get', 'pods', '-A', '--no-headers', columns]).catch(() => '');
  for (const line of listed.split('\n').filter((each) => each.trim() !== '')) {
    const [namespace = '', name = ''] = line.trim().split(/\s+/);
    const logs = ['logs', '-n', namespace, name, '--all-containers', '--timestamps', '--tail=2000'];
    await save(folder, `${namespace}_${name}.log`, () => kubectl.run(logs));
    const earlier = await kubectl.run([...logs, '--previous']).catch(() => '');
    if (earlier !== '') await save(folder, `${namespace}_${name}.earlier.log`, () => Promise.resolve(earlier));
  }
}

async function saveNode(folder: string, node: StartedNode): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [file, command] of Object.entries(NODE_STATE)) {
    await save(folder, file, async () => {
      const { stdout, stderr } = await node.exec(command, { timeoutMs: 20_000 });
      return stdout + stderr;
    });
  }
}

async function save(folder: string, file: string, read: () => Promise<string>): Promise<void> {
  const text = await read().catch((error: unknown) => `not to be had: ${String(error)}\n`);
  await writeFile(join(folder, file), text);
}
