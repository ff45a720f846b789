export { type CompilerCounts, type NamespacedName, PolicyCompiler } from './compiler/policy-compiler.ts';
export { type Cluster, evaluate, type Peer, type Question, type Verdict } from './evaluate/evaluate.ts';
export { podAddress } from './pod-facts.ts';
export type { PolicyProblem } from './problem.ts';
