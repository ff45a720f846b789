import { describe, expect, it } from 'vitest';
import { podAddresses } from './result.ts';

const interfaces = [{ name: 'mgy0' }, { name: 'eth0', sandbox: '/var/run/netns/cni-1' }];

describe('podAddresses', () => {
  it.each([
    {
      name: 'by interface',
      result: { interfaces, ips: [{ address: '192.0.2.7/32', interface: 1 }] },
      addresses: ['192.0.2.7'],
    },
    { name: 'without an interface', result: { ips: [{ address: '192.0.2.7/24' }] }, addresses: ['192.0.2.7'] },
    {
      name: 'IPv4 first',
      result: { ips: [{ address: '2001:db8::7/128' }, { address: '192.0.2.7/32' }] },
      addresses: ['192.0.2.7', '2001:db8::7'],
    },
    { name: 'of version 0.2.0', result: { ip4: { ip: '192.0.2.7/24' } }, addresses: ['192.0.2.7'] },
  ])('reads them $name', ({ result, addresses }) => {
    expect(podAddresses(result, 'eth0')).toEqual(addresses);
  });

  it('refuses a result without an address for the pod', () => {
    expect(() => podAddresses({ interfaces, ips: [{ address: '192.0.2.1/32', interface: 0 }] }, 'eth0')).toThrow(
      'the result has no address for eth0',
    );
  });

  it('refuses an address of an interface that is not there', () => {
    expect(() => podAddresses({ interfaces, ips: [{ address: '192.0.2.1/32', interface: 5 }] }, 'eth0')).toThrow(
      'the result has no interface 5',
    );
  });
});
