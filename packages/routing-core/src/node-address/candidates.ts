import { type Cidr, cidrContains, compareAddresses, type InterfaceAddress, parseCidr, versionOf } from '@margay/ip';
import { POD_LINK_PREFIX } from '../tunnel.ts';

/** An interface of the node, as far as the choice needs it. */
export interface InterfaceCandidate {
  /** The kernel's number: a later interface has a higher one. */
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  readonly mtuBytes: number;
  readonly addresses: readonly InterfaceAddress[];
}

/** An address that the node could be reached by, and its interface. */
export interface Candidate {
  readonly link: InterfaceCandidate;
  readonly entry: InterfaceAddress;
}

/** Interfaces that belong to container runtimes and other networks. Source: Calico's list for `first-found`. */
const NOT_FIRST_FOUND =
  /^(docker|cbr|dummy|podman|virbr|lxcbr|veth|lo|br-|cali|tunl|flannel|kube-ipvs|cni|vxlan\.calico|vxlan-v6\.calico|wireguard\.cali|wg-v6\.cali|nodelocaldns)/;

/** Loopback, link-local, multicast and reserved: no other node can use them. Source: RFC 6890, RFC 1112. */
const NOT_GLOBAL: readonly Cidr[] = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'].map(parseCidr);

/**
 * IPv4 addresses of interfaces that are up, except Margay's own devices:
 * interfaces from the highest index down, as Calico walks them, addresses in
 * the kernel's order. Unlike Calico, an interface that is down does not count.
 */
export function candidatesOf(interfaces: readonly InterfaceCandidate[]): Candidate[] {
  return interfaces
    .filter(({ name, up }) => up && !name.startsWith('margay.') && !name.startsWith(POD_LINK_PREFIX))
    .toSorted((a, b) => b.index - a.index)
    .flatMap((link) => link.addresses.filter(isGlobal).map((entry) => ({ link, entry })));
}

export function mayBeFirstFound({ link }: Candidate): boolean {
  return !NOT_FIRST_FOUND.test(link.name);
}

/** What this machine has, for an error message. */
export function describeInterfaces(interfaces: readonly InterfaceCandidate[]): string {
  const held = interfaces
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(({ name, up, addresses }) =>
      addresses
        .filter(({ address }) => versionOf(address) === 4)
        .toSorted((a, b) => compareAddresses(a.address, b.address))
        .map(({ address }) => `${address} on ${name}${up ? '' : ' (down)'}`),
    );
  return held.length === 0 ? 'no IPv4 address at all' : held.join(', ');
}

function isGlobal({ address }: InterfaceAddress): boolean {
  return versionOf(address) === 4 && !NOT_GLOBAL.some((network) => cidrContains(network, address));
}
