import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Counts } from './counts.ts';

/** Kinds of tests, by the ending of their files; see vitest.config.ts. */
export type Tier = 'unit' | 'root' | 'scenario' | 'kubectl' | 'kind' | 'contract';

const root = join(import.meta.dirname, '../..');

/** Tests that change a kernel get a network and mounts of their own: the machine's stay as they are. */
const OWN_NAMESPACES = ['unshare', '--net', '--mount', '--propagation', 'private', '--fork', '--kill-child', '--'];

/** Runs one tier and counts; a run that breaks without a failed test counts as one failure. */
export async function runTier(tier: Tier, selection: readonly string[] = []): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'margay-test-'));
  const report = join(folder, 'report.json');
  const vitest = vitestCommand(
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...selection,
  );
  try {
    const code =
      tier === 'root'
        ? await run([...OWN_NAMESPACES, ...vitest], { MARGAY_TESTS: tier, MARGAY_OWN_NAMESPACES: '1' })
        : await run(vitest, { MARGAY_TESTS: tier });
    return readReport(report, code);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** How many tests a tier has, without running them. */
export async function countTier(tier: Tier): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'margay-test-'));
  const list = join(folder, 'list.json');
  try {
    // The marks let the files be loaded, which finds tests that shared functions define; none of them runs.
    const marks = { MARGAY_OWN_NAMESPACES: '1', MARGAY_TESTS_ONLY_COUNTED: '1' };
    await run(vitestCommand('list', '--no-static-parse', `--json=${list}`), { MARGAY_TESTS: tier, ...marks }, 'ignore');
    return (JSON.parse(readFileSync(list, 'utf8')) as unknown[]).length;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function vitestCommand(...parameters: string[]): string[] {
  const entry = join(root, 'node_modules/vitest/vitest.mjs');
  return [process.execPath, entry, ...parameters, '--config', join(root, 'vitest.config.ts')];
}

function readReport(report: string, code: number): Counts {
  let counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    const read = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0 } = read;
    counts = { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    process.stderr.write('the test run left no report\n');
  }
  if (code === 0 && counts.passed === 0) process.stderr.write('the test run executed no test\n');
  const broken = counts.failed === 0 && (code !== 0 || counts.passed === 0);
  return broken ? { ...counts, failed: 1 } : counts;
}

/** Runs a command to its end, from the workspace's root. */
export function run(
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
  stdout: 'inherit' | 'ignore' = 'inherit',
): Promise<number> {
  const [program = '', ...parameters] = command;
  const child = spawn(program, parameters, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal === null ? (code ?? 1) : 1));
  });
}
