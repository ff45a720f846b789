import type { Section } from '../report.ts';
import { median, verdict } from '../statistics.ts';
import { BenchCluster } from './bench-cluster.ts';
import { type Installed, installMargay, loadMargay } from './margay.ts';

const ROUNDS = 3;
const TARGET_SECONDS = 60;

export interface Setting {
  /** Of the nodes. */
  readonly image: string;
  /** Of Margay's images. */
  readonly tag: string;
  readonly signal: AbortSignal;
}

/** From `helm install` until every node is Ready and CoreDNS available, each time on a new cluster of three nodes. */
export async function installTime({ image, tag, signal }: Setting): Promise<Section> {
  const rounds: Installed[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const nodes = (['control-plane', 'worker', 'worker'] as const).map((role) => ({ role }));
    await using cluster = await BenchCluster.start({ name: 'margay-bench-install', image, nodes, signal });
    await loadMargay(cluster, tag);
    rounds.push(await installMargay(cluster, tag));
  }
  const line = (name: string, pick: (one: Installed) => number, limit?: number): string[] => {
    const seconds = rounds.map(pick);
    const target = limit === undefined ? ['', ''] : [`≤ ${limit} s`, verdict(median(seconds), '<=', limit)];
    return [name, text(median(seconds)), text(Math.min(...seconds)), text(Math.max(...seconds)), ...target];
  };
  return {
    title: 'Seconds from `helm install`',
    how: `The chart's own values, on a new cluster of one control plane and two workers, ${ROUNDS} times. The images are on the nodes.`,
    columns: ['until', 'median', 'fastest', 'slowest', 'target', ''],
    rows: [
      line('every node is Ready', ({ nodesReady }) => nodesReady),
      line('all of CoreDNS is Ready', ({ coreDnsAvailable }) => coreDnsAvailable),
      line('both', (one) => Math.max(one.nodesReady, one.coreDnsAvailable), TARGET_SECONDS),
    ],
  };
}

function text(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}
