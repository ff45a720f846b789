import type { IpAddress } from '@margay/ip';
import { parseAddress, parseCidr } from '@margay/ip';
import type { Conntrack, Interfaces, KernelEvents, RouteTable, Sysctls } from '@margay/ports';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export interface InterfacesFixture {
  readonly interfaces: Interfaces;
  /** Adds a device with MTU 1400 that is up and holds these addresses (`192.0.2.10/24`). */
  readonly addDevice: (name: string, addresses: readonly string[]) => Promise<void> | void;
  readonly dispose: () => Promise<void> | void;
}

export function describeInterfaces(name: string, setUp: () => Promise<InterfacesFixture>): void {
  describe(`Interfaces of ${name}`, () => {
    let fixture: InterfacesFixture;
    beforeEach(async () => {
      fixture = await setUp();
    });
    afterEach(() => fixture.dispose());

    it('lists devices with their addresses', async () => {
      await fixture.addDevice('up0', ['192.0.2.10/24', '198.51.100.1/32', '2001:db8::1/64']);
      const found = (await fixture.interfaces.list()).find((device) => device.name === 'up0');
      expect(found).toMatchObject({ name: 'up0', up: true, mtuBytes: 1400 });
      expect(found?.addresses).toEqual(
        expect.arrayContaining([
          { address: '192.0.2.10', prefixLength: 24, network: '192.0.2.0/24' },
          { address: '198.51.100.1', prefixLength: 32, network: '198.51.100.1/32' },
          { address: '2001:db8::1', prefixLength: 64, network: '2001:db8::/64' },
        ]),
      );
      expect((await fixture.interfaces.list()).map((device) => device.name)).toContain('lo');
    });
  });
}

export interface SysctlsFixture {
  readonly sysctls: Sysctls;
  /** Has a dot in its name. */
  readonly device: string;
  readonly dispose: () => Promise<void> | void;
}

export function describeSysctls(name: string, setUp: () => Promise<SysctlsFixture>): void {
  describe(`Sysctls of ${name}`, () => {
    let fixture: SysctlsFixture;
    beforeEach(async () => {
      fixture = await setUp();
    });
    afterEach(() => fixture.dispose());

    it('reads what it wrote, in both forms of the name', async () => {
      const { sysctls, device } = fixture;
      for (const value of ['1', '0', '1']) {
        await sysctls.write('net.ipv4.ip_forward', value);
        expect(await sysctls.read('net/ipv4/ip_forward')).toBe(value);
      }
      await sysctls.write(`net/ipv4/conf/${device}/rp_filter`, '2');
      expect(await sysctls.read(`net.ipv4.conf.${device.replaceAll('.', '/')}.rp_filter`)).toBe('2');
    });

    it('names a setting that is missing', async () => {
      const { sysctls } = fixture;
      for (const setting of ['net.ipv4.conf.nosuchdevice.rp_filter', 'nosuch.setting']) {
        await expect(sysctls.read(setting)).rejects.toMatchObject({ code: 'MISSING' });
        await expect(sysctls.write(setting, '1')).rejects.toMatchObject({ code: 'MISSING' });
      }
    });

    it('does not leave the settings', async () => {
      for (const path of ['net/../../../etc/passwd', '/etc/passwd', '..', 'net..ipv4', '']) {
        await expect(fixture.sysctls.read(path)).rejects.toMatchObject({ code: 'REJECTED' });
      }
    });
  });
}

export interface EventsFixture {
  readonly events: KernelEvents;
  readonly routes: RouteTable;
  readonly device: string;
  readonly addDevice: (name: string, addresses: readonly string[]) => Promise<void> | void;
  readonly dispose: () => Promise<void> | void;
}

export function describeKernelEvents(name: string, setUp: () => Promise<EventsFixture>): void {
  describe(`KernelEvents of ${name}`, () => {
    let fixture: EventsFixture;
    beforeEach(async () => {
      fixture = await setUp();
    });
    afterEach(() => fixture.dispose());

    it('tells of devices, addresses and routes that change after watch', async () => {
      const stop = new AbortController();
      const watch = fixture.events.watch(stop.signal);
      await fixture.addDevice('new0', ['192.0.2.77/24']);
      const destination = parseCidr('10.8.0.1/32');
      await fixture.routes.apply({ upsert: [{ destination, kind: 'unicast', device: 'new0' }], remove: [] });
      const seen = new Set<string>();
      for await (const event of watch) {
        seen.add(event);
        if (seen.size === 3) break;
      }
      expect(seen).toEqual(new Set(['links', 'addresses', 'routes']));
    });

    it('tells of many changes at least once, and of later ones again', async () => {
      const stop = new AbortController();
      const watch = fixture.events.watch(stop.signal)[Symbol.asyncIterator]();
      const upsert = Array.from({ length: 2000 }, (_, index) => ({
        destination: parseCidr(`10.8.${index >> 8}.${index & 255}/32`),
        kind: 'blackhole' as const,
      }));
      await fixture.routes.apply({ upsert, remove: [] });
      await nextRoutes(watch);
      await fixture.routes.apply({ upsert: [], remove: upsert });
      await nextRoutes(watch);
      stop.abort();
      expect(await watch.next()).toMatchObject({ done: true });
    });

    it('ends when the signal aborts, before or while it waits', async () => {
      const before = AbortSignal.abort();
      for await (const event of fixture.events.watch(before)) expect.unreachable(`told of ${event}`);
      const stop = new AbortController();
      const watch = fixture.events.watch(stop.signal)[Symbol.asyncIterator]();
      const waiting = watch.next();
      stop.abort();
      // A change of the set-up may have come just before.
      for (let next = await waiting; next.done !== true; next = await watch.next()) expect(next.value).toBeDefined();
    });
  });
}

/** Events of other kinds may come along when the kernel cannot tell what changed. */
async function nextRoutes(watch: AsyncIterator<string>): Promise<void> {
  for (;;) {
    const { done, value } = await watch.next();
    expect(done).toBe(false);
    if (value === 'routes') return;
  }
}

export interface ConntrackFixture {
  readonly conntrack: Conntrack;
  /** Makes the kernel track one flow from each of these source addresses to `to`. */
  readonly track: (from: readonly IpAddress[], to: IpAddress) => Promise<void>;
  /** How many flows from or to an address the kernel tracks. */
  readonly count: (address: IpAddress) => Promise<number>;
  readonly dispose: () => Promise<void> | void;
}

export function describeConntrack(name: string, setUp: () => Promise<ConntrackFixture>): void {
  describe(`Conntrack of ${name}`, () => {
    let fixture: ConntrackFixture;
    beforeEach(async () => {
      fixture = await setUp();
    });
    afterEach(() => fixture.dispose());

    it('forgets the flows from and to an address, and no others', async () => {
      const [a, b, c, server] = ['127.0.1.1', '127.0.1.2', '127.0.1.3', '127.0.1.9'].map(parseAddress) as [
        IpAddress,
        IpAddress,
        IpAddress,
        IpAddress,
      ];
      await fixture.track([a, b, c], server);
      const counts = (): Promise<number[]> => Promise.all([a, b, c, server].map(fixture.count));
      expect(await counts()).toEqual([1, 1, 1, 3]);
      await fixture.conntrack.forget(a);
      expect(await counts()).toEqual([0, 1, 1, 2]);
      await fixture.conntrack.forget(a);
      expect(await counts()).toEqual([0, 1, 1, 2]);
      await fixture.conntrack.forget(server);
      expect(await counts()).toEqual([0, 0, 0, 0]);
    });
  });
}
