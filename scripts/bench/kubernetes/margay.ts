import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isReady } from '@margay/model';
import type { BenchCluster } from './bench-cluster.ts';
import { NETWORK_LABEL } from './bench-cluster.ts';
import { hostCommand, until } from './host-command.ts';

/** How packets travel between nodes. */
export type Mode = 'encapsulated' | 'direct';

const CHART = join(import.meta.dirname, '../../../deploy/chart');
const NAMESPACE = 'margay-system';

/** A pool for each mode: pods of both run side by side on the same nodes. */
const POOLS: Readonly<Record<Mode, { readonly cidr: string; readonly ipIpEncapsulation: string }>> = {
  encapsulated: { cidr: '10.244.0.0/17', ipIpEncapsulation: 'Always' },
  direct: { cidr: '10.244.128.0/17', ipIpEncapsulation: 'Never' },
};

/** What `helm install` waited for, seconds after it began. */
export interface Installed {
  readonly nodesReady: number;
  readonly coreDnsAvailable: number;
  readonly helmEnded: number;
}

/** Brings the images of `npm run images` into every node, as a registry would. */
export async function loadMargay({ kind }: BenchCluster, tag: string): Promise<void> {
  await kind.loadImages([`margay/control-plane:${tag}`, `margay/node-agent:${tag}`]);
}

/** `helm install` with the chart's own values. */
export async function installMargay(cluster: BenchCluster, tag: string): Promise<Installed> {
  return await install(cluster, { image: { tag } });
}

/** Only on the nodes that are Margay's, and with a pool for each mode. */
export async function installMargayBesides(cluster: BenchCluster, tag: string): Promise<void> {
  const nodeSelector = { 'kubernetes.io/os': 'linux', [NETWORK_LABEL]: 'margay' };
  const ipv4 = Object.entries(POOLS).map(([name, pool]) => ({ name, ...pool }));
  await install(cluster, {
    image: { tag },
    pools: { ipv4 },
    controlPlane: { nodeSelector },
    nodeAgent: { nodeSelector },
  });
}

async function install({ kubeconfig, store, signal }: BenchCluster, values: object): Promise<Installed> {
  const file = `${kubeconfig}.values.json`;
  await writeFile(file, JSON.stringify(values));
  const release = ['install', 'margay', CHART, '--namespace', NAMESPACE, '--create-namespace', '--values', file];
  const limits = { signal, timeoutMs: 300_000 };
  const startedMs = performance.now();
  const since = (): number => (performance.now() - startedMs) / 1000;
  const helm = hostCommand(['helm', ...release, '--kubeconfig', kubeconfig], limits).then(since);
  const nodes = until('Every node is Ready', limits, async () => {
    const { items } = await store.list('Node');
    const ready = items.filter(isReady);
    return ready.length === items.length ? since() : undefined;
  });
  const coreDns = until('CoreDNS is available', limits, async () => {
    const { items } = await store.list('Pod', { namespace: 'kube-system', labelSelector: 'k8s-app=kube-dns' });
    const ready = items.filter(isReady);
    // Both replicas; the Deployment calls itself available with one less.
    return items.length > 0 && ready.length === items.length ? since() : undefined;
  });
  const [helmEnded, nodesReady, coreDnsAvailable] = await Promise.all([helm, nodes, coreDns]);
  return { nodesReady, coreDnsAvailable, helmEnded };
}

/** New pods take addresses of this mode's pool alone. */
export async function useMode({ store }: BenchCluster, mode: Mode): Promise<void> {
  for (const name of Object.keys(POOLS)) await store.patch('IPPool', { name }, { spec: { disabled: name !== mode } });
}

/** Whether an address is of a mode's pool. */
export function isOfMode(address: string, mode: Mode): boolean {
  const [first, second, third] = address.split('.').map(Number);
  return first === 10 && second === 244 && (third ?? 0) >= 128 === (mode === 'direct');
}
