import { type Cidr, parseAddress, parseCidr } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeRoute, isEmptyPlan, planRoutes } from './plan-routes.ts';
import type { Route, RoutePlan } from './route.ts';

describe('planRoutes', () => {
  it.each([
    {
      name: 'adds a route the kernel lacks',
      desired: ['10.8.1.0/24 via 192.0.2.1'],
      actual: [],
      upsert: ['10.8.1.0/24 via 192.0.2.1'],
      remove: [],
    },
    {
      name: 'removes a route nobody wants',
      desired: [],
      actual: ['10.8.1.0/24 via 192.0.2.1'],
      upsert: [],
      remove: ['10.8.1.0/24 via 192.0.2.1'],
    },
    {
      name: 'leaves alone what is right',
      desired: ['10.8.1.0/24 via 192.0.2.1'],
      actual: ['10.8.1.0/24 via 192.0.2.1'],
      upsert: [],
      remove: [],
    },
    {
      name: 'replaces a route that moves, and does not remove it',
      desired: ['10.8.1.0/24 via 192.0.2.2'],
      actual: ['10.8.1.0/24 via 192.0.2.1'],
      upsert: ['10.8.1.0/24 via 192.0.2.2'],
      remove: [],
    },
    {
      name: 'replaces a blackhole by a route',
      desired: ['10.8.1.0/24 via 192.0.2.2'],
      actual: ['blackhole 10.8.1.0/24'],
      upsert: ['10.8.1.0/24 via 192.0.2.2'],
      remove: [],
    },
    {
      name: 'sorts by destination, the larger network first',
      desired: ['10.9.0.0/24 via 192.0.2.1', '10.8.0.0/32 via 192.0.2.1', 'blackhole 10.8.0.0/24'],
      actual: [],
      upsert: ['blackhole 10.8.0.0/24', '10.8.0.0/32 via 192.0.2.1', '10.9.0.0/24 via 192.0.2.1'],
      remove: [],
    },
    {
      name: 'takes one route given twice for one',
      desired: ['10.8.1.0/24 via 192.0.2.1', '10.8.1.0/24 via 192.0.2.1'],
      actual: [],
      upsert: ['10.8.1.0/24 via 192.0.2.1'],
      remove: [],
    },
  ])('$name', ({ desired, actual, upsert, remove }) => {
    const plan = planRoutes(desired.map(route), actual.map(route));
    expect(show(plan)).toEqual({ upsert, remove });
  });

  it('refuses one destination through two next hops', () => {
    const desired = ['10.8.1.0/24 via 192.0.2.1', '10.8.1.0/24 via 192.0.2.2'].map(route);
    expect(() => planRoutes(desired, [])).toThrow(expect.objectContaining({ code: 'CONFLICTING_NEXT_HOP' }));
  });

  it('turns any table into any other, whatever the order, and has nothing left to do', () => {
    fc.assert(
      fc.property(anyTable, anyTable, fc.infiniteStream(fc.nat()), (desired, actual, seeds) => {
        const plan = planRoutes(desired, actual);
        const table = applyPlan(actual, plan);
        expect(table.map(describeRoute).toSorted()).toEqual(desired.map(describeRoute).toSorted());
        expect(isEmptyPlan(planRoutes(desired, table))).toBe(true);
        expect(planRoutes(shuffle(desired, seeds), shuffle(actual, seeds))).toEqual(plan);
      }),
    );
  });
});

const anyRoute = fc
  .record({ third: fc.integer({ min: 0, max: 8 }), gateway: fc.integer({ min: 0, max: 3 }) })
  .map(({ third, gateway }): Route => {
    const destination = parseCidr(`10.8.${third}.0/24`);
    if (gateway === 0) return { destination, kind: 'blackhole' };
    return { destination, gateway: parseAddress(`192.0.2.${gateway}`), device: 'eth0', kind: 'unicast' };
  });
const anyTable = fc.uniqueArray(anyRoute, { selector: (entry) => entry.destination, maxLength: 9 });

function applyPlan(table: readonly Route[], plan: RoutePlan): Route[] {
  const routes = new Map<Cidr, Route>(table.map((entry) => [entry.destination, entry]));
  for (const entry of plan.upsert) routes.set(entry.destination, entry);
  for (const entry of plan.remove) routes.delete(entry.destination);
  return [...routes.values()];
}

function shuffle<T>(items: readonly T[], seeds: Iterator<number>): T[] {
  return items
    .map((item) => ({ item, rank: Number(seeds.next().value) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

function route(text: string): Route {
  const words = text.split(' ');
  if (words[0] === 'blackhole') return { destination: parseCidr(words[1] ?? ''), kind: 'blackhole' };
  return { destination: parseCidr(words[0] ?? ''), gateway: parseAddress(words[2] ?? ''), kind: 'unicast' };
}

function show(plan: RoutePlan): { upsert: string[]; remove: string[] } {
  return { upsert: plan.upsert.map(describeRoute), remove: plan.remove.map(describeRoute) };
}
