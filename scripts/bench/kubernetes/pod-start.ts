import type { Section } from '../report.ts';
import { median, percentile, verdict } from '../statistics.ts';
import type { BenchCluster, Network } from './bench-cluster.ts';
import { deletePods, pausePod, startPods } from './pods.ts';

const SINGLES = 40;
const BURSTS = 4;
const BURST_PODS = 30;
const TARGET = 1.05;

/** Milliseconds of every pod, by network. */
type Samples = Readonly<Record<Network, readonly number[]>>;

/**
 * Pods from create to Ready, one at a time and 30 at once, each network in
 * turn on one worker of its own. Every second pair begins with the other one.
 */
export async function podStart(cluster: BenchCluster, networks: readonly Network[]): Promise<Section> {
  const singles = await alternate(cluster, networks, { rounds: SINGLES, count: 1 });
  const bursts = await alternate(cluster, networks, { rounds: BURSTS, count: BURST_PODS });
  return {
    title: 'Start of a pod',
    how: `From before the request that creates it until a watch says Ready: ${SINGLES} pods of each network one at a time, and ${BURSTS} times ${BURST_PODS} at once. The networks take turns, each on one worker of its own; every second pair begins with the other one. The pods name their node, and their image is there. The kubelet takes about a second by its own rhythm. Quartiles in brackets.`,
    columns: ['pods', 'Margay', 'ptp + host-local', 'ratio', 'target', ''],
    rows: [...rows('1', singles), ...rows(`${BURST_PODS} at once`, bursts)],
  };
}

async function alternate(
  cluster: BenchCluster,
  networks: readonly Network[],
  { rounds, count }: { readonly rounds: number; readonly count: number },
): Promise<Samples> {
  const samples: Record<Network, number[]> = { baseline: [], margay: [] };
  // The first round of each warms what is cold, and is not counted.
  for (let round = -1; round < rounds; round++) {
    for (const network of round % 2 === 0 ? networks : networks.toReversed()) {
      const [worker] = await cluster.nodesOf(network);
      if (worker === undefined) throw new Error(`There is no worker for ${network}.`);
      const names = Array.from({ length: count }, (_, index) => `${network}-${round + 1}-${index}`);
      const started = await startPods(
        cluster,
        names.map((name) => pausePod(name, worker.name)),
      );
      if (round >= 0) samples[network].push(...started.map(({ readyMs }) => readyMs));
      await deletePods(cluster, names);
    }
  }
  return samples;
}

function rows(name: string, { margay, baseline }: Samples): string[][] {
  const ratio = (share: number): number => percentile(margay, share) / percentile(baseline, share);
  const line = (rank: string, share: number, spread: (samples: readonly number[]) => string): string[] => [
    `${name}, ${rank}`,
    `${seconds(percentile(margay, share))}${spread(margay)}`,
    `${seconds(percentile(baseline, share))}${spread(baseline)}`,
    `${ratio(share).toFixed(2)}×`,
    `≤ ${TARGET}×`,
    verdict(ratio(share), '<=', TARGET),
  ];
  return [line('p50', 0.5, quartiles), line('p99', 0.99, () => '')];
}

function quartiles(samples: readonly number[]): string {
  if (samples.length === 0 || Number.isNaN(median(samples))) return '';
  return ` (${seconds(percentile(samples, 0.25))} to ${seconds(percentile(samples, 0.75))})`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
