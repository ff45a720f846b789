import { SCENARIOS, SIMULATOR_SCENARIOS } from '../src/scenarios/index.ts';
import { describeScenarios } from './run-scenarios.ts';

// One cluster for all, so that each scenario also meets what the ones before it left.
await describeScenarios(
  'encapsulated mode',
  { name: 'test-encapsulated', up: ['--mode', 'encapsulated'], needsRoot: true },
  [...SIMULATOR_SCENARIOS, ...SCENARIOS.encapsulated],
);
