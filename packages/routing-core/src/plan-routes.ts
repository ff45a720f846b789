import { type Cidr, compareCidrs } from '@margay/ip';
import { RoutingError } from './error.ts';
import type { Route, RoutePlan } from './route.ts';

/**
 * Returns the smallest change that turns `actual` into `desired`.
 *
 * Pure, and independent of input order; both lists come back sorted by
 * destination. Apply `upsert` before `remove`, so that a prefix which moves
 * is never left without a route. A destination whose route changes is in
 * `upsert` alone: the kernel replaces it in one step.
 *
 * @throws {RoutingError} `CONFLICTING_NEXT_HOP`: one destination is desired
 *   through two next hops.
 */
export function planRoutes(desired: readonly Route[], actual: readonly Route[]): RoutePlan {
  const wanted = new Map<Cidr, Route>();
  for (const route of desired) {
    const other = wanted.get(route.destination);
    if (other && !sameRoute(other, route)) {
      throw new RoutingError(
        'CONFLICTING_NEXT_HOP',
        `${route.destination} is wanted twice: ${describeRoute(other)}, and ${describeRoute(route)}`,
      );
    }
    wanted.set(route.destination, route);
  }
  const present = new Set<Cidr>();
  const remove = new Map<Cidr, Route>();
  for (const route of actual) {
    const want = wanted.get(route.destination);
    if (!want) remove.set(route.destination, route);
    else if (sameRoute(want, route)) present.add(route.destination);
  }
  const upsert = [...wanted.values()].filter((route) => !present.has(route.destination));
  return { upsert: sortRoutes(upsert), remove: sortRoutes([...remove.values()]) };
}

/** True when the plan changes nothing. */
export function isEmptyPlan(plan: RoutePlan): boolean {
  return plan.upsert.length === 0 && plan.remove.length === 0;
}

export function sameRoute(a: Route, b: Route): boolean {
  return (
    a.destination === b.destination &&
    a.kind === b.kind &&
    a.device === b.device &&
    a.gateway === b.gateway &&
    (a.onLink ?? false) === (b.onLink ?? false) &&
    a.source === b.source &&
    a.mtuBytes === b.mtuBytes
  );
}

/** The route as people write it, like `10.8.1.0/24 via 192.0.2.1 dev eth0 onlink`. */
export function describeRoute(route: Route): string {
  const parts = [route.kind === 'blackhole' ? `blackhole ${route.destination}` : route.destination];
  if (route.gateway !== undefined) parts.push(`via ${route.gateway}`);
  if (route.device !== undefined) parts.push(`dev ${route.device}`);
  if (route.onLink) parts.push('onlink');
  if (route.source !== undefined) parts.push(`src ${route.source}`);
  if (route.mtuBytes !== undefined) parts.push(`mtu ${route.mtuBytes}`);
  return parts.join(' ');
}

export function sortRoutes(routes: readonly Route[]): Route[] {
  return routes.toSorted((a, b) => compareCidrs(a.destination, b.destination));
}
