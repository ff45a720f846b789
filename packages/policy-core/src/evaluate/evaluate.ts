import { cidrContains, type IpAddress, parseInterfaceAddress, tryParseAddress } from '@margay/ip';
import type { Namespace, NetworkPolicy, Pod } from '@margay/model';
import { podAddress } from '../pod-facts.ts';
import { naiveSelectorMatches } from './naive-selector.ts';
import { understoodRules } from './understood.ts';

/** The objects that policy is made of. */
export interface Cluster {
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly policies: readonly NetworkPolicy[];
}

export type Peer = { readonly pod: { readonly namespace: string; readonly name: string } } | { readonly ip: string };

export interface Question {
  readonly from: Peer;
  readonly to: Peer;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  readonly port: number;
}

/** Whether a new connection passes, and why, by direction. */
export interface Verdict {
  readonly allowed: boolean;
  readonly ingress: DirectionVerdict;
  readonly egress: DirectionVerdict;
}

export interface DirectionVerdict {
  readonly allowed: boolean;
  /** A plain sentence. */
  readonly reason: string;
}

/**
 * Answers from the objects themselves whether a connection is allowed. The
 * reference for the compiler: it shares no code with it but the reading of an
 * address, looks at every policy for every question, and is slow.
 *
 * Rules are what NetworkPolicy's documentation says: a connection passes when
 * both the egress policies of its source and the ingress policies of its
 * destination allow it, and nothing stops a pod from reaching itself.
 */
export function evaluate(cluster: Cluster, { from, to, protocol, port }: Question): Verdict {
  const source = resolve(cluster, from);
  const destination = resolve(cluster, to);
  if (source.pod !== undefined && source.pod === destination.pod) {
    const self = { allowed: true, reason: 'A pod always reaches itself.' };
    return { allowed: true, ingress: self, egress: self };
  }
  const ask = { cluster, protocol, port };
  const egress = decide({ ...ask, subject: source, peer: destination, direction: 'egress' });
  const ingress = decide({ ...ask, subject: destination, peer: source, direction: 'ingress' });
  return { allowed: egress.allowed && ingress.allowed, ingress, egress };
}

interface Party {
  /** Absent for addresses outside, and for pods in the host's network. */
  readonly pod?: Pod;
  readonly address?: IpAddress;
}

function resolve({ pods }: Cluster, peer: Peer): Party {
  if ('ip' in peer) {
    const address = tryParseAddress(peer.ip);
    const pod = pods.find((candidate) => isWorkload(candidate) && address && podAddress(candidate) === address);
    return { ...(pod ? { pod } : {}), ...(address ? { address } : {}) };
  }
  const { namespace, name } = peer.pod;
  const pod = pods.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  const address = pod && podAddress(pod);
  const party = address ? { address } : {};
  return pod && isWorkload(pod) ? { ...party, pod } : party;
}

function isWorkload({ spec, status }: Pod): boolean {
  return spec?.hostNetwork !== true && status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

interface Ask {
  readonly cluster: Cluster;
  readonly subject: Party;
  readonly peer: Party;
  readonly direction: 'ingress' | 'egress';
  readonly protocol: string;
  readonly port: number;
}

function decide({ cluster, subject, peer, direction, protocol, port }: Ask): DirectionVerdict {
  const { pod } = subject;
  if (pod === undefined) return { allowed: true, reason: `No policy applies to the ${direction} of an address.` };
  const isolating = cluster.policies.filter(
    (policy) =>
      policy.metadata.namespace === pod.metadata.namespace &&
      understoodRules(policy).selects(pod.metadata.labels ?? {}) &&
      understoodRules(policy).isolates(direction),
  );
  if (isolating.length === 0) return { allowed: true, reason: `No policy isolates the pod for ${direction}.` };
  for (const policy of isolating) {
    for (const { index, peers, ports } of understoodRules(policy).rules(direction)) {
      const peerMatches =
        peers.length === 0 || peers.some((candidate) => matchesPeer({ cluster, policy, peer, candidate }));
      const portMatches =
        ports.length === 0 ||
        ports.some((match) => (match.protocol ?? 'TCP') === protocol && (match.port ?? port) === port);
      if (peerMatches && portMatches) {
        return { allowed: true, reason: `${nameOf(policy)} allows it by spec.${direction}[${index}].` };
      }
    }
  }
  const names = isolating.map(nameOf).sort().join(', ');
  return { allowed: false, reason: `${names} isolates the pod for ${direction}, and no rule allows this.` };
}

interface PeerQuestion {
  readonly cluster: Cluster;
  readonly policy: NetworkPolicy;
  readonly peer: Party;
  readonly candidate: NonNullable<NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>[0]['from']>[0];
}

function matchesPeer({ cluster, policy, peer, candidate }: PeerQuestion): boolean {
  const { ipBlock, namespaceSelector, podSelector } = candidate;
  if (peer.address === undefined) return false;
  const { address, pod } = peer;
  if (ipBlock) {
    const inside = (cidr: string): boolean => cidrContains(parseInterfaceAddress(cidr).network, address);
    return inside(ipBlock.cidr) && !(ipBlock.except ?? []).some(inside);
  }
  if (pod === undefined) return false;
  if (podSelector && !naiveSelectorMatches(podSelector, pod.metadata.labels ?? {})) return false;
  if (!namespaceSelector) return pod.metadata.namespace === policy.metadata.namespace;
  const namespace = cluster.namespaces.find(({ metadata }) => metadata.name === pod.metadata.namespace);
  return namespace !== undefined && naiveSelectorMatches(namespaceSelector, namespace.metadata.labels ?? {});
}

function nameOf({ metadata }: NetworkPolicy): string {
  return `NetworkPolicy ${metadata.namespace}/${metadata.name}`;
}
