import { SCENARIOS } from '../src/scenarios/index.ts';
import { describeScenarios } from './run-scenarios.ts';

await describeScenarios('direct mode', { name: 'test-direct', up: ['--mode', 'direct'] }, SCENARIOS.direct);
