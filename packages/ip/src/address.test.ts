import { describe, expect, it } from 'vitest';
import { addressBytes, addressFromBytes, parseAddress } from './address.ts';

describe('parseAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['::ffff:192.0.2.1', '::ffff:c000:201'],
    ['::', '::'],
  ])('reads %s as %s', (text, canonical) => {
    expect(parseAddress(text)).toBe(canonical);
    expect(addressFromBytes(addressBytes(parseAddress(text)))).toBe(canonical);
  });

  it.each([
    '192.0.2',
    '192.0.2.256',
    '010.1.1.1',
    '1',
    '',
    ' 192.0.2.1',
    '::1::',
    '1:2:3:4:5:6:7:8:9',
    'fe80::1%eth0',
    '12345::',
  ])('refuses %j', (text) => {
    expect(() => parseAddress(text)).toThrow(/is not an IP address/);
  });
});
