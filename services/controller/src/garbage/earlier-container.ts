import type { IpAddress } from '@margay/ip';
import { podHandle } from '@margay/ipam-core';
import { ANNOTATION, type Pod } from '@margay/model';

/** So much do the clocks of the IPAM service's processes differ at most, milliseconds. */
const CLOCK_MARGIN_MS = 60_000;

/** An address that was given to some container of a pod. */
export interface GivenAddress {
  readonly address: IpAddress;
  readonly handle: string;
  /** Milliseconds since 1970; undefined when that was not noted. */
  readonly allocatedAtMs: number | undefined;
}

/**
 * Whether the address belongs to a container that a later one of the same pod
 * has replaced. The Pod names its container (an annotation of its node's
 * agent), but late, and perhaps not at all while the API is away: another
 * container than the named one may be the newer. So all of this must hold:
 * the named container has an address itself, the other one's was given well
 * before it, and the kubelet does not report it as the pod's.
 *
 * @param given when each handle got its address, milliseconds since 1970
 */
export function isOfEarlierContainer(
  { address, handle, allocatedAtMs }: GivenAddress,
  pod: Pod,
  given: ReadonlyMap<string, number>,
): boolean {
  const containerId = pod.metadata.annotations?.[ANNOTATION.podContainerId] ?? '';
  if (containerId === '' || !handle.startsWith(podHandle('')) || handle === podHandle(containerId)) return false;
  const { podIP, podIPs = [] } = pod.status ?? {};
  if (podIP === address || podIPs.some(({ ip }) => ip === address)) return false;
  const namedSinceMs = given.get(podHandle(containerId));
  if (allocatedAtMs === undefined || namedSinceMs === undefined) return false;
  return namedSinceMs - allocatedAtMs >= CLOCK_MARGIN_MS;
}
