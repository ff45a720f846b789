import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pods } from '../../sim/src/scenarios/pods-of.ts';
import { CliCluster } from '../../sim/test/cli-cluster.ts';
import type { Section } from './report.ts';
import { median, verdict } from './statistics.ts';

const ROUNDS = 7;
const SECONDS = 2;

/** A place where a stream can be measured: server and client, ready to run. */
interface Path {
  readonly name: string;
  measure(): Promise<number>;
  close(): Promise<void>;
}

/**
 * One TCP stream between pods of two nodes of one rack, in each mode, and
 * through the same chain of namespaces with nothing but static routes; once
 * more with connection tracking, which is what any stateful policy costs at least.
 */
export async function throughput(): Promise<Section> {
  const paths = [
    await plainPath(),
    await plainPath('tracked'),
    await simulatedPath('direct'),
    await simulatedPath('encapsulated'),
  ];
  try {
    const results = new Map(paths.map(({ name }) => [name, [] as number[]]));
    for (let round = 0; round < ROUNDS; round++) {
      // Each round begins elsewhere, so that none is always the first.
      for (let step = 0; step < paths.length; step++) {
        const path = paths[(round + step) % paths.length] as Path;
        results.get(path.name)?.push(await path.measure());
      }
    }
    return section(results);
  } finally {
    for (const path of paths) await path.close();
  }
}

function section(results: ReadonlyMap<string, readonly number[]>): Section {
  const plain = median(results.get('plain routed veth') ?? []);
  const target: Record<string, number> = { direct: 0.98, encapsulated: 0.95 };
  return {
    title: 'Throughput of one TCP stream',
    how: `iperf3 between pods of two nodes of one rack, ${ROUNDS} rounds of ${SECONDS} s in alternation, medians. The plain path is the same chain (pod, node, bridge, node, pod) with static routes and no Margay; tracked: the nodes track connections, without any rule for a packet.`,
    columns: ['path', 'Gbit/s', 'against plain', 'target', ''],
    rows: [...results].map(([name, samples]) => {
      const ratio = median(samples) / plain;
      const limit = target[name];
      return [
        name,
        median(samples).toFixed(2),
        `${ratio.toFixed(2)}×`,
        limit === undefined ? '' : `≥ ${limit}×`,
        limit === undefined ? '' : verdict(ratio, '>=', limit),
      ];
    }),
  };
}

async function simulatedPath(mode: 'direct' | 'encapsulated'): Promise<Path> {
  const cluster = await CliCluster.up(`bench-${mode}`, '--mode', mode, '--nodes', '2', '--pods-per-node', '1');
  const all = await pods(cluster);
  const [from, to] = [all[0], all[1]];
  if (!from || !to) throw new Error('the cluster has no two pods');
  const server = await cluster.start(to.name, 'iperf3', '--server', '--port', '5201');
  return {
    name: mode,
    measure: async () => {
      for (;;) {
        const { code, stdout } = await cluster.exec(
          from.name,
          'iperf3',
          '--client',
          to.address,
          '--port',
          '5201',
          '--time',
          String(SECONDS),
          '--json',
        );
        if (code === 0) return gigabits(stdout);
      }
    },
    close: async () => {
      await server.stop();
      await cluster.down();
    },
  };
}

/** The same chain by hand, in namespaces of its own that end with this process's child. */
async function plainPath(...options: readonly 'tracked'[]): Promise<Path> {
  const script = join(import.meta.dirname, 'plain-path.sh');
  const child = spawn(
    'unshare',
    ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', 'sh', script, String(SECONDS), ...options],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  let output = '';
  let wake = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    wake();
  });
  const nextResult = async (): Promise<string> => {
    for (;;) {
      const end = output.indexOf('\nEND\n');
      if (end !== -1) {
        const result = output.slice(0, end);
        output = output.slice(end + 5);
        return result;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  await nextResult();
  return {
    name: ['plain routed veth', ...options].join(', '),
    measure: async () => {
      child.stdin.write('go\n');
      return gigabits(await nextResult());
    },
    close: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}

function gigabits(json: string): number {
  const { end } = JSON.parse(json) as { end: { sum_received: { bits_per_second: number } } };
  return end.sum_received.bits_per_second / 1e9;
}
