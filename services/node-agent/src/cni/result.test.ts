import { describe, expect, it } from 'vitest';
import type { CniVersion, NetworkConfiguration } from './network-configuration.ts';
import { type AddedLink, addResult } from './result.ts';

const LINK: AddedLink = {
  hostDevice: 'mgy1',
  hostMac: 'ee:ee:ee:ee:ee:ee',
  podMac: '02:00:00:00:00:01',
  ifname: 'eth0',
  netns: '/run/netns/c1',
  address: '10.8.0.5',
  mtuBytes: 1480,
};

describe('addResult', () => {
  it.each<{ version: CniVersion; keys: string[]; ipKeys: string[]; interfaceKeys: string[] }>([
    {
      version: '0.3.1',
      keys: ['cniVersion', 'interfaces', 'ips', 'routes', 'dns'],
      ipKeys: ['version', 'address', 'interface'],
      interfaceKeys: ['name', 'mac', 'sandbox'],
    },
    {
      version: '0.4.0',
      keys: ['cniVersion', 'interfaces', 'ips', 'routes', 'dns'],
      ipKeys: ['version', 'address', 'interface'],
      interfaceKeys: ['name', 'mac', 'sandbox'],
    },
    {
      version: '1.0.0',
      keys: ['cniVersion', 'interfaces', 'ips', 'routes'],
      ipKeys: ['address', 'interface'],
      interfaceKeys: ['name', 'mac', 'sandbox'],
    },
    {
      version: '1.1.0',
      keys: ['cniVersion', 'interfaces', 'ips', 'routes'],
      ipKeys: ['address', 'interface'],
      interfaceKeys: ['name', 'mac', 'sandbox', 'mtu'],
    },
  ])('has exactly the fields of $version', ({ version, keys, ipKeys, interfaceKeys }) => {
    const result = parse(addResult(LINK, configOf(version)));
    expect(Object.keys(result)).toEqual(keys);
    expect(Object.keys(result.ips[0] ?? {})).toEqual(ipKeys);
    expect(Object.keys(result.interfaces[1] ?? {})).toEqual(interfaceKeys);
    expect(result.interfaces[0]).not.toHaveProperty('sandbox');
    expect(result).toMatchObject({
      cniVersion: version,
      interfaces: [{ name: 'mgy1' }, { name: 'eth0', mac: LINK.podMac, sandbox: '/run/netns/c1' }],
      ips: [{ address: '10.8.0.5/32', interface: 1 }],
      routes: [{ dst: '0.0.0.0/0', gw: '169.254.1.1' }],
    });
  });

  it('passes dns on', () => {
    const dns = { nameservers: ['192.0.2.53'] };
    expect(parse(addResult(LINK, { ...configOf('1.0.0'), dns }))).toMatchObject({ dns });
  });

  it('keeps what earlier plugins of the chain made, and counts behind it', () => {
    const prevResult = {
      cniVersion: '1.0.0',
      interfaces: [{ name: 'other0' }],
      ips: [{ address: '198.51.100.1/24', interface: 0 }],
    };
    expect(parse(addResult(LINK, { ...configOf('1.0.0'), prevResult }))).toMatchObject({
      interfaces: [{ name: 'other0' }, { name: 'mgy1' }, { name: 'eth0' }],
      ips: [
        { address: '198.51.100.1/24', interface: 0 },
        { address: '10.8.0.5/32', interface: 2 },
      ],
    });
  });
});

function configOf(cniVersion: CniVersion): NetworkConfiguration {
  return { cniVersion, name: 'margay', dns: {} };
}

function parse(text: string): { interfaces: object[]; ips: object[] } {
  return JSON.parse(text) as { interfaces: object[]; ips: object[] };
}
