import { cidrContains, parseAddress, parseCidr } from '@margay/ip';
import { type DaemonSet, type IPPool, isReady, type Pod } from '@margay/model';

/** A pod of the test that answers. */
export interface Server {
  readonly node: string;
  readonly address: string;
}

/**
 * The servers of one DaemonSet, from its pods: every node that is to have one
 * has to have it. A pod that was never made is missing too, so the pods alone
 * do not tell.
 *
 * @throws {Error} one is missing or not ready, with the reason
 */
export function readyServers(daemonSet: DaemonSet, pods: readonly Pod[]): Server[] {
  const { metadata, status = {} } = daemonSet;
  const { desiredNumberScheduled: wanted } = status;
  if (wanted === undefined || (status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw new Error(`Kubernetes has not placed the DaemonSet ${metadata.name} yet`);
  }
  if (wanted === 0) throw new Error(`no node is to have a pod of ${metadata.name}: see nodeAgent.nodeSelector`);
  const current = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  const late = current.filter((pod) => !isReady(pod));
  const problems = [
    ...(current.length < wanted ? [`${metadata.name}: ${current.length} of ${wanted} pods are there`] : []),
    ...(late.length > 0 ? [`not ready: ${late.map(whyLate).join('; ')}`] : []),
  ];
  if (problems.length > 0) throw new Error(problems.join('; '));
  return current.map(({ spec, status: is }) => ({ node: spec?.nodeName ?? '', address: is?.podIP ?? '' }));
}

/**
 * Whether packets of a pod to another node's own address carry the address of
 * their node: by `natOutgoing`, and in an encapsulated pool always.
 *
 * @throws {Error} the address is in no pool
 */
export function goesAsNode(pools: readonly IPPool[], podAddress: string): boolean {
  const address = parseAddress(podAddress);
  const pool = pools.find(({ spec }) => cidrContains(parseCidr(spec.cidr), address));
  if (pool === undefined) throw new Error(`${podAddress} is in no pool`);
  return pool.spec.natOutgoing === true || (pool.spec.ipipMode ?? 'Never') !== 'Never';
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
