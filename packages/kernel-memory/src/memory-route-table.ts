import { cidrContains, type IpAddress, versionOf } from '@margay/ip';
import { KernelError, type RouteTable } from '@margay/ports';
import type { Route, RoutePlan } from '@margay/routing-core';
import type { MemoryState } from './memory-state.ts';

/** Refuses what the kernel refuses: a device that is missing or down, a gateway or source that is not there. */
export class MemoryRouteTable implements RouteTable {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async list(): Promise<Route[]> {
    this.#state.begin('routes.list');
    return [...this.#state.routes.values()];
  }

  async apply({ upsert, remove }: RoutePlan): Promise<void> {
    this.#state.begin('routes.apply');
    const errors: KernelError[] = [];
    for (const route of upsert) {
      const error = this.#refusal(route);
      if (error) errors.push(error);
      else {
        this.#state.routes.set(route.destination, stored(route));
        this.#state.emit('routes');
      }
    }
    for (const { destination } of remove) {
      if (this.#state.routes.delete(destination)) this.#state.emit('routes');
    }
    const [first] = errors;
    if (first) throw first;
  }

  #refusal({ destination, device, gateway, onLink, source, kind }: Route): KernelError | undefined {
    if (kind === 'blackhole') return undefined;
    const refuse = (code: 'MISSING' | 'REJECTED', reason: string): KernelError =>
      new KernelError(code, `write the route to ${destination}: ${reason}`);
    const link = device === undefined ? undefined : this.#state.links.get(device);
    if (device !== undefined && !link) return refuse('MISSING', `there is no device ${device}`);
    if (link && !link.up) return refuse('REJECTED', `the device ${device} is down`);
    if (!link && gateway === undefined) return refuse('REJECTED', 'it has neither device nor gateway');
    if (gateway !== undefined && !onLink && !this.#reaches(gateway, device)) {
      return refuse('REJECTED', `the gateway ${gateway} is in no connected network`);
    }
    if (source !== undefined && !this.#isLocal(source))
      return refuse('REJECTED', `${source} is no address of this node`);
    return undefined;
  }

  #reaches(gateway: IpAddress, device: string | undefined): boolean {
    const links = [...this.#state.links.values()].filter(({ name }) => device === undefined || name === device);
    if (links.some(({ addresses }) => addresses.some(({ network }) => cidrContains(network, gateway)))) return true;
    return [...this.#state.routes.values()].some(
      (route) =>
        route.gateway === undefined &&
        route.device !== undefined &&
        (device === undefined || route.device === device) &&
        versionOf(route.destination) === versionOf(gateway) &&
        cidrContains(route.destination, gateway),
    );
  }

  #isLocal(address: IpAddress): boolean {
    return [...this.#state.links.values()].some(({ addresses }) => addresses.some((own) => own.address === address));
  }
}

/** A blackhole has nothing but its destination, as the kernel lists it. */
function stored({ destination, kind, onLink, ...rest }: Route): Route {
  if (kind === 'blackhole') return { destination, kind };
  return { destination, kind, ...rest, ...(onLink ? { onLink } : {}) };
}
