import { addressAt, hostCidr, parseAddress, parseCidr } from '@margay/ip';
import type { RouteTable } from '@margay/ports';
import type { Route } from '@margay/routing-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from './seeded-random.ts';

export interface RouteTableFixture {
  readonly table: RouteTable;
  /** Two devices that are up; the first holds 192.0.2.10/24. */
  readonly devices: readonly [string, string];
  readonly dispose: () => Promise<void> | void;
}

/** What every RouteTable must do. */
export function describeRouteTable(name: string, setUp: () => Promise<RouteTableFixture>): void {
  describe(`RouteTable of ${name}`, () => {
    let fixture: RouteTableFixture;
    beforeEach(async () => {
      fixture = await setUp();
    });
    afterEach(() => fixture.dispose());

    const upsert = (...routes: Route[]): Promise<void> => fixture.table.apply({ upsert: routes, remove: [] });
    const remove = (...routes: Route[]): Promise<void> => fixture.table.apply({ upsert: [], remove: routes });
    const listed = async (): Promise<Route[]> => sorted(await fixture.table.list());

    it('is empty at first', async () => {
      expect(await listed()).toEqual([]);
    });

    it('lists what was written, of every kind', async () => {
      const routes = everyKind(fixture.devices);
      await upsert(...routes);
      expect(await listed()).toEqual(sorted(routes));
    });

    it('replaces the route to a destination', async () => {
      const [first, second] = fixture.devices;
      const destination = parseCidr('10.8.0.5/32');
      const versions: Route[] = [
        { destination, kind: 'unicast', device: first },
        { destination, kind: 'unicast', device: second },
        { destination, kind: 'unicast', device: second, mtuBytes: 1400 },
        { destination, kind: 'blackhole' },
        { destination, kind: 'unicast', device: first, gateway: parseAddress('192.0.2.1') },
      ];
      for (const version of versions) {
        await upsert(version);
        expect(await listed()).toEqual([version]);
      }
    });

    it('writes the same route twice without a second one', async () => {
      const routes = everyKind(fixture.devices);
      await upsert(...routes);
      await upsert(...routes);
      expect(await listed()).toEqual(sorted(routes));
    });

    it('removes by destination, and takes one that is gone for removed', async () => {
      const [first, second, ...rest] = everyKind(fixture.devices) as [Route, Route, ...Route[]];
      await upsert(first, second, ...rest);
      await remove({ destination: first.destination, kind: 'blackhole' }, second);
      expect(await listed()).toEqual(sorted(rest));
      await remove(first, second);
      expect(await listed()).toEqual(sorted(rest));
    });

    it('tries every route of a plan, then throws the first error', async () => {
      const good: Route = { destination: parseCidr('10.8.0.1/32'), kind: 'unicast', device: fixture.devices[0] };
      const later: Route = { destination: parseCidr('10.8.0.2/32'), kind: 'blackhole' };
      const noDevice: Route = { destination: parseCidr('10.8.0.3/32'), kind: 'unicast', device: 'nosuchdevice' };
      const gateway = parseAddress('203.0.113.1');
      const noGateway: Route = {
        destination: parseCidr('10.8.0.4/32'),
        kind: 'unicast',
        device: fixture.devices[0],
        gateway,
      };
      await upsert(later);
      const apply = fixture.table.apply({ upsert: [noDevice, noGateway, good], remove: [later] });
      await expect(apply).rejects.toMatchObject({ code: 'MISSING', message: expect.stringContaining('10.8.0.3/32') });
      expect(await listed()).toEqual([good]);
      await expect(upsert(noGateway)).rejects.toMatchObject({ code: 'REJECTED' });
      await expect(upsert({ ...noGateway, onLink: true })).resolves.toBeUndefined();
    });

    it('refuses a preferred source that is no address of the node', async () => {
      const [device] = fixture.devices;
      const route: Route = { destination: parseCidr('10.8.0.1/32'), kind: 'unicast', device };
      await expect(upsert({ ...route, source: parseAddress('192.0.2.99') })).rejects.toMatchObject({
        code: 'REJECTED',
      });
      await upsert({ ...route, source: parseAddress('192.0.2.10') });
      expect(await listed()).toEqual([{ ...route, source: '192.0.2.10' }]);
    });

    it('holds after random plans what the plans add up to', async () => {
      const seed = Number(process.env.MARGAY_TEST_SEED ?? Math.floor(Math.random() * 1e9));
      const random = seededRandom(seed);
      const expected = new Map<string, Route>();
      for (let round = 0; round < 20; round++) {
        const plan = randomPlan(random, fixture.devices);
        await fixture.table.apply(plan);
        for (const route of plan.upsert) expected.set(route.destination, route);
        for (const { destination } of plan.remove) expected.delete(destination);
        expect(await listed(), `MARGAY_TEST_SEED=${seed} in round ${round}`).toEqual(sorted([...expected.values()]));
      }
    });
  });
}

/** One route of every kind that Margay writes. */
export function everyKind([first, second]: readonly [string, string]): Route[] {
  const gateway = parseAddress('192.0.2.1');
  return [
    { destination: parseCidr('10.8.0.1/32'), kind: 'unicast', device: second },
    { destination: parseCidr('10.8.1.0/24'), kind: 'unicast', device: first, gateway },
    {
      destination: parseCidr('10.8.2.0/26'),
      kind: 'unicast',
      device: second,
      gateway: parseAddress('198.51.100.7'),
      onLink: true,
    },
    { destination: parseCidr('10.8.3.0/26'), kind: 'unicast', device: first, source: parseAddress('192.0.2.10') },
    { destination: parseCidr('10.8.4.0/26'), kind: 'blackhole' },
    { destination: parseCidr('10.8.5.0/26'), kind: 'unicast', device: first, gateway, mtuBytes: 1480 },
    { destination: parseCidr('2001:db8:8::/64'), kind: 'unicast', device: second },
    { destination: parseCidr('2001:db8:9::/64'), kind: 'blackhole' },
  ];
}

/** Touches few destinations, so that plans meet. Exported for tests that compare with other readers. */
export function randomPlan(
  random: (below: number) => number,
  devices: readonly [string, string],
): { upsert: Route[]; remove: Route[] } {
  const pool = parseCidr('10.9.0.0/28');
  const upsert = new Map<string, Route>();
  const remove = new Map<string, Route>();
  for (let count = random(12); count > 0; count--) {
    const destination = hostCidr(addressAt(pool, random(16)));
    const route = randomRoute(random, destination, devices);
    (random(3) === 0 ? remove : upsert).set(destination, route);
  }
  return {
    upsert: [...upsert.values()].filter(({ destination }) => !remove.has(destination)),
    remove: [...remove.values()],
  };
}

function randomRoute(
  random: (below: number) => number,
  destination: Route['destination'],
  devices: readonly [string, string],
): Route {
  const device = devices[random(2)] as string;
  if (random(5) === 0) return { destination, kind: 'blackhole' };
  const mtu = random(3) === 0 ? { mtuBytes: 1280 + random(200) } : {};
  if (random(2) === 0) return { destination, kind: 'unicast', device, ...mtu };
  return {
    destination,
    kind: 'unicast',
    device,
    gateway: parseAddress(`198.51.100.${1 + random(9)}`),
    onLink: true,
    ...mtu,
  };
}

function sorted(routes: readonly Route[]): Route[] {
  return [...routes].sort((a, b) => (a.destination < b.destination ? -1 : 1));
}
