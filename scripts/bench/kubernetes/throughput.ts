import type { StartedNode } from '@margay/kind-node';
import type { Pod } from '@margay/model';
import type { Section } from '../report.ts';
import { median, percentile, verdict } from '../statistics.ts';
import { type BenchCluster, inNode } from './bench-cluster.ts';
import { isOfMode, type Mode, useMode } from './margay.ts';
import { podNetns } from './pod-netns.ts';
import { deletePods, pausePod, type Started, startPods } from './pods.ts';
import { Stream } from './stream.ts';

const ROUNDS = 9;
const SECONDS = 2;
export type PathName = 'baseline' | Mode;

const TARGET: Readonly<Record<Mode, number>> = { direct: 0.98, encapsulated: 0.95 };

/** One TCP stream between pods of two nodes, for each path; the paths take turns. */
export async function throughput(cluster: BenchCluster, paths: readonly PathName[]): Promise<Section> {
  const names: string[] = [];
  await using resources = new AsyncDisposableStack();
  resources.defer(() => deletePods(cluster, names));
  const streams: Stream[] = [];
  for (const path of paths) streams.push(resources.use(await open(cluster, path, names)));

  const results = new Map(streams.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    // Each round begins elsewhere, so that none is always the first.
    for (let step = 0; step < streams.length; step++) {
      const stream = streams[(round + step) % streams.length] as Stream;
      results.get(stream.name)?.push(await stream.measure(SECONDS));
    }
  }
  return section(results);
}

/** Two pods, a check of the way between them, and a stream. */
async function open(cluster: BenchCluster, path: PathName, names: string[]): Promise<Stream> {
  const [client, server] = await cluster.nodesOf(path === 'baseline' ? 'baseline' : 'margay');
  if (client === undefined || server === undefined) throw new Error(`${path} needs two nodes.`);
  const pods = [pausePod(`${path}-client`, client.name), pausePod(`${path}-server`, server.name)];
  const started = await startOnPath(cluster, path, pods);
  names.push(...started.map(({ name }) => name));
  const [from, to] = started as [Started, Started];
  await checkRoute(path, client, to.podIp);
  await checkRoute(path, server, from.podIp);
  const { signal } = cluster;
  const clientNetns = await podNetns(client, from.podIp, signal);
  const serverNetns = await podNetns(server, to.podIp, signal);
  return await Stream.open({ name: path, server: to, clientNetns, serverNetns, signal });
}

/** In the order of the pods. A node keeps a few addresses ready: those of the other pool are given away first. */
async function startOnPath(cluster: BenchCluster, path: PathName, pods: readonly Pod[]): Promise<Started[]> {
  if (path !== 'baseline') await useMode(cluster, path);
  const others: string[] = [];
  try {
    for (let attempt = 0; attempt < 20; attempt++) {
      const wanted = pods.map((pod) => ({
        ...pod,
        metadata: { ...pod.metadata, name: `${pod.metadata.name}-${attempt}` },
      }));
      const ready = await startPods(cluster, wanted);
      const started = wanted.map(({ metadata }) => ready.find(({ name }) => name === metadata.name) as Started);
      if (path === 'baseline' || started.every(({ podIp }) => isOfMode(podIp, path))) return started;
      others.push(...started.map(({ name }) => name));
    }
  } finally {
    await deletePods(cluster, others);
  }
  throw new Error(`Pods got no addresses of the pool ${path}.`);
}

/** That a node sends packets for this pod as the path's name says. @throws {Error} */
async function checkRoute(path: PathName, node: StartedNode, podIp: string): Promise<void> {
  const route = await inNode(node, ['ip', 'route', 'get', podIp]);
  const device = path === 'encapsulated' ? 'margay.ipip' : 'eth0';
  if (!route.includes(` dev ${device} `))
    throw new Error(`${path}: ${node.name} would send to ${podIp} by ${route.trim()}`);
}

function section(results: ReadonlyMap<string, readonly number[]>): Section {
  const baseline = median(results.get('baseline') ?? []);
  return {
    title: 'Throughput between pods of two nodes',
    how: `iperf3, one TCP stream, ${ROUNDS} rounds of ${SECONDS} s in which the paths take turns: medians, quartiles in brackets. All nodes are of one cluster and one machine. Those of the baseline have \`ptp\` + \`host-local\`, static routes and kube-proxy, and nothing of Margay.`,
    columns: ['path', 'Gbit/s', 'against the baseline', 'target', ''],
    rows: [...results].map(([name, samples]) => {
      const ratio = median(samples) / baseline;
      const limit = name in TARGET ? TARGET[name as Mode] : undefined;
      const spread = [0.25, 0.75].map((share) => percentile(samples, share).toFixed(2)).join(' to ');
      return [
        name,
        `${median(samples).toFixed(2)} (${spread})`,
        `${ratio.toFixed(2)}×`,
        limit === undefined ? '' : `≥ ${limit}×`,
        limit === undefined ? '' : verdict(ratio, '>=', limit),
      ];
    }),
  };
}
