import { isReady, type Node, type Pod } from '@margay/model';

export interface Binding {
  readonly namespace: string;
  readonly pod: string;
  readonly node: string;
}

/**
 * Chooses a node for every pod that has none: of the Ready nodes that match
 * the pod's nodeSelector and take new pods, the one with the fewest pods, and
 * of equals the first by name. Pods that fit nowhere are left out, until a
 * node changes.
 *
 * Pure, and independent of input order: older pods go first, then by name.
 */
export function planBindings(pods: readonly Pod[], nodes: readonly Node[]): Binding[] {
  const open = nodes.filter(takesPods).toSorted((a, b) => compare(a.metadata.name, b.metadata.name));
  const load = new Map(open.map((node) => [node.metadata.name, 0]));
  for (const pod of pods) {
    const node = pod.spec?.nodeName;
    const count = node === undefined || isOver(pod) ? undefined : load.get(node);
    if (node !== undefined && count !== undefined) load.set(node, count + 1);
  }
  const bindings: Binding[] = [];
  for (const pod of pods.filter(waitsForNode).toSorted(byAge)) {
    const fitting = open.filter((node) => matches(pod, node));
    const node = fitting.reduce<Node | undefined>(
      (best, candidate) => (best === undefined || loadOf(candidate) < loadOf(best) ? candidate : best),
      undefined,
    );
    if (node === undefined) continue;
    load.set(node.metadata.name, loadOf(node) + 1);
    bindings.push({
      namespace: pod.metadata.namespace ?? 'default',
      pod: pod.metadata.name,
      node: node.metadata.name,
    });
  }
  return bindings;

  function loadOf(node: Node): number {
    return load.get(node.metadata.name) ?? 0;
  }
}

function takesPods(node: Node): boolean {
  return isReady(node) && node.spec?.unschedulable !== true && node.metadata.deletionTimestamp === undefined;
}

function waitsForNode(pod: Pod): boolean {
  return !pod.spec?.nodeName && pod.metadata.deletionTimestamp === undefined && !isOver(pod);
}

function isOver(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Kubernetes: a pod fits a node that has every label of its nodeSelector. */
function matches(pod: Pod, node: Node): boolean {
  const labels: Record<string, string> = { 'kubernetes.io/hostname': node.metadata.name, ...node.metadata.labels };
  return Object.entries(pod.spec?.nodeSelector ?? {}).every(([key, value]) => labels[key] === value);
}

function byAge(a: Pod, b: Pod): number {
  return (
    compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') ||
    compare(a.metadata.namespace ?? '', b.metadata.namespace ?? '') ||
    compare(a.metadata.name, b.metadata.name)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
