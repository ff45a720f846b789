import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { interruptible } from '@margay/kind-node';
import { createLogger } from '@margay/runtime';
import { buildImages, checkPrograms } from './mode/images.ts';
import { runMode, scenariosOf } from './mode/run-mode.ts';
import { type Options, parseOptions, UsageError } from './options.ts';
import { writeJunit } from './report/junit.ts';
import { countsLine, type Result, renderTable } from './report/results.ts';

// `npm run e2e`: the scenarios on real Kubernetes. `--help` says how.

const INTERRUPTED = 130;

process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = parseOptions(process.argv.slice(2), { out: join(import.meta.dirname, '../results') });
    if (options.list) return list(options);
    checkNames(options);
    return await run({ ...options, out: resolve(options.out) });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    (error.exitCode === 0 ? process.stdout : process.stderr).write(`${error.message}\n`);
    return error.exitCode;
  }
}

function list({ modes }: Options): number {
  for (const mode of modes) {
    for (const { name, claim } of scenariosOf(mode)) process.stdout.write(`${mode}  ${name}  ${claim}\n`);
  }
  return 0;
}

/** @throws UsageError */
function checkNames({ modes, scenarios }: Options): void {
  const known = new Set(modes.flatMap((mode) => scenariosOf(mode).map(({ name }) => name)));
  const unknown = scenarios.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no scenario '${unknown}' in ${modes.join(' or ')} mode: --list names them.`, 2);
  }
}

async function run(options: Options): Promise<number> {
  const startedMs = performance.now();
  const say = (line: string): void => {
    const seconds = ((performance.now() - startedMs) / 1_000).toFixed(0).padStart(4);
    process.stderr.write(`${seconds} s  ${line}\n`);
  };
  // What testcontainers would start to clean up after us also takes what is kept, and we clean up ourselves.
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
  using interrupt = interruptible();
  const { signal } = interrupt;
  const results: Result[] = [];
  let isWhole = true;
  try {
    await mkdir(options.out, { recursive: true });
    await checkPrograms();
    await buildImages(signal);
    say('the images are up to date');
    const logger = createLogger({ name: 'e2e', level: 'error' });
    for (const mode of options.modes) await runMode({ mode, options, signal, logger, say, results });
  } catch (error) {
    if (signal.aborted) {
      say('interrupted; everything is taken down');
      return INTERRUPTED;
    }
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    isWhole = false;
  }
  // Nothing ran: then there is nothing to report.
  if (results.length === 0) return 1;
  const report = await writeJunit(options.out, results);
  say(`the JUnit report is ${relative('.', report)}`);
  process.stdout.write(`\n${renderTable(results)}\n\n${countsLine(results)}\n`);
  return isWhole && results.every(({ outcome }) => outcome !== 'failed') ? 0 : 1;
}
