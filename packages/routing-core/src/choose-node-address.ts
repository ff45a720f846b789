import { compareAddresses, type InterfaceAddress, type IpAddress, versionOf } from '@margay/ip';
import { RoutingError } from './error.ts';
import type { Underlay } from './plan-network.ts';

/** An interface of the node, as far as the choice needs it. */
export interface InterfaceCandidate {
  readonly name: string;
  readonly up: boolean;
  readonly mtuBytes: number;
  readonly addresses: readonly InterfaceAddress[];
}

export interface NodeAddressQuestion {
  /** `kubernetes-internal-ip` is the only method so far. */
  readonly method: string;
  readonly interfaces: readonly InterfaceCandidate[];
  /** Addresses of type InternalIP in the Node's status. */
  readonly internalAddresses: readonly IpAddress[];
}

export interface NodeAddress extends Underlay {
  readonly prefixLength: number;
}

/** Throws unless `method` is one that this version knows. @throws {RoutingError} `UNKNOWN_METHOD` */
export function checkDetectionMethod(method: string): void {
  if (method === 'kubernetes-internal-ip') return;
  throw new RoutingError(
    'UNKNOWN_METHOD',
    `interface detection method '${method}' is not known: use kubernetes-internal-ip`,
  );
}

/**
 * Finds the IPv4 address, and its interface, by which other nodes reach this
 * one. Pure; the same input gives the same answer in any order.
 *
 * `kubernetes-internal-ip`: the first InternalIP of the Node that an interface
 * of this machine holds and that is up.
 *
 * @throws {RoutingError} `UNKNOWN_METHOD`; `NO_NODE_ADDRESS`, and the message
 *   says what was looked for and what was there.
 */
export function chooseNodeAddress({ method, interfaces, internalAddresses }: NodeAddressQuestion): NodeAddress {
  checkDetectionMethod(method);
  const wanted = internalAddresses.filter((address) => versionOf(address) === 4);
  if (wanted.length === 0) {
    throw new RoutingError('NO_NODE_ADDRESS', 'the Node has no IPv4 address of type InternalIP in its status');
  }
  const candidates = interfaces.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  for (const address of wanted) {
    for (const candidate of candidates) {
      const found = candidate.up && candidate.addresses.find((entry) => entry.address === address);
      if (!found) continue;
      const { prefixLength, network } = found;
      return { device: candidate.name, address, prefixLength, subnet: network, mtuBytes: candidate.mtuBytes };
    }
  }
  throw new RoutingError(
    'NO_NODE_ADDRESS',
    `no interface that is up holds ${wanted.join(' or ')}; this machine has ${describe(candidates)}`,
  );
}

function describe(candidates: readonly InterfaceCandidate[]): string {
  const held = candidates.flatMap(({ name, up, addresses }) =>
    addresses
      .filter(({ address }) => versionOf(address) === 4)
      .toSorted((a, b) => compareAddresses(a.address, b.address))
      .map(({ address }) => `${address} on ${name}${up ? '' : ' (down)'}`),
  );
  return held.length === 0 ? 'no IPv4 address at all' : held.join(', ');
}
