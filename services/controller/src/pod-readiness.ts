import type { Pod } from '@margay/model';

/** Whether the kubelet says that a pod is ready. */
export function isPodReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true;
}
