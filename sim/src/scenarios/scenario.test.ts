import { describe, expect, it } from 'vitest';
import type { Cluster } from './cluster.ts';
import { runScenario, type Scenario } from './scenario.ts';
import { step } from './steps.ts';

/** None of its steps asks the cluster anything. */
const cluster = {} as Cluster;

function scenario(told: string[], fails: boolean): Scenario {
  return {
    name: 'one',
    claim: 'one holds',
    steps: [
      step('first', () => Promise.resolve(void told.push('first'))),
      step('second', () => (fails ? Promise.reject(new Error('no')) : Promise.resolve())),
      step('third', () => Promise.resolve(void told.push('third'))),
    ],
    cleanUp: [step('clean', () => Promise.resolve(void told.push('clean')))],
  };
}

describe('runScenario', () => {
  it('runs every step, then cleans up', async () => {
    const told: string[] = [];
    await runScenario(cluster, scenario(told, false), () => Promise.resolve(void told.push('failure')));
    expect(told).toEqual(['first', 'third', 'clean']);
  });

  it('tells of a failure before it cleans up, and names the step', async () => {
    const told: string[] = [];
    const running = runScenario(cluster, scenario(told, true), (error) =>
      Promise.resolve(void told.push((error as Error).message)),
    );
    await expect(running).rejects.toThrow('step 2, second: no');
    expect(told).toEqual(['first', 'step 2, second: no', 'clean']);
  });
});
