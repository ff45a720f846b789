import { AGENT_SCENARIOS } from '../src/scenarios/definitions/agents.ts';
import {
  CONVERGENCE_SCENARIOS,
  NODE_LIFECYCLE_SCENARIOS,
  POOL_EDIT_SCENARIOS,
} from '../src/scenarios/definitions/convergence.ts';
import { ENCAPSULATED_SCENARIOS } from '../src/scenarios/definitions/modes.ts';
import { POD_SCENARIOS } from '../src/scenarios/definitions/pods.ts';
import { POLICY_SCENARIOS } from '../src/scenarios/definitions/policy.ts';
import { describeScenarios } from './run-scenarios.ts';

// One cluster for all, so that each scenario also meets what the ones before it left.
await describeScenarios(
  'encapsulated mode',
  { name: 'test-encapsulated', up: ['--mode', 'encapsulated'], needsRoot: true },
  [
    ...ENCAPSULATED_SCENARIOS,
    ...POD_SCENARIOS,
    ...POLICY_SCENARIOS,
    ...POOL_EDIT_SCENARIOS,
    ...AGENT_SCENARIOS,
    ...NODE_LIFECYCLE_SCENARIOS,
    ...CONVERGENCE_SCENARIOS,
  ],
);
