import { IpError } from './error.ts';

/**
 * Canonical address text: dotted decimal without leading zeros for IPv4, the
 * form of RFC 5952 for IPv6. Made only by this package, so that equal
 * addresses are equal strings.
 */
export type IpAddress = string & { readonly __brand: 'IpAddress' };

export type IpVersion = 4 | 6;

/** Width of an address, in bits. */
export const ADDRESS_BITS = { 4: 32, 6: 128 } as const satisfies Record<IpVersion, number>;

/**
 * Parses an IPv4 or IPv6 address. Strict: four decimal parts without leading
 * zeros for IPv4; no zone and no surrounding space for IPv6.
 *
 * @throws {IpError} `BAD_ADDRESS`
 */
export function parseAddress(text: string): IpAddress {
  const version = text.includes(':') ? 6 : 4;
  const value = version === 4 ? readIpv4(text) : readIpv6(text);
  if (value === undefined) {
    throw new IpError('BAD_ADDRESS', `'${text}' is not an IP address: write it as 192.0.2.1 or 2001:db8::1`);
  }
  return addressFromValue(version, value);
}

/** Like `parseAddress`, for text that may not be an address at all. */
export function tryParseAddress(text: string): IpAddress | undefined {
  const version = text.includes(':') ? 6 : 4;
  const value = version === 4 ? readIpv4(text) : readIpv6(text);
  return value === undefined ? undefined : addressFromValue(version, value);
}

/** The family of a canonical address or CIDR. */
export function versionOf(text: string): IpVersion {
  return text.includes(':') ? 6 : 4;
}

/** The address as an unsigned number of 32 or 128 bits. */
export function addressValue(address: IpAddress): bigint {
  const value = versionOf(address) === 4 ? readIpv4(address) : readIpv6(address);
  if (value === undefined) throw new IpError('BAD_ADDRESS', `'${address}' is not canonical`);
  return value;
}

/** @throws {IpError} `OUT_OF_RANGE`: the value does not fit the family. */
export function addressFromValue(version: IpVersion, value: bigint): IpAddress {
  if (value < 0n || value >> BigInt(ADDRESS_BITS[version]) !== 0n) {
    throw new IpError('OUT_OF_RANGE', `${value} is not the value of an IPv${version} address`);
  }
  return (version === 4 ? writeIpv4(Number(value)) : writeIpv6(value)) as IpAddress;
}

/** An IPv4 address as an unsigned 32-bit number: the fast path of the data plane. */
export function ipv4Number(address: IpAddress): number {
  if (versionOf(address) !== 4) throw new IpError('FAMILY_MISMATCH', `${address} is not IPv4`);
  return Number(addressValue(address));
}

/** Network byte order: 4 or 16 bytes. */
export function addressBytes(address: IpAddress): Uint8Array {
  const length = ADDRESS_BITS[versionOf(address)] / 8;
  const bytes = new Uint8Array(length);
  let rest = addressValue(address);
  for (let index = length - 1; index >= 0; index--) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** @throws {IpError} `BAD_ADDRESS`: neither 4 nor 16 bytes. */
export function addressFromBytes(bytes: Uint8Array): IpAddress {
  if (bytes.length !== 4 && bytes.length !== 16) {
    throw new IpError('BAD_ADDRESS', `an address has 4 or 16 bytes, not ${bytes.length}`);
  }
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  return addressFromValue(bytes.length === 4 ? 4 : 6, value);
}

/** Orders IPv4 before IPv6, then by value. */
export function compareAddresses(a: IpAddress, b: IpAddress): number {
  const family = versionOf(a) - versionOf(b);
  if (family !== 0) return family;
  const left = addressValue(a);
  const right = addressValue(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

function readIpv4(text: string): bigint | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let value = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9][0-9]{0,2})$/.test(part)) return undefined;
    const byte = Number(part);
    if (byte > 255) return undefined;
    value = value * 256 + byte;
  }
  return BigInt(value);
}

function writeIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

function readIpv6(text: string): bigint | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? readGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...new Array<number>(missing).fill(0), ...tail];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

/** The 16-bit groups of one side of `::`; the last may be dotted decimal where `endsAddress`. */
function readGroups(text: string, endsAddress: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (endsAddress && index === parts.length - 1 && part.includes('.')) {
      const value = readIpv4(part);
      if (value === undefined) return undefined;
      groups.push(Number(value >> 16n), Number(value & 0xffffn));
    } else {
      if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
      groups.push(Number.parseInt(part, 16));
    }
  }
  return groups;
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups as `::`. */
function writeIpv6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (part: number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.start === -1) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}
