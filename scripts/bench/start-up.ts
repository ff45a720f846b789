import { CliCluster, margay } from '../../sim/test/cli-cluster.ts';
import type { Section } from './report.ts';
import { median, verdict } from './statistics.ts';

const ROUNDS = 5;
const TARGET_SECONDS = 5;
const PROBE_ALL_TARGET_SECONDS = 20;

/** `margay sim up` of the default cluster, from the command to its end. */
export async function startUp(): Promise<Section> {
  const seconds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const startedMs = performance.now();
    const { code, stderr } = await margay(['sim', 'up', '--name', 'bench', '-o', 'json']);
    if (code !== 0) throw new Error(stderr);
    seconds.push((performance.now() - startedMs) / 1000);
    await margay(['sim', 'down', '--name', 'bench']);
  }
  const middle = median(seconds);
  return {
    title: 'Start of a simulation',
    how: `\`margay sim up\`, 3 nodes × 2 pods, encapsulated: from the command to its end, with every pod pair and the outside verified. ${ROUNDS} rounds.`,
    columns: ['median', 'fastest', 'slowest', 'target', ''],
    rows: [
      [
        `${middle.toFixed(2)} s`,
        `${Math.min(...seconds).toFixed(2)} s`,
        `${Math.max(...seconds).toFixed(2)} s`,
        `≤ ${TARGET_SECONDS} s`,
        verdict(middle, '<=', TARGET_SECONDS),
      ],
    ],
  };
}

/** Pods of one node from creation to Running, and the memory of every process before and with them. */
export async function podsAndMemory(): Promise<Section[]> {
  const cluster = await CliCluster.up('bench', '--nodes', '1', '--pods-per-node', '0');
  try {
    const { pod } = await import('../../sim/src/scenarios/manifests.ts');
    const { pods } = await import('../../sim/src/scenarios/pods-of.ts');
    const atRest = await memory(cluster);
    const COUNT = 110;
    const startedMs = performance.now();
    await cluster.apply(Array.from({ length: COUNT }, (_, index) => pod(`p${index}`)).join(''));
    const appliedMs = performance.now();
    for (let count = 0; count < COUNT; ) count = (await pods(cluster)).length;
    const seconds = (performance.now() - startedMs) / 1000;
    const loaded = await memory(cluster);
    const probedMs = performance.now();
    const denied = await cluster.deniedPairs();
    const probeSeconds = (performance.now() - probedMs) / 1000;
    if (denied.length > 0) throw new Error(`denied: ${denied[0]}`);
    return [
      {
        title: 'Pods started on one node',
        how: `${COUNT} pods applied at once with \`margay sim apply\` to a cluster of one node, until all run. Applying them took ${((appliedMs - startedMs) / 1000).toFixed(1)} s of it.`,
        columns: ['pods', 'seconds', 'pods a second'],
        rows: [[COUNT, seconds.toFixed(1), (COUNT / seconds).toFixed(1)]],
      },
      {
        title: 'Every pod to every other',
        how: `\`margay sim probe --all\` over these ${COUNT} pods: a TCP connection for each ordered pair, all allowed.`,
        columns: ['connections', 'seconds', 'target', ''],
        rows: [
          [
            COUNT * (COUNT - 1),
            probeSeconds.toFixed(1),
            `≤ ${PROBE_ALL_TARGET_SECONDS} s (of 100 pods)`,
            verdict(probeSeconds, '<=', PROBE_ALL_TARGET_SECONDS),
          ],
        ],
      },
      {
        title: 'Memory of each process',
        how: `Resident set size (VmRSS), one node: right after the start, and with ${COUNT} pods.`,
        columns: ['process', 'at rest, MiB', `with ${COUNT} pods, MiB`],
        rows: [...atRest].map(([name, bytes]) => [name, mebibytes(bytes), mebibytes(loaded.get(name) ?? 0)]),
      },
    ];
  } finally {
    await cluster.down();
  }
}

async function memory(cluster: CliCluster): Promise<Map<string, number>> {
  const { readFileSync } = await import('node:fs');
  const { processes } = await cluster.status();
  return new Map(
    processes.map(({ role, node, pid }) => {
      const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
      return [node === '' ? role : `${role} of ${node}`, kilobytes * 1024];
    }),
  );
}

function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
