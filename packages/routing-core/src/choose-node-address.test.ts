import { parseAddress, parseInterfaceAddress } from '@margay/ip';
import { describe, expect, it } from 'vitest';
import { chooseNodeAddress, type InterfaceCandidate } from './choose-node-address.ts';

const METHOD = 'kubernetes-internal-ip';

describe('chooseNodeAddress', () => {
  const interfaces = [
    candidate('lo', '127.0.0.1/8'),
    candidate('eth1', '198.51.100.7/24'),
    candidate('eth0', '192.0.2.10/24'),
  ];

  it('takes the interface that holds the InternalIP', () => {
    const internalAddresses = [parseAddress('2001:db8::1'), parseAddress('192.0.2.10')];
    expect(chooseNodeAddress({ method: METHOD, interfaces, internalAddresses })).toEqual({
      device: 'eth0',
      address: '192.0.2.10',
      prefixLength: 24,
      subnet: '192.0.2.0/24',
      mtuBytes: 1500,
    });
  });

  it('takes the first InternalIP that is here', () => {
    const internalAddresses = ['203.0.113.1', '198.51.100.7', '192.0.2.10'].map(parseAddress);
    expect(chooseNodeAddress({ method: METHOD, interfaces, internalAddresses }).device).toBe('eth1');
  });

  it.each([
    {
      name: 'an address that no interface holds',
      internal: ['203.0.113.1'],
      message: 'no interface that is up holds 203.0.113.1; this machine has 192.0.2.10 on eth0 (down)',
    },
    {
      name: 'an interface that is down',
      internal: ['192.0.2.10'],
      message: 'no interface that is up holds 192.0.2.10; this machine has 192.0.2.10 on eth0 (down)',
    },
    {
      name: 'a Node without InternalIP',
      internal: [],
      message: 'the Node has no IPv4 address of type InternalIP in its status',
    },
  ])('refuses $name', ({ internal, message }) => {
    const down = [{ ...candidate('eth0', '192.0.2.10/24'), up: false }];
    const question = { method: METHOD, interfaces: down, internalAddresses: internal.map(parseAddress) };
    expect(() => chooseNodeAddress(question)).toThrow(expect.objectContaining({ code: 'NO_NODE_ADDRESS', message }));
  });

  it('refuses a method that it does not know', () => {
    expect(() => chooseNodeAddress({ method: 'first-found', interfaces, internalAddresses: [] })).toThrow(
      expect.objectContaining({
        code: 'UNKNOWN_METHOD',
        message: "interface detection method 'first-found' is not known: use kubernetes-internal-ip",
      }),
    );
  });
});

function candidate(name: string, address: string): InterfaceCandidate {
  return { name, up: true, mtuBytes: 1500, addresses: [parseInterfaceAddress(address)] };
}
