import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressFromValue } from './address.ts';
import {
  addressAt,
  type Cidr,
  cidrContains,
  cidrSize,
  networkOf,
  ordinalOf,
  parseCidr,
  subnetAt,
  subnetCount,
  subtractCidrs,
} from './cidr.ts';

const ipv4Cidr = (minLength = 0) =>
  fc
    .tuple(fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), fc.integer({ min: minLength, max: 32 }))
    .map(([value, length]) => networkOf(addressFromValue(4, value), length));

describe('parseCidr', () => {
  it('names the network when host bits are set', () => {
    expect(() => parseCidr('192.0.2.7/24')).toThrow(
      "'192.0.2.7/24' has bits set beyond its prefix of 24: write 192.0.2.0/24",
    );
  });

  it.each(['192.0.2.0', '192.0.2.0/33', '192.0.2.0/-1', '192.0.2.0/08', '/24', '2001:db8::/129'])(
    'refuses %s',
    (text) => {
      expect(() => parseCidr(text)).toThrow();
    },
  );
});

describe('ordinalOf', () => {
  it('is the inverse of addressAt', () => {
    fc.assert(
      fc.property(ipv4Cidr(8), fc.bigInt({ min: 0n, max: 2n ** 24n - 1n }), (cidr, offset) => {
        const ordinal = offset % cidrSize(cidr);
        expect(ordinalOf(cidr, addressAt(cidr, ordinal))).toBe(ordinal);
      }),
    );
  });
});

describe('subnetAt', () => {
  it('splits a network without overlap or gap', () => {
    const pool = parseCidr('10.8.0.0/22');
    const blocks = Array.from({ length: Number(subnetCount(pool, 24)) }, (_, index) => subnetAt(pool, 24, index));
    expect(blocks).toEqual(['10.8.0.0/24', '10.8.1.0/24', '10.8.2.0/24', '10.8.3.0/24']);
    expect(subnetCount(pool, 21)).toBe(0n);
  });
});

describe('subtractCidrs', () => {
  it('keeps exactly the addresses outside the exceptions', () => {
    fc.assert(
      fc.property(ipv4Cidr(), fc.array(ipv4Cidr(), { maxLength: 4 }), ipv4Cidr(32), (cidr, excepts, address) => {
        const wanted = cidrContains(cidr, address) && !excepts.some((except) => cidrContains(except, address));
        const rest: Cidr[] = subtractCidrs(cidr, excepts);
        expect(rest.filter((part) => cidrContains(part, address)).length).toBe(wanted ? 1 : 0);
      }),
    );
  });

  it('needs one network less for every bit', () => {
    expect(subtractCidrs(parseCidr('192.0.2.0/24'), [parseCidr('192.0.2.64/26')])).toEqual([
      '192.0.2.0/26',
      '192.0.2.128/25',
    ]);
  });
});
