import { parseAddress, parseInterfaceAddress } from '@margay/ip';
import { describe, expect, it } from 'vitest';
import type { InterfaceCandidate } from './candidates.ts';
import { chooseNodeAddress } from './choose-node-address.ts';
import { parseDetectionMethod } from './detection-method.ts';

const METHOD = parseDetectionMethod('kubernetes-internal-ip');

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

  describe('without the Node', () => {
    const machine = [
      link(1, 'lo', '127.0.0.1/8', '203.0.113.9/32'),
      link(2, 'eth0', '169.254.7.7/16', '192.0.2.10/24'),
      link(3, 'docker0', '172.17.0.1/16'),
      link(4, 'eth1', '198.51.100.7/24', '198.51.100.8/24'),
      { ...link(5, 'eth2', '192.0.2.99/24'), up: false },
      link(6, 'margay.ipip', '10.244.0.1/32'),
      link(7, 'mgy0123456789a', '10.244.0.2/32'),
      link(8, 'ibmveth0', '192.0.2.77/24'),
      link(9, 'vethabc', '192.0.2.66/24'),
    ];
    const choose = (text: string, current?: string, interfaces = machine) => {
      const method = parseDetectionMethod(text);
      const question = {
        method,
        interfaces,
        internalAddresses: [],
        ...(current && { current: parseAddress(current) }),
      };
      const { device, address } = chooseNodeAddress(question);
      return `${address} on ${device}`;
    };

    it.each([
      ['first-found', '192.0.2.77 on ibmveth0'],
      ['interface=eth1', '198.51.100.7 on eth1'],
      ['interface=^eth0$,docker', '172.17.0.1 on docker0'],
      ['interface=^eth', '198.51.100.7 on eth1'],
      ['cidr=192.0.2.0/26', '192.0.2.10 on eth0'],
      ['cidr=10.0.0.0/8,172.16.0.0/12', '172.17.0.1 on docker0'],
    ])('%s finds %s', (method, found) => {
      expect(choose(method)).toBe(found);
      expect(choose(method, undefined, machine.toReversed())).toBe(found);
    });

    it('stays with the address that the node has, while the method allows it', () => {
      expect(choose('first-found', '192.0.2.10')).toBe('192.0.2.10 on eth0');
      expect(choose('interface=^eth', '198.51.100.8')).toBe('198.51.100.8 on eth1');
      expect(choose('cidr=198.51.100.0/24', '192.0.2.10')).toBe('198.51.100.7 on eth1');
      expect(choose('first-found', '192.0.2.99')).toBe('192.0.2.77 on ibmveth0');
    });

    it.each([
      [
        'interface=eth2',
        'no interface that is up and has an IPv4 address matches eth2; this machine has 172.17.0.1 on docker0',
      ],
      ['cidr=100.64.0.0/10', 'no interface that is up has an address in 100.64.0.0/10; this machine has'],
      ['interface=margay', 'no interface that is up and has an IPv4 address matches margay'],
    ])('%s finds nothing, and says what is there', (method, message) => {
      expect(() => choose(method)).toThrow(
        expect.objectContaining({ code: 'NO_NODE_ADDRESS', message: expect.stringContaining(message) }),
      );
    });

    it('first-found says that a machine has nothing for it', () => {
      expect(() => choose('first-found', undefined, [link(1, 'docker0', '172.17.0.1/16')])).toThrow(
        'no interface that is up and usable has an IPv4 address; this machine has 172.17.0.1 on docker0',
      );
    });
  });
});

function link(index: number, name: string, ...addresses: string[]): InterfaceCandidate {
  return { index, name, up: true, mtuBytes: 1500, addresses: addresses.map(parseInterfaceAddress) };
}

function candidate(name: string, address: string): InterfaceCandidate {
  return link(1, name, address);
}
