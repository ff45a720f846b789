import type { Pod } from '@margay/model';
import { isRunning, podAddress, podKey } from '../cluster/cluster-view.ts';

/** A connection that must work for the start to count as done. */
export interface Verification {
  readonly from: string;
  readonly node: string;
  readonly to: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'PROTOCOL_TCP' | 'PROTOCOL_ICMP';
}

/** Above this many pods a pod is not tried against each other one, but against so many. */
export const ALL_PAIRS_UP_TO = 100;
const NEIGHBOURS = 20;

/**
 * Every pair of running pods, at the target's first TCP port (or by ping where
 * it has none), and every pod to the outside host. With many pods each is
 * tried against a spread of others. Pure.
 */
export function planVerification(
  pods: readonly Pod[],
  outside: { readonly address: string; readonly port: number },
): Verification[] {
  const running = pods.filter(isRunning).toSorted((a, b) => (podKey(a) < podKey(b) ? -1 : 1));
  return running.flatMap((from, index) => {
    const own = { from: podKey(from), node: from.spec?.nodeName ?? '' };
    return [
      ...targetsOf(running, index).map((to) => ({
        ...own,
        to: podKey(to),
        address: podAddress(to),
        ...portOf(to),
      })),
      { ...own, to: outside.address, address: outside.address, port: outside.port, protocol: 'PROTOCOL_TCP' as const },
    ];
  });
}

function targetsOf(pods: readonly Pod[], index: number): Pod[] {
  if (pods.length <= ALL_PAIRS_UP_TO) return pods.filter((_, other) => other !== index);
  const step = Math.floor(pods.length / NEIGHBOURS);
  const chosen = Array.from({ length: NEIGHBOURS }, (_, turn) => (index + 1 + turn * step) % pods.length);
  return chosen.filter((other) => other !== index).flatMap((other) => pods[other] ?? []);
}

function portOf(pod: Pod): Pick<Verification, 'port' | 'protocol'> {
  const ports = pod.spec?.containers?.flatMap((container) => container.ports ?? []) ?? [];
  const tcp = ports.find(({ protocol }) => (protocol ?? 'TCP') === 'TCP');
  return tcp === undefined
    ? { port: 0, protocol: 'PROTOCOL_ICMP' }
    : { port: tcp.containerPort, protocol: 'PROTOCOL_TCP' };
}
