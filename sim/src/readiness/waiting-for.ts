import { isReady, type Node, type Pod } from '@margay/model';
import { isRunning, podKey } from '../cluster/cluster-view.ts';
import type { ProcessState } from '../supervisor/process-spec.ts';

export interface ClusterState {
  /** False until the API server has answered whole lists. */
  readonly apiAnswers: boolean;
  /** Nodes that have a machine. */
  readonly expectedNodes: readonly string[];
  /** Pods, namespace/name, that the topology asks for and that are not created yet. */
  readonly missingPods: readonly string[];
  readonly nodes: readonly Node[];
  readonly pods: readonly Pod[];
  readonly processes: readonly ProcessState[];
}

/** Why the cluster is not ready, one sentence each; empty when it is. Pure. */
export function waitingFor(state: ClusterState): string[] {
  const processes = state.processes
    .filter(({ pid }) => pid === 0)
    .map(({ spec, lastEnd }) => `Process ${spec.name} is down: ${lastEnd || 'it has not started yet'}.`);
  if (!state.apiAnswers) return [...processes, 'The API server does not answer yet.'];
  const present = new Map(state.nodes.map((node) => [node.metadata.name, node]));
  const nodes = state.expectedNodes.flatMap((name) => nodeReason(name, present.get(name)));
  const missing = state.missingPods.map((name) => `Pod ${name} is not created yet.`);
  return [...processes, ...nodes, ...missing, ...state.pods.flatMap(podReason)];
}

function nodeReason(name: string, node: Node | undefined): string[] {
  if (node === undefined) return [`Node ${name} is not registered yet.`];
  if (isReady(node)) return [];
  const condition = node.status?.conditions?.find(({ type }) => type === 'Ready');
  return [`Node ${name} is not Ready${because(condition?.message ?? condition?.reason)}.`];
}

/** A pod that has ended, or is on its way out, keeps nobody waiting. */
function podReason(pod: Pod): string[] {
  const phase = pod.status?.phase ?? 'Pending';
  if (phase === 'Succeeded' || phase === 'Failed' || isRunning(pod)) return [];
  if (pod.metadata.deletionTimestamp !== undefined) return [];
  if (!pod.spec?.nodeName) return [`Pod ${podKey(pod)} has no node yet: no Ready node fits.`];
  return [
    `Pod ${podKey(pod)} is ${phase}${because(pod.status?.message ?? containerReason(pod) ?? pod.status?.reason)}.`,
  ];
}

function containerReason(pod: Pod): string | undefined {
  const statuses = pod.status?.containerStatuses as { state?: { waiting?: { message?: string } } }[] | undefined;
  return statuses?.find(({ state }) => state?.waiting?.message)?.state?.waiting?.message;
}

function because(reason: string | undefined): string {
  return reason ? `: ${reason.replace(/\.$/, '')}` : '';
}
