import { add, type Counts, countsLine, NONE } from './testing/counts.ts';
import { countTier, run, runTier, type Tier } from './testing/run-tier.ts';

// `npm test`: every test that this machine and user can run. With root nothing
// is skipped. Tiers may be named, to run those alone.

const DEFAULT_TIERS: readonly Tier[] = ['unit', 'root', 'scenario'];

const named = process.argv.slice(2) as Tier[];
const known: readonly Tier[] = [...DEFAULT_TIERS, 'kubectl'];
const unknown = named.find((name) => !known.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There are no '${unknown}' tests; name any of ${known.join(', ')}.\n`);
  process.exit(2);
}

/** Found by trying, whatever the user's number: root in a container may lack the right. */
const privileged = (await run(['unshare', '--net', '--mount', 'true'], {}, 'ignore').catch(() => 1)) === 0;

let total: Counts = NONE;
for (const tier of named.length > 0 ? named : DEFAULT_TIERS) {
  if (tier === 'root' && !privileged) {
    const skipped = await countTier(tier);
    process.stdout.write(`\nSkipped ${skipped} tests that need root and the right to make namespaces.\n`);
    total = add(total, { ...NONE, skipped });
    continue;
  }
  process.stdout.write(`\n== ${tier} tests ==\n`);
  total = add(total, await runTier(tier));
}

process.stdout.write(`\n${countsLine(total)}\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
