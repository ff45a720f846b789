import { CONVERGENCE_SCENARIOS } from '../src/scenarios/definitions/convergence.ts';
import { DIRECT_SCENARIOS } from '../src/scenarios/definitions/modes.ts';
import { POLICY_SCENARIOS } from '../src/scenarios/definitions/policy.ts';
import { describeScenarios } from './run-scenarios.ts';

await describeScenarios('direct mode', { name: 'test-direct', up: ['--mode', 'direct'] }, [
  ...DIRECT_SCENARIOS,
  ...POLICY_SCENARIOS.slice(0, 2),
  ...CONVERGENCE_SCENARIOS,
]);
