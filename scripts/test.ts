import { add, type Counts, countsLine, NONE } from './testing/counts.ts';
import { countTier, run, runTier, type Tier } from './testing/run-tier.ts';

// `npm test`: every test that this machine and user can run. With root nothing
// is skipped but, on a machine without kube-apiserver and etcd, the half of the
// contract suites that runs against them; what is skipped is counted. Tiers may
// be named, to run those alone; what follows -- goes to vitest:
// node scripts/test.ts root -- --project @margay/kernel-linux routes

const DEFAULT_TIERS: readonly Tier[] = ['unit', 'root', 'contract', 'scenario'];

const words = process.argv.slice(2);
const dashes = words.indexOf('--');
const named = (dashes === -1 ? words : words.slice(0, dashes)) as Tier[];
const selection = dashes === -1 ? [] : words.slice(dashes + 1);
const known: readonly Tier[] = [...DEFAULT_TIERS, 'kubectl', 'kind'];
const unknown = named.find((name) => !known.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There are no '${unknown}' tests; name any of ${known.join(', ')}.\n`);
  process.exit(2);
}

const AS_ROOT = ['--net', '--mount'];
const AS_USER = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork', '--mount-proc'];

/** Found by trying, whatever the user's number: root in a container may lack the right. */
async function canUnshare(options: readonly string[]): Promise<boolean> {
  const quietly = ['sh', '-c', 'exec unshare "$@" true 2> /dev/null', 'sh', ...options];
  return (await run(quietly, {}, 'ignore')) === 0;
}

const privileged = await canUnshare(AS_ROOT);
const obstacles: Partial<Record<Tier, string>> = {
  ...(!privileged && { root: 'need root and the right to make namespaces' }),
  ...(!privileged &&
    !(await canUnshare(AS_USER)) && { scenario: 'need namespaces, which this user may not make here' }),
};

let total: Counts = NONE;
for (const tier of named.length > 0 ? named : DEFAULT_TIERS) {
  if (obstacles[tier] !== undefined) {
    const skipped = await countTier(tier);
    process.stdout.write(`\nSkipped ${skipped} tests that ${obstacles[tier]}.\n`);
    total = add(total, { ...NONE, skipped });
    continue;
  }
  process.stdout.write(`\n== ${tier} tests ==\n`);
  total = add(total, await runTier(tier, selection));
}

process.stdout.write(`\n${countsLine(total)}\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
