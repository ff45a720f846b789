import type { Condition } from './kubernetes.ts';

/** Whether a pod's or a node's condition Ready is True, as its kubelet says. */
export function isReady({ status }: { readonly status?: { readonly conditions?: readonly Condition[] } }): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}
