import { podHandle } from '@margay/ipam-core';
import type { PodLinks } from '@margay/ports';
import { statusOf } from '@margay/wire';
import type { Dataplane } from '../dataplane/dataplane.ts';
import { linkSpecOf } from '../endpoints/endpoint-record.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import type { AddressSource } from '../ipam/address-source.ts';
import type { PodAddresses } from '../ipam/pod-addresses.ts';
import { CNI_CODE, CniError, reasonOf } from './cni-error.ts';
import type { CniEnvironment } from './environment.ts';
import type { NetworkConfiguration } from './network-configuration.ts';

export interface CheckParts {
  readonly endpoints: EndpointStore;
  readonly podLinks: PodLinks;
  readonly dataplane: Dataplane;
  readonly addresses: AddressSource;
  readonly podAddresses: Pick<PodAddresses, 'told'>;
  readonly timeoutMs: number;
}

/**
 * CHECK: everything that ADD made is still there. Other addresses and routes
 * of the pod are not looked at. With IPAM away the address is believed; a
 * refusal is not.
 *
 * @throws {CniError} 7: no `prevResult`; 100: what is missing
 */
export async function checkPod(
  { containerId, ifname, netns }: CniEnvironment,
  { prevResult }: NetworkConfiguration,
  parts: CheckParts,
): Promise<void> {
  if (!prevResult) throw new CniError(CNI_CODE.invalidNetworkConfig, 'CHECK needs prevResult, the result of ADD');
  const record = parts.endpoints.get(containerId);
  if (!record || record.ifname !== ifname) {
    throw failed(`container ${containerId} has no interface ${ifname} on this node`);
  }
  if (!hasAddress(prevResult, record.address))
    throw failed(`prevResult does not have ${record.address}, the address of the pod`);
  const problems = await parts.podLinks.check({ ...linkSpecOf(record), namespacePath: netns });
  if (problems.length > 0) throw failed(problems.join('; '));
  const { problem } = await parts.dataplane.pass({ verify: true });
  if (!parts.dataplane.holds(record)) {
    throw failed(`the kernel does not hold the pod's route and policy: ${problem ?? 'its policy is not known'}`);
  }
  await checkReservation(containerId, record.address, parts);
}

/** Asked for the same handle, IPAM gives the address it has; one that it has to make up is given back. */
async function checkReservation(
  containerId: string,
  address: string,
  { addresses, podAddresses, timeoutMs }: CheckParts,
): Promise<void> {
  const handle = podHandle(containerId);
  let reserved: string;
  try {
    const request = { handle, use: 'USE_WORKLOAD', attributes: { type: 'pod' } } as const;
    const within = AbortSignal.timeout(timeoutMs);
    await podAddresses.told(containerId, within);
    reserved = await addresses.assign(request, within);
  } catch (error) {
    if (statusOf(error) === 'UNAVAILABLE' || isTimeout(error)) return;
    throw failed(`IPAM does not confirm ${address}: ${reasonOf(error)}`);
  }
  if (reserved === address) return;
  await addresses.release(handle);
  throw failed(`${address} is no longer reserved for the pod`);
}

/** IPAM was not reached, or it would have said. */
function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

function hasAddress(result: Readonly<Record<string, unknown>>, address: string): boolean {
  const ips: unknown = result.ips;
  if (!Array.isArray(ips)) return false;
  return ips.some((ip: unknown) => {
    const text: unknown = (ip as { address?: unknown } | null)?.address;
    return typeof text === 'string' && text.split('/')[0] === address;
  });
}

function failed(reason: unknown): CniError {
  return new CniError(CNI_CODE.checkFailed, reasonOf(reason));
}
