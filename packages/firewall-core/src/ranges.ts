import {
  addressFromValue,
  addressValue,
  type Cidr,
  type IpAddress,
  networkAddress,
  prefixLengthOf,
  versionOf,
} from '@margay/ip';

/**
 * IPv4 networks and addresses as disjoint ranges that do not touch, in order,
 * each as `first-last`. An interval set of the kernel refuses overlaps, and
 * would keep two parts where one covers both. IPv6 members are left out: pods
 * have IPv4 addresses only.
 */
export function mergeRanges(members: Iterable<Cidr | IpAddress>): string[] {
  const ranges: { first: bigint; last: bigint }[] = [];
  for (const member of members) {
    if (versionOf(member) !== 4) continue;
    const cidr = member.includes('/') ? (member as Cidr) : (`${member}/32` as Cidr);
    const first = addressValue(networkAddress(cidr));
    ranges.push({ first, last: first + (1n << BigInt(32 - prefixLengthOf(cidr))) - 1n });
  }
  ranges.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  const merged: { first: bigint; last: bigint }[] = [];
  for (const range of ranges) {
    const previous = merged.at(-1);
    if (previous && range.first <= previous.last + 1n) {
      if (range.last > previous.last) previous.last = range.last;
    } else {
      merged.push({ ...range });
    }
  }
  return merged.map(({ first, last }) => `${addressFromValue(4, first)}-${addressFromValue(4, last)}`);
}
