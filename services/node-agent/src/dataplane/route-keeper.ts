import { hostCidr } from '@margay/ip';
import type { RouteTable } from '@margay/ports';
import { isEmptyPlan, POD_LINK_PREFIX, planRoutes, type Route } from '@margay/routing-core';
import type { EndpointRecord } from '../endpoints/endpoint-record.ts';

/**
 * Margay's routes. The saved feed may lack what the kernel has since: before
 * the feed has come, routes of other nodes are added only where there is none.
 */
export class RouteKeeper {
  readonly #table: RouteTable;
  /** What the kernel has; undefined when it must be asked. */
  #routes: readonly Route[] | undefined;

  constructor(table: RouteTable) {
    this.#table = table;
  }

  has({ address, device }: EndpointRecord): boolean {
    const destination = hostCidr(address);
    return (this.#routes ?? []).some((route) => route.destination === destination && route.device === device);
  }

  /** @throws {KernelError} */
  async keep(
    wanted: readonly Route[],
    { live, verify }: { readonly live: boolean; readonly verify: boolean },
  ): Promise<void> {
    const actual = verify || !this.#routes ? await this.#table.list() : this.#routes;
    const byDestination = new Map(actual.map((route) => [route.destination, route]));
    const mayChange = ({ destination }: Route): boolean => live || isOfPod(byDestination.get(destination));
    const { upsert, remove } = planRoutes(wanted, actual);
    const plan = {
      upsert: upsert.filter((route) => mayChange(route) || isOfPod(route) || !byDestination.has(route.destination)),
      remove: remove.filter(mayChange),
    };
    try {
      if (!isEmptyPlan(plan)) await this.#table.apply(plan);
    } catch (error) {
      this.#routes = undefined;
      this.#routes = await this.#table.list();
      throw error;
    }
    for (const { destination } of plan.remove) byDestination.delete(destination);
    for (const route of plan.upsert) byDestination.set(route.destination, route);
    this.#routes = [...byDestination.values()];
  }
}

function isOfPod(route: Route | undefined): boolean {
  return route?.device?.startsWith(POD_LINK_PREFIX) ?? false;
}
