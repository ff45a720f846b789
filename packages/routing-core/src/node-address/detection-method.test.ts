import { describe, expect, it } from 'vitest';
import { parseDetectionMethod } from './detection-method.ts';

describe('parseDetectionMethod', () => {
  it.each([
    ['kubernetes-internal-ip', { kind: 'kubernetes-internal-ip' }],
    ['first-found', { kind: 'first-found' }],
    ['interface=eth1', { kind: 'interface', patterns: [/eth1/] }],
    ['interface=^eth1$,bond.*', { kind: 'interface', patterns: [/^eth1$/, /bond.*/] }],
    ['cidr=192.0.2.0/24', { kind: 'cidr', cidrs: ['192.0.2.0/24'] }],
    ['cidr=192.0.2.0/24,198.51.100.0/24', { kind: 'cidr', cidrs: ['192.0.2.0/24', '198.51.100.0/24'] }],
  ])('reads %s', (text, method) => {
    expect(parseDetectionMethod(text)).toEqual(method);
  });

  it.each([
    ['', 'there is no such method; use kubernetes-internal-ip'],
    ['firstfound', 'there is no such method'],
    ['first-found=', 'first-found takes no value'],
    ['interface', 'a value is missing; write interface=eth1'],
    ['interface=', 'a value is missing'],
    ['interface=eth0,', 'a value is missing'],
    ['interface=[', "'[' is not a regular expression"],
    ['cidr=', 'a value is missing; write cidr=192.0.2.0/24'],
    ['cidr=192.0.2.0', "'192.0.2.0' is not a network"],
    ['cidr=2001:db8::/64', 'is IPv6, which is not supported yet'],
    ['skip-interface=eth0', 'skip-interface is not supported yet; use kubernetes-internal-ip'],
    ['can-reach=192.0.2.1', 'can-reach is not supported yet'],
  ])('refuses %j', (text, message) => {
    expect(() => parseDetectionMethod(text)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_METHOD', message: expect.stringContaining(message) }),
    );
  });
});
