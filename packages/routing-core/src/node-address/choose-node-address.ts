import { cidrContains, type IpAddress, versionOf } from '@margay/ip';
import { RoutingError } from '../error.ts';
import type { Underlay } from '../plan-network.ts';
import {
  type Candidate,
  candidatesOf,
  describeInterfaces,
  type InterfaceCandidate,
  mayBeFirstFound,
} from './candidates.ts';
import type { DetectionMethod } from './detection-method.ts';

export interface NodeAddressQuestion {
  readonly method: DetectionMethod;
  readonly interfaces: readonly InterfaceCandidate[];
  /** Addresses of type InternalIP in the Node's status. */
  readonly internalAddresses: readonly IpAddress[];
  /** The address that the node has now. */
  readonly current?: IpAddress;
}

export interface NodeAddress extends Underlay {
  readonly prefixLength: number;
}

/**
 * Finds the IPv4 address, and its interface, by which other nodes reach this
 * one. Pure; the same input gives the same answer in any order.
 *
 * - `kubernetes-internal-ip`: the first InternalIP of the Node that an
 *   interface of this machine holds and that is up.
 * - `first-found`: the first address of an interface that is not a container
 *   runtime's or another network's.
 * - `interface`: the first address of an interface whose name matches.
 * - `cidr`: the first address in one of the networks.
 *
 * The last three stay with the address that the node has, as long as the
 * method allows it: an interface that comes later does not move the node.
 *
 * @throws {RoutingError} `NO_NODE_ADDRESS`, and the message says what was
 *   looked for and what was there.
 */
export function chooseNodeAddress(question: NodeAddressQuestion): NodeAddress {
  const { interfaces } = question;
  const { link, entry } = choose(question, candidatesOf(interfaces));
  const { address, prefixLength, network } = entry;
  return { device: link.name, address, prefixLength, subnet: network, mtuBytes: link.mtuBytes };
}

function choose(question: NodeAddressQuestion, candidates: readonly Candidate[]): Candidate {
  const { method, interfaces, current } = question;
  if (method.kind === 'kubernetes-internal-ip') return internal(question, candidates);
  const { allowed, wanted } = allowedBy(method, candidates);
  const found = allowed.find(({ entry }) => entry.address === current) ?? allowed[0];
  if (found) return found;
  throw noAddress(wanted, interfaces);
}

function internal({ interfaces, internalAddresses }: NodeAddressQuestion, candidates: readonly Candidate[]): Candidate {
  const wanted = internalAddresses.filter((address) => versionOf(address) === 4);
  if (wanted.length === 0) {
    throw new RoutingError('NO_NODE_ADDRESS', 'the Node has no IPv4 address of type InternalIP in its status');
  }
  for (const address of wanted) {
    const found = candidates.find(({ entry }) => entry.address === address);
    if (found) return found;
  }
  throw noAddress(`that is up holds ${wanted.join(' or ')}`, interfaces);
}

function allowedBy(
  method: Exclude<DetectionMethod, { readonly kind: 'kubernetes-internal-ip' }>,
  candidates: readonly Candidate[],
): { readonly allowed: readonly Candidate[]; readonly wanted: string } {
  switch (method.kind) {
    case 'first-found':
      return { allowed: candidates.filter(mayBeFirstFound), wanted: 'that is up and usable has an IPv4 address' };
    case 'interface':
      return {
        allowed: candidates.filter(({ link }) => method.patterns.some((pattern) => pattern.test(link.name))),
        wanted: `that is up and has an IPv4 address matches ${method.patterns.map(({ source }) => source).join(' or ')}`,
      };
    case 'cidr':
      return {
        allowed: candidates.filter(({ entry }) => method.cidrs.some((cidr) => cidrContains(cidr, entry.address))),
        wanted: `that is up has an address in ${method.cidrs.join(' or ')}`,
      };
  }
}

function noAddress(wanted: string, interfaces: readonly InterfaceCandidate[]): RoutingError {
  return new RoutingError(
    'NO_NODE_ADDRESS',
    `no interface ${wanted}; this machine has ${describeInterfaces(interfaces)}`,
  );
}
