import { type Cidr, cidrContains } from '@margay/ip';
import type { KernelRoute, Link, LinkAddress } from '@margay/kernel-linux';
import type { BridgeMember, FabricPart, PlannedAddress, PlannedRoute } from './part.ts';

/** What the fabric wants of one namespace. */
export interface WantedState {
  readonly members: readonly BridgeMember[];
  readonly addresses: readonly PlannedAddress[];
  readonly routes: readonly OwnRoute[];
}

export interface OwnRoute extends PlannedRoute {
  readonly protocol: number;
}

/** The same as the kernel has it; routes are those of the wanted protocols and the kernel's own. */
export interface ActualState {
  readonly links: ReadonlyMap<string, Link>;
  readonly addresses: readonly LinkAddress[];
  readonly routes: readonly KernelRoute[];
}

/** Apply in the order of the fields: a route needs its network, and that its address. */
export interface Repair {
  readonly members: readonly BridgeMember[];
  readonly addresses: readonly PlannedAddress[];
  /** Whose network the kernel has no route to any more. */
  readonly networks: readonly PlannedAddress[];
  readonly routes: readonly OwnRoute[];
  readonly stale: readonly { readonly destination: Cidr; readonly protocol: number }[];
}

/** RTPROT_KERNEL: the route to an address's own network, which the kernel adds by itself. */
export const KERNEL_ROUTE_PROTOCOL = 2;

/**
 * What brings a namespace back to what the fabric wants. Pure.
 *
 * A device that is down was set down by somebody, who will set it up: neither
 * it nor the routes through it are touched, for the kernel takes none of those
 * then. Devices that are missing are passed over.
 */
export function planRepair(wanted: WantedState, actual: ActualState): Repair {
  const { links } = actual;
  const isUp = ({ device }: { readonly device: string }): boolean => links.get(device)?.up === true;
  const networks = new Set(
    actual.routes.filter(({ protocol }) => protocol === KERNEL_ROUTE_PROTOCOL).map(({ destination }) => destination),
  );
  const own = actual.routes.filter(({ protocol }) => protocol !== KERNEL_ROUTE_PROTOCOL);
  return {
    members: wanted.members.filter(({ device, bridge }) => {
      const index = links.get(bridge)?.index;
      return links.has(device) && index !== undefined && links.get(device)?.masterIndex !== index;
    }),
    addresses: wanted.addresses.filter(
      ({ device, address }) =>
        links.has(device) &&
        !actual.addresses.some(
          (found) =>
            found.linkIndex === links.get(device)?.index &&
            found.address === address.address &&
            found.prefixLength === address.prefixLength,
        ),
    ),
    networks: wanted.addresses.filter((each) => isUp(each) && !networks.has(each.address.network)),
    routes: wanted.routes.filter(
      (route) =>
        !own.some((found) => isSameRoute(found, route) && found.gateway === route.gateway) &&
        wanted.addresses.some((each) => isUp(each) && cidrContains(each.address.network, route.gateway)),
    ),
    stale: own.filter((found) => !wanted.routes.some((route) => isSameRoute(found, route))),
  };
}

function isSameRoute(
  a: { readonly destination: Cidr; readonly protocol: number },
  b: { readonly destination: Cidr; readonly protocol: number },
): boolean {
  return a.destination === b.destination && a.protocol === b.protocol;
}

/** What the parts want of each of their namespaces, with these routes in place of their own. Pure. */
export function wantedStates(parts: readonly FabricPart[], routes: readonly OwnRoute[]): Map<string, WantedState> {
  const members = Map.groupBy(
    parts.flatMap((part) => part.members),
    ({ namespace }) => namespace,
  );
  const addresses = Map.groupBy(
    parts.flatMap((part) => part.addresses),
    ({ namespace }) => namespace,
  );
  const routesOf = Map.groupBy(routes, ({ namespace }) => namespace);
  const namespaces = new Set([...members.keys(), ...addresses.keys(), ...routesOf.keys()]);
  return new Map(
    [...namespaces].map((namespace) => [
      namespace,
      {
        members: members.get(namespace) ?? [],
        addresses: addresses.get(namespace) ?? [],
        routes: routesOf.get(namespace) ?? [],
      },
    ]),
  );
}
