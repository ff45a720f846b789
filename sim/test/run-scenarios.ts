import { afterAll, beforeAll, describe, it } from 'vitest';
import { tryIsolation } from '../src/launcher/namespaces.ts';
import { runScenario, type Scenario } from '../src/scenarios/scenario.ts';
import { CliCluster } from './cli-cluster.ts';

/** A scenario waits as long as its conditions may need; a fault must show as its own message, not as this limit. */
const SCENARIO_LIMIT_MS = 180_000;

/**
 * Runs scenarios, one after the other, on a simulation of their own. Those that
 * need root are skipped, and counted, where simulations are an ordinary user's.
 */
export async function describeScenarios(
  what: string,
  options: { name: string; up: readonly string[]; needsRoot?: boolean },
  scenarios: readonly Scenario[],
): Promise<void> {
  const skip = options.needsRoot === true && !(await tryIsolation()).canLoadEbpf;
  describe.skipIf(skip)(what, () => {
    let cluster: CliCluster | undefined;
    beforeAll(async () => {
      cluster = await CliCluster.up(options.name, ...options.up);
    });
    afterAll(async () => {
      await cluster?.down();
    });
    for (const scenario of scenarios) {
      it(scenario.claim, { timeout: SCENARIO_LIMIT_MS }, async () => {
        if (!cluster) throw new Error('the simulation did not start');
        await runScenario(cluster, scenario);
      });
    }
  });
}
