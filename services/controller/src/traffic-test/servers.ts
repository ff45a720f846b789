import { cidrContains, parseAddress, parseCidr } from '@margay/ip';
import { type IPPool, isReady, type Pod } from '@margay/model';

/** A pod of the test that answers. */
export interface Server {
  readonly node: string;
  readonly address: string;
}

/**
 * The servers among pods of one DaemonSet: every node that was given one has
 * to have it.
 *
 * @throws {Error} one is not ready, with the reason
 */
export function readyServers(pods: readonly Pod[], component: string): Server[] {
  const current = pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (current.length === 0) throw new Error(`there is no pod of ${component}`);
  const late = current.filter((pod) => !isReady(pod));
  if (late.length > 0) throw new Error(`not ready: ${late.map(whyLate).join('; ')}`);
  return current.map(({ spec, status }) => ({ node: spec?.nodeName ?? '', address: status?.podIP ?? '' }));
}

/**
 * Whether packets of a pod to the outside carry its node's address.
 *
 * @throws {Error} the address is in no pool
 */
export function hasNat(pools: readonly IPPool[], podAddress: string): boolean {
  const address = parseAddress(podAddress);
  const pool = pools.find(({ spec }) => cidrContains(parseCidr(spec.cidr), address));
  if (pool === undefined) throw new Error(`${podAddress} is in no pool`);
  return pool.spec.natOutgoing === true;
}

function whyLate({ spec, status }: Pod): string {
  const [container] = (status?.containerStatuses ?? []) as readonly {
    readonly state?: { readonly waiting?: { readonly reason?: string; readonly message?: string } };
  }[];
  const { reason, message } = container?.state?.waiting ?? {};
  const condition = status?.conditions?.find(({ status: is, message: said }) => is === 'False' && said !== undefined);
  const why = [reason, message ?? condition?.message].filter((text) => text !== undefined).join(': ');
  return `${spec?.nodeName ?? 'on no node'} (${why === '' ? 'no reason is known' : why})`;
}
