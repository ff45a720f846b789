import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { add, type Counts, countsLine, countsOf, NONE } from './testing/counts.ts';
import { run } from './testing/run-tier.ts';

// Everything that must hold before a change lands: the tests as a user runs
// them, then the checks, each of which counts as one.

const root = join(import.meta.dirname, '..');
const kubeSetup = join(root, '../shared/kube/setup');

const CHECKS: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['npm', 'run', '--silent', 'typecheck']],
  ['lint and module boundaries', ['npm', 'run', '--silent', 'lint']],
  ['generated files', ['npm', 'run', '--silent', 'verify:gen']],
  ['native code rebuilt and compared', ['npm', 'run', '--silent', 'verify:native']],
];

const KUBERNETES_SUITES: readonly (readonly [string, readonly string[]])[] = [
  ['real kubectl, kind and Docker', [process.execPath, 'scripts/test.ts', 'kubectl', 'kind']],
  ['end to end on real Kubernetes, encapsulated and direct', ['npm', 'run', '--silent', 'e2e']],
];

let total: Counts = NONE;
const realKubernetes = existsSync(kubeSetup);
if (realKubernetes) {
  heading('real Kubernetes programs and Docker');
  await check('kube/setup', ['bash', kubeSetup]);
}
const tested = await counted(['npm', 'test']);
total = add(total, realKubernetes ? noneSkipped(tested) : tested);
for (const [name, command] of CHECKS) {
  heading(name);
  await check(name, command);
}
for (const [name, command] of KUBERNETES_SUITES) {
  heading(name);
  if (realKubernetes) {
    total = add(total, noneSkipped(await counted(command)));
  } else {
    process.stdout.write('The project’s Kubernetes programs are not here: this is skipped.\n');
    total = add(total, { ...NONE, skipped: 1 });
  }
}

process.stdout.write(`\n${countsLine(total)}\n`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;

/** A command that counts as one test. */
async function check(name: string, command: readonly string[]): Promise<void> {
  const code = await run(command);
  total = add(total, code === 0 ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 });
  if (code !== 0) process.stdout.write(`FAILED: ${name}\n`);
}

/** Where the real programs are at hand, a skipped test is a failure. */
function noneSkipped({ passed, failed, skipped }: Counts): Counts {
  return { passed, failed: failed + skipped, skipped: 0 };
}

function heading(text: string): void {
  process.stdout.write(`\n== ${text} ==\n`);
}

/** Runs a test command, shows its output, and takes its closing line. */
async function counted(command: readonly string[]): Promise<Counts> {
  const [program = '', ...parameters] = command;
  const child = spawn(program, parameters, {
    cwd: root,
    env: process.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    process.stdout.write(text);
    output = `${output}${text}`.slice(-10_000);
  });
  const code = await new Promise<number>((resolve) => child.on('close', (exit) => resolve(exit ?? 1)));
  const counts = countsOf(output, code);
  if (counts.failed > 0) process.stdout.write(`FAILED: ${command.join(' ')} (exit code ${code})\n`);
  return counts;
}
