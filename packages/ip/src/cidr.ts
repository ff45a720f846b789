import {
  ADDRESS_BITS,
  addressFromValue,
  addressValue,
  compareAddresses,
  type IpAddress,
  type IpVersion,
  parseAddress,
  versionOf,
} from './address.ts';
import { IpError } from './error.ts';

/** Canonical CIDR text: host bits are zero. Made only by this package. */
export type Cidr = string & { readonly __brand: 'Cidr' };

/** An address together with the network it is configured in, like `192.0.2.10/24`. */
export interface InterfaceAddress {
  readonly address: IpAddress;
  readonly prefixLength: number;
  readonly network: Cidr;
}

/**
 * Parses a CIDR; the prefix length is required.
 *
 * @throws {IpError} `BAD_CIDR`; `HOST_BITS_SET`: an address inside the network
 *   was given, and the message names the network.
 */
export function parseCidr(text: string): Cidr {
  const { address, prefixLength, network } = parseInterfaceAddress(text);
  if (networkAddress(network) !== address) {
    throw new IpError('HOST_BITS_SET', `'${text}' has bits set beyond its prefix of ${prefixLength}: write ${network}`);
  }
  return network;
}

/** @throws {IpError} `BAD_CIDR` */
export function parseInterfaceAddress(text: string): InterfaceAddress {
  const match = /^([^/]+)\/(0|[1-9][0-9]{0,2})$/.exec(text);
  if (!match) throw new IpError('BAD_CIDR', `'${text}' is not a CIDR: write it as 192.0.2.0/24`);
  const address = readAddress(match[1] as string, text);
  const version = versionOf(address);
  const prefixLength = Number(match[2]);
  if (prefixLength > ADDRESS_BITS[version]) {
    throw new IpError('BAD_CIDR', `'${text}' has a prefix longer than ${ADDRESS_BITS[version]} bits`);
  }
  return { address, prefixLength, network: networkOf(address, prefixLength) };
}

/** The network of `prefixLength` bits that holds `address`. */
export function networkOf(address: IpAddress, prefixLength: number): Cidr {
  const version = versionOf(address);
  const hostBits = BigInt(ADDRESS_BITS[version] - prefixLength);
  const base = (addressValue(address) >> hostBits) << hostBits;
  return `${addressFromValue(version, base)}/${prefixLength}` as Cidr;
}

/** The CIDR of one address: /32 or /128. */
export function hostCidr(address: IpAddress): Cidr {
  return `${address}/${ADDRESS_BITS[versionOf(address)]}` as Cidr;
}

export function prefixLengthOf(cidr: Cidr): number {
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}

/** The first address of the network. */
export function networkAddress(cidr: Cidr): IpAddress {
  return cidr.slice(0, cidr.indexOf('/')) as IpAddress;
}

/** How many addresses the network has. */
export function cidrSize(cidr: Cidr): bigint {
  return 1n << BigInt(ADDRESS_BITS[versionOf(cidr)] - prefixLengthOf(cidr));
}

/** True when every address of `inner` (an address or a CIDR) is in `outer`. */
export function cidrContains(outer: Cidr, inner: Cidr | IpAddress): boolean {
  if (versionOf(outer) !== versionOf(inner)) return false;
  const slash = inner.indexOf('/');
  const outerLength = prefixLengthOf(outer);
  if (slash !== -1 && Number(inner.slice(slash + 1)) < outerLength) return false;
  const address = (slash === -1 ? inner : inner.slice(0, slash)) as IpAddress;
  const hostBits = BigInt(ADDRESS_BITS[versionOf(outer)] - outerLength);
  return addressValue(address) >> hostBits === addressValue(networkAddress(outer)) >> hostBits;
}

export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return cidrContains(a, b) || cidrContains(b, a);
}

/**
 * The address at `ordinal`, counted from 0.
 *
 * @throws {IpError} `OUT_OF_RANGE`
 */
export function addressAt(cidr: Cidr, ordinal: number | bigint): IpAddress {
  const offset = BigInt(ordinal);
  if (offset < 0n || offset >= cidrSize(cidr)) {
    throw new IpError('OUT_OF_RANGE', `${cidr} has no address number ${offset}`);
  }
  return addressFromValue(versionOf(cidr), addressValue(networkAddress(cidr)) + offset);
}

/**
 * The place of `address` in the network, counted from 0. The inverse of `addressAt`.
 *
 * @throws {IpError} `OUT_OF_RANGE`
 */
export function ordinalOf(cidr: Cidr, address: IpAddress): bigint {
  if (!cidrContains(cidr, address)) throw new IpError('OUT_OF_RANGE', `${address} is not in ${cidr}`);
  return addressValue(address) - addressValue(networkAddress(cidr));
}

/** How many subnets of `prefixLength` bits the network has; 0 when it is smaller than one. */
export function subnetCount(cidr: Cidr, prefixLength: number): bigint {
  const bits = prefixLength - prefixLengthOf(cidr);
  return bits < 0 ? 0n : 1n << BigInt(bits);
}

/** @throws {IpError} `OUT_OF_RANGE` */
export function subnetAt(cidr: Cidr, prefixLength: number, index: number | bigint): Cidr {
  const position = BigInt(index);
  if (position < 0n || position >= subnetCount(cidr, prefixLength)) {
    throw new IpError('OUT_OF_RANGE', `${cidr} has no /${prefixLength} number ${position}`);
  }
  const version = versionOf(cidr);
  const size = 1n << BigInt(ADDRESS_BITS[version] - prefixLength);
  const base = addressValue(networkAddress(cidr)) + position * size;
  return `${addressFromValue(version, base)}/${prefixLength}` as Cidr;
}

/**
 * The networks that cover `cidr` without any address of `excepts`, as few as
 * possible, in order. Exceptions outside `cidr` or of the other family change
 * nothing.
 */
export function subtractCidrs(cidr: Cidr, excepts: readonly Cidr[]): Cidr[] {
  const relevant = excepts.filter((except) => cidrsOverlap(cidr, except));
  if (relevant.length === 0) return [cidr];
  if (relevant.some((except) => cidrContains(except, cidr))) return [];
  const length = prefixLengthOf(cidr) + 1;
  return [0, 1].flatMap((half) => subtractCidrs(subnetAt(cidr, length, half), relevant));
}

/** Orders IPv4 before IPv6, then by first address, then the larger network first. */
export function compareCidrs(a: Cidr, b: Cidr): number {
  return compareAddresses(networkAddress(a), networkAddress(b)) || prefixLengthOf(a) - prefixLengthOf(b);
}

/** The netmask of an IPv4 prefix, like 255.255.255.0 for 24. */
export function ipv4Netmask(prefixLength: number): IpAddress {
  const version: IpVersion = 4;
  const hostBits = BigInt(ADDRESS_BITS[version] - prefixLength);
  return addressFromValue(version, ((1n << BigInt(prefixLength)) - 1n) << hostBits);
}

function readAddress(text: string, whole: string): IpAddress {
  try {
    return parseAddress(text);
  } catch (error) {
    throw new IpError('BAD_CIDR', `'${whole}' is not a CIDR: write it as 192.0.2.0/24`, { cause: error });
  }
}
