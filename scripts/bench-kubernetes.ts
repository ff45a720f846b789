import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { interruptible, KindCluster } from '@margay/kind-node';
import { installBaseline } from './bench/kubernetes/baseline.ts';
import { BenchCluster, NETWORK_LABEL } from './bench/kubernetes/bench-cluster.ts';
import { installTime } from './bench/kubernetes/install.ts';
import { installMargayBesides, loadMargay } from './bench/kubernetes/margay.ts';
import { podStart } from './bench/kubernetes/pod-start.ts';
import { throughput } from './bench/kubernetes/throughput.ts';
import { machineText, type Section, sectionText, writeSections } from './bench/report.ts';

// `npm run bench:kubernetes`: measures on kind, prints, with --write keeps it
// in docs/benchmarks.md, with --out in a folder. Names choose single benches.

const NODE_IMAGE = 'kindest/node:v1.34.4';

const HELP = `Use: npm run bench:kubernetes -- [--write] [--out FOLDER] [--node-image IMAGE] [--tag TAG]
         [install] [pods] [throughput]

Measures Margay on kind clusters against containernetworking ptp + host-local
with static routes. Needs root, Docker, kind, helm and the images of
\`npm run images\`.

  --write             put the result into docs/benchmarks.md; benches that did not run stay as they are there
  --out FOLDER        put it into FOLDER, as benchmarks.md
  --node-image IMAGE  of the nodes, and with it the version of Kubernetes; ${NODE_IMAGE} by default
  --tag TAG           of Margay's images; dev by default
`;

const NAMES = ['install', 'pods', 'throughput'];

const { values, positionals } = readOptions();
const unknown = positionals.find((name) => !NAMES.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no bench '${unknown}'; name any of ${NAMES.join(', ')}.\n`);
  process.exit(2);
}
if (values.help) {
  process.stdout.write(HELP);
  process.exit();
}
const image = values['node-image'];
const { tag } = values;
const chosen = (name: string): boolean => positionals.length === 0 || positionals.includes(name);

const sections: string[] = [];
/** Measures, prints and keeps one table, with what it was measured on. */
const keep = async (measure: () => Promise<Section>): Promise<void> => {
  const loadBefore = loadavg()[0] ?? 0;
  const text = `${sectionText(await measure())}\n${machineText(loadBefore)} Node image ${image}.\n`;
  sections.push(text);
  process.stdout.write(`${text}\n`);
};

using interrupt = interruptible();
const { signal } = interrupt;
try {
  await KindCluster.reapAbandoned();
  if (chosen('install')) {
    say('Measuring helm install');
    await keep(() => installTime({ image, tag, signal }));
  }
  if (chosen('pods') || chosen('throughput')) await sideBySide();
} catch (error) {
  // The clusters are deleted by now.
  const why = error instanceof Error ? error.message : String(error);
  process.stderr.write(signal.aborted ? 'Interrupted; the clusters are deleted.\n' : `${why}\n`);
  process.exit(signal.aborted ? 130 : 1);
}

const intro =
  'As `npm run bench:kubernetes -- --write` printed them. Ratios are of one run on one cluster, with the peer in alternation; absolute numbers depend on the machine.';
if (values.write) {
  const file = join(import.meta.dirname, '../docs/benchmarks.md');
  writeSections(file, '# Benchmarks on Kubernetes', { intro, sections });
}
if (values.out !== undefined) {
  mkdirSync(values.out, { recursive: true });
  writeFileSync(join(values.out, 'benchmarks.md'), [intro, ...sections].join('\n\n'));
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        'node-image': { type: 'string', default: NODE_IMAGE },
        tag: { type: 'string', default: 'dev' },
        write: { type: 'boolean' },
        out: { type: 'string' },
        help: { type: 'boolean' },
      },
      allowPositionals: true,
    });
  } catch (error) {
    process.stderr.write(`${(error as Error).message.split('. ', 1)[0]}; see --help.\n`);
    process.exit(2);
  }
}

/**
 * One cluster in which two nodes are Margay's (the control plane is one) and
 * two the baseline's. More nodes would run out of the kernel's 128 inotify
 * instances of a user beside another small cluster.
 */
async function sideBySide(): Promise<void> {
  const labelled = (network: string): Record<string, string> => ({ [NETWORK_LABEL]: network });
  const worker = (network: string) => ({ role: 'worker', labels: labelled(network) }) as const;
  say('Starting a cluster of four nodes');
  const nodes = [
    { role: 'control-plane', labels: labelled('margay') } as const,
    ...['margay', 'baseline', 'baseline'].map(worker),
  ];
  await using cluster = await BenchCluster.start({ name: 'margay-bench', image, nodes, signal });
  await installBaseline(cluster);
  await loadMargay(cluster, tag);
  await installMargayBesides(cluster, tag);
  if (chosen('throughput')) {
    say('Measuring throughput');
    await keep(() => throughput(cluster, ['baseline', 'direct', 'encapsulated']));
  }
  if (chosen('pods')) {
    say('Measuring the start of pods');
    await keep(() => podStart(cluster, ['margay', 'baseline']));
  }
}

function say(text: string): void {
  process.stderr.write(`${text} …\n`);
}
