import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { CliCluster } from '../../sim/test/cli-cluster.ts';
import type { Section } from './report.ts';
import { percentile, verdict } from './statistics.ts';

const ROUNDS = 200;
const TARGET_RATIO = 0.6;

/** What the worker in the node's namespaces prints: milliseconds of each call. */
export interface CniTimes {
  readonly margay: { readonly add: number[]; readonly del: number[] };
  readonly peer: { readonly add: number[]; readonly del: number[] };
}

/** CNI ADD and DEL on one node against the reference plugins, one after the other. */
export async function cniLatency(): Promise<Section> {
  const cluster = await CliCluster.up('bench', '--nodes', '1', '--pods-per-node', '0');
  try {
    const { processes } = await cluster.status();
    const pidOf = (role: string): number => processes.find((each) => each.role === role)?.pid ?? 0;
    const names = Array.from({ length: ROUNDS }, (_, index) => `p${index}`);
    // The kubelet stands still, so that this run alone starts these pods.
    process.kill(pidOf('kubelet'), 'SIGSTOP');
    const { pod } = await import('../../sim/src/scenarios/manifests.ts');
    await cluster.apply(names.map((name) => pod(name)).join(''));
    const bound = await boundPods(cluster);
    const times = await runWorker(pidOf('node-agent'), bound);
    return section(times);
  } finally {
    await cluster.down();
  }
}

async function boundPods(cluster: CliCluster): Promise<{ name: string; uid: string }[]> {
  for (;;) {
    const found = (await cluster.list('pod')) as unknown as {
      metadata: { name: string; uid: string };
      spec: { nodeName?: string };
    }[];
    if (found.length === ROUNDS && found.every(({ spec }) => spec.nodeName)) {
      return found.map(({ metadata }) => ({ name: metadata.name, uid: metadata.uid }));
    }
  }
}

async function runWorker(agentPid: number, pods: readonly { name: string; uid: string }[]): Promise<CniTimes> {
  const worker = join(import.meta.dirname, 'cni-worker.ts');
  const child = spawn(
    'nsenter',
    ['--target', String(agentPid), '--mount', '--net', '--uts', '--pid', '--', process.execPath, worker],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  child.stdin.end(JSON.stringify(pods));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const [code] = (await once(child, 'close')) as [number];
  if (code !== 0) throw new Error(`the CNI bench ended with ${code}`);
  return JSON.parse(output) as CniTimes;
}

function section({ margay, peer }: CniTimes): Section {
  const row = (call: 'add' | 'del', share: number): (string | number)[] => {
    const ours = percentile(margay[call], share);
    const theirs = percentile(peer[call], share);
    const judged =
      call === 'add' && share === 0.5 ? `≤ ${TARGET_RATIO}× ${verdict(ours / theirs, '<=', TARGET_RATIO)}` : '';
    return [
      `${call.toUpperCase()} p${share * 100}`,
      `${ours.toFixed(1)} ms`,
      `${theirs.toFixed(1)} ms`,
      `${(ours / theirs).toFixed(2)}×`,
      judged,
    ];
  };
  return {
    title: 'CNI ADD and DEL',
    how: `One node, one pod at a time, ${ROUNDS} rounds: Margay and containernetworking \`ptp\` + \`host-local\` in alternation, each run by the same code as a container runtime does, from before the process starts until its answer is read. Margay's ADD includes the pod's policy in the kernel and its record on the disk. Its address is one that IPAM keeps ready for the node; IPAM is told whose it is right after the answer.`,
    columns: ['call', 'Margay', 'ptp + host-local', 'ratio', 'target'],
    rows: [row('add', 0.5), row('add', 0.99), row('del', 0.5), row('del', 0.99)],
  };
}
