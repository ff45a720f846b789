import { parseAddress, parseCidr } from '@margay/ip';
import type { IpipDriver } from '@margay/ports';
import { IPIP_DEVICE, type IpipTunnel } from '@margay/routing-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export interface IpipDriverFixture {
  readonly driver: IpipDriver;
  /** A device that is up and holds 192.0.2.10/24. */
  readonly underlay: string;
  /** MTU and addresses of a device (IPv4 only, as `10.8.0.1/32`); undefined when there is none. */
  readonly device: (name: string) => Promise<{ readonly mtuBytes: number; readonly addresses: string[] } | undefined>;
  /** Somebody removes the device by hand. */
  readonly deleteDevice: (name: string) => Promise<void> | void;
  readonly dispose: () => Promise<void> | void;
}

/** What every IpipDriver must do; what it does to packets is tested with packets. */
export function describeIpipDriver(name: string, setUp: () => Promise<IpipDriverFixture>): void {
  describe(`IpipDriver of ${name}`, () => {
    let fixture: IpipDriverFixture;
    let tunnel: IpipTunnel;
    beforeEach(async () => {
      fixture = await setUp();
      tunnel = exampleTunnel(fixture.underlay);
    });
    afterEach(() => fixture.dispose());

    const ensure = async (desired: IpipTunnel): Promise<boolean> => (await fixture.driver.ensure(desired)).changed;

    it('makes the device with its address and MTU', async () => {
      expect(await ensure(tunnel)).toBe(true);
      expect(await fixture.device(IPIP_DEVICE)).toEqual({ mtuBytes: 1480, addresses: ['10.8.0.1/32'] });
    });

    it('changes nothing the second time, whatever the order of the remotes', async () => {
      await ensure(tunnel);
      expect(await ensure(tunnel)).toBe(false);
      expect(await ensure({ ...tunnel, remotes: tunnel.remotes.toReversed() })).toBe(false);
    });

    it.each<{ name: string; change: (tunnel: IpipTunnel) => Partial<IpipTunnel> }>([
      { name: 'no remote', change: () => ({ remotes: [] }) },
      { name: 'a remote less', change: ({ remotes }) => ({ remotes: remotes.slice(1) }) },
      {
        name: 'a remote more',
        change: ({ remotes }) => ({ remotes: [...remotes, remote('10.8.9.0/24', '192.0.2.9')] }),
      },
      {
        name: 'a network that moves to another node',
        change: ({ remotes }) => ({ remotes: [remote('10.8.1.0/24', '192.0.2.12'), ...remotes.slice(1)] }),
      },
      {
        name: 'the same network with another prefix length',
        change: ({ remotes }) => ({ remotes: [remote('10.8.1.0/25', '192.0.2.11'), ...remotes.slice(1)] }),
      },
      { name: 'another address', change: () => ({ address: parseAddress('10.8.0.2') }) },
      { name: 'another MTU', change: () => ({ mtuBytes: 1400 }) },
      {
        name: 'another underlay address',
        change: ({ underlay }) => ({ underlay: { ...underlay, address: parseAddress('192.0.2.99') } }),
      },
    ])('turns to $name in one call', async ({ change }) => {
      await ensure(tunnel);
      const next = { ...tunnel, ...change(tunnel) };
      expect(await ensure(next)).toBe(true);
      expect(await ensure(next)).toBe(false);
      const addresses = [`${next.address}/32`];
      expect(await fixture.device(IPIP_DEVICE)).toEqual({ mtuBytes: next.mtuBytes, addresses });
    });

    it('makes the device again when somebody has removed it', async () => {
      await ensure(tunnel);
      await fixture.deleteDevice(IPIP_DEVICE);
      expect(await ensure(tunnel)).toBe(true);
      expect(await fixture.device(IPIP_DEVICE)).toEqual({ mtuBytes: 1480, addresses: ['10.8.0.1/32'] });
      expect(await ensure(tunnel)).toBe(false);
    });

    it('removes the device, also when it is gone, and makes it anew', async () => {
      await fixture.driver.remove(IPIP_DEVICE);
      await ensure(tunnel);
      await fixture.driver.remove(IPIP_DEVICE);
      expect(await fixture.device(IPIP_DEVICE)).toBeUndefined();
      await fixture.driver.remove(IPIP_DEVICE);
      expect(await ensure(tunnel)).toBe(true);
    });

    it('refuses an underlay device that does not exist, and makes nothing', async () => {
      const nowhere = { ...tunnel, underlay: { ...tunnel.underlay, device: 'nosuchdevice' } };
      await expect(fixture.driver.ensure(nowhere)).rejects.toMatchObject({ code: 'MISSING' });
      expect(await fixture.device(IPIP_DEVICE)).toBeUndefined();
    });

    it('refuses IPv6, and makes nothing', async () => {
      const remotes = [remote('2001:db8:8::/64', '192.0.2.11')];
      await expect(fixture.driver.ensure({ ...tunnel, remotes })).rejects.toMatchObject({ code: 'REJECTED' });
      expect(await fixture.device(IPIP_DEVICE)).toBeUndefined();
    });
  });
}

function exampleTunnel(underlay: string): IpipTunnel {
  return {
    device: IPIP_DEVICE,
    address: parseAddress('10.8.0.1'),
    mtuBytes: 1480,
    underlay: { device: underlay, address: parseAddress('192.0.2.10') },
    remotes: [remote('10.8.1.0/24', '192.0.2.11'), remote('10.8.2.0/24', '192.0.2.12')],
  };
}

function remote(network: string, node: string): IpipTunnel['remotes'][number] {
  return { network: parseCidr(network), node: parseAddress(node) };
}
