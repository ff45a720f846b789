import { AGENT_SCENARIOS } from './definitions/agents.ts';
import { CONVERGENCE_SCENARIOS, NODE_LIFECYCLE_SCENARIOS } from './definitions/convergence.ts';
import { DIRECT_SCENARIOS, ENCAPSULATED_SCENARIOS } from './definitions/modes.ts';
import { NAT_SCENARIOS } from './definitions/nat.ts';
import { POD_SCENARIOS, UNSERVED_PORT } from './definitions/pods.ts';
import { POLICY_SCENARIOS } from './definitions/policy.ts';
import { POOL_EDIT_SCENARIOS } from './definitions/pools.ts';
import type { Scenario } from './scenario.ts';

// The claims that every kind of cluster is held to: the simulator's tests run
// them on simulations, and e2e on real Kubernetes.

export * from './cluster.ts';
export { Conversation } from './definitions/conversation.ts';
export { namespace, pod } from './manifests.ts';
export { pods, type RunningPod } from './pods-of.ts';
export { eventually, PATIENCE_MS, runScenario, type Scenario, type Step } from './scenario.ts';
export * from './steps.ts';

/** By how packets travel between nodes, in the order in which they are run. Each claim is in one mode where modes do not matter. */
export const SCENARIOS = {
  encapsulated: [
    ...ENCAPSULATED_SCENARIOS,
    ...POD_SCENARIOS,
    ...POLICY_SCENARIOS,
    ...POOL_EDIT_SCENARIOS,
    ...NAT_SCENARIOS,
    ...AGENT_SCENARIOS,
    ...NODE_LIFECYCLE_SCENARIOS,
    ...CONVERGENCE_SCENARIOS,
  ],
  direct: [...DIRECT_SCENARIOS, ...POLICY_SCENARIOS.slice(0, 2), ...CONVERGENCE_SCENARIOS],
} as const satisfies Record<string, readonly Scenario[]>;

/** Of the simulator's own kubelet; the real one does not look whether the kernel can serve a declared port. */
export const SIMULATOR_SCENARIOS: readonly Scenario[] = [UNSERVED_PORT];

export type ScenarioMode = keyof typeof SCENARIOS;
