import type { Cluster } from './cluster.ts';

/** Steps and expectations, run in order; the first that fails ends the scenario. */
export interface Scenario {
  /** Short, in kebab case, and no other's: what a user calls it by. */
  readonly name: string;
  /** A present-tense claim. */
  readonly claim: string;
  readonly steps: readonly Step[];
  /** Run at the end, also when a step failed, so that the next scenario finds the cluster as this one did. */
  readonly cleanUp?: readonly Step[];
}

export interface Step {
  readonly says: string;
  run(cluster: Cluster): Promise<void>;
}

/** How long an expectation may take to come true, milliseconds: far beyond what is usual, so that only a fault fails. */
export const PATIENCE_MS = 40_000;

/** Runs a scenario; an error names the step. `onFailure` sees the cluster as the failed step left it. */
export async function runScenario(
  cluster: Cluster,
  { steps, cleanUp = [] }: Scenario,
  onFailure?: (error: unknown) => Promise<void>,
): Promise<void> {
  try {
    await runSteps(cluster, steps);
  } catch (error) {
    await onFailure?.(error);
    throw error;
  } finally {
    await runSteps(cluster, cleanUp);
  }
}

async function runSteps(cluster: Cluster, steps: readonly Step[]): Promise<void> {
  for (const [index, step] of steps.entries()) {
    try {
      await step.run(cluster);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`step ${index + 1}, ${step.says}: ${reason}`, { cause: error });
    }
  }
}

/** Waits until `check` returns undefined; what it returns is why not yet. */
export async function eventually(
  check: () => Promise<string | undefined>,
  patienceMs: number = PATIENCE_MS,
): Promise<void> {
  const endMs = performance.now() + patienceMs;
  for (let pauseMs = 20; ; pauseMs = Math.min(500, pauseMs * 1.5)) {
    const problem = await check();
    if (problem === undefined) return;
    if (performance.now() > endMs) throw new Error(`${problem} (after ${patienceMs / 1000} s)`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
