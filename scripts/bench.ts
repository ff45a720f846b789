import { loadavg } from 'node:os';
import { join } from 'node:path';
import { cniLatency } from './bench/cni.ts';
import { machineText, type Section, sectionText, writePart } from './bench/report.ts';
import { podsAndMemory, startUp } from './bench/start-up.ts';
import { throughput } from './bench/throughput.ts';

// `npm run bench`: measures, prints, and with --write keeps it in
// docs/benchmarks.md. Names choose single benches.

const BENCHES: Record<string, () => Promise<Section | Section[]>> = {
  'start-up': startUp,
  cni: cniLatency,
  pods: podsAndMemory,
  throughput,
};

const named = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = named.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  process.stderr.write(`There is no bench '${unknown}'; name any of ${Object.keys(BENCHES).join(', ')}.\n`);
  process.exit(2);
}

const loadBefore = loadavg()[0] ?? 0;
const sections: string[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (named.length > 0 && !named.includes(name)) continue;
  process.stderr.write(`Measuring ${name} …\n`);
  for (const section of [await bench()].flat()) {
    sections.push(sectionText(section));
    process.stdout.write(`${sections.at(-1)}\n`);
  }
}
process.stdout.write(`${machineText(loadBefore)}\n`);

if (process.argv.includes('--write')) {
  const how =
    'As `npm run bench -- --write` printed them. Ratios are of one run, with the peer in alternation; absolute numbers depend on the machine.\n';
  const file = join(import.meta.dirname, '../docs/benchmarks.md');
  writePart(file, '# Benchmarks', [how, `${machineText(loadBefore)}\n`, ...sections].join('\n'));
}
