import { join } from 'node:path';
import type { Logger } from '@margay/ports';
import { runScenario, SCENARIOS, type Scenario } from '@margay/sim/scenarios';
import type { Mode, Options } from '../options.ts';
import { collectEvidence } from '../report/evidence.ts';
import type { Result } from '../report/results.ts';
import { realClusterScenarios } from './checks.ts';
import { Environment } from './environment.ts';

/** The name of what the start itself proves. */
const START = 'helm-install';

const NOT_STARTED = 'the start of the cluster failed';

export interface RunModeOptions {
  readonly mode: Mode;
  readonly options: Options;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly say: (line: string) => void;
  /** Gets a result of each; what is in it stays when the mode ends with an error. */
  readonly results: Result[];
}

/**
 * One mode on a cluster of its own: the start, then every scenario that was
 * asked for. After a start that failed the others are skipped.
 *
 * @throws the signal's reason, or why the cluster could not be kept or taken
 *   down; after everything that can be is taken down.
 */
export async function runMode(run: RunModeOptions): Promise<void> {
  const { mode, options, signal, say, results } = run;
  const startedMs = performance.now();
  const started = {
    mode,
    name: START,
    claim: 'helm install brings every node to Ready, and all pods reach one another',
  };
  let environment: Environment | undefined;
  try {
    environment = await Environment.start({ ...run, nodeImage: options.nodeImage });
    const seconds = await Promise.race([environment.install(run), rejectOnAbort(signal)]);
    say(`${mode}: ${seconds.toFixed(1)} s from helm install to all nodes Ready and CoreDNS available`);
    results.push({ ...started, outcome: 'passed', seconds });
    for (const scenario of chosen(mode, options, environment)) {
      signal.throwIfAborted();
      const result = await runOne(scenario, environment, run);
      results.push(result);
      say(describe(result));
    }
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    say(`${mode}: FAILED: ${reason}`);
    results.push({ ...started, outcome: 'failed', reason, seconds: (performance.now() - startedMs) / 1_000 });
    for (const { name, claim } of chosen(mode, options)) {
      results.push({ mode, name, claim, outcome: 'skipped', reason: NOT_STARTED, seconds: 0 });
    }
    if (environment) await writeEvidence(environment, { folder: join(options.out, mode, START), error, say });
  } finally {
    try {
      if (environment && options.keep && !signal.aborted) say(await environment.keep(options.out));
      else say(`${mode}: taking the cluster down`);
    } finally {
      // Also what could not be kept.
      await environment?.[Symbol.asyncDispose]();
    }
  }
}

async function runOne(scenario: Scenario, environment: Environment, run: RunModeOptions): Promise<Result> {
  const { mode, options, signal, say } = run;
  const { name, claim } = scenario;
  const { cluster } = environment;
  const startedMs = performance.now();
  cluster.captures.length = 0;
  try {
    const running = runScenario(cluster, scenario, async (error) => {
      if (!signal.aborted) await writeEvidence(environment, { folder: join(options.out, mode, name), error, say });
    });
    await Promise.race([running, rejectOnAbort(signal)]);
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return { mode, name, claim, outcome: 'failed', reason, seconds: secondsSince(startedMs) };
  }
  return { mode, name, claim, outcome: 'passed', seconds: secondsSince(startedMs) };
}

/** An interrupted scenario is not waited for: its cluster goes away under it. */
function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

async function writeEvidence(
  environment: Environment,
  { folder, error, say }: { folder: string; error: unknown; say: (line: string) => void },
): Promise<void> {
  const { kubectl, kind, cluster, fabric } = environment;
  const sources = { kubectl, nodes: kind.nodes(), captures: cluster.captures, router: () => fabric.describe(), error };
  await collectEvidence(folder, sources);
  say(`evidence is in ${folder}`);
}

/** Every scenario of a mode, in the order in which they run. The kubeconfig is needed to run them alone. */
export function scenariosOf(mode: Mode, { kubeconfig = '' }: { readonly kubeconfig?: string } = {}): Scenario[] {
  return [...realClusterScenarios({ kubeconfig }), ...SCENARIOS[mode]];
}

function chosen(mode: Mode, { scenarios }: Options, environment?: Environment): Scenario[] {
  const all = scenariosOf(mode, environment);
  return scenarios.length === 0 ? all : all.filter(({ name }) => scenarios.includes(name));
}

function describe({ mode, name, outcome, reason, seconds }: Result): string {
  const why = reason === undefined ? '' : `: ${reason}`;
  return `${mode}: ${name} ${outcome === 'failed' ? 'FAILED' : outcome} (${seconds.toFixed(1)} s)${why}`;
}

function secondsSince(startedMs: number): number {
  return (performance.now() - startedMs) / 1_000;
}
