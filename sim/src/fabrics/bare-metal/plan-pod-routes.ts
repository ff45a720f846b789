import { type Cidr, compareCidrs, type IpAddress } from '@margay/ip';
import type { Topology } from '../../topology/types.ts';
import type { PlannedRoute } from '../part.ts';
import { routerNamespace, SPINE } from '../places.ts';
import { placeOf, routerLink } from './plan.ts';

/** A block of pod addresses, and the node that has it. */
export interface BlockPlace {
  readonly cidr: Cidr;
  readonly rack: string;
  readonly nodeAddress: IpAddress;
}

/**
 * The routes of a fabric that knows where pods live: each top-of-rack router
 * sends its own nodes' blocks to the node, and the spine sends each block to
 * its router. Sorted by namespace and destination.
 */
export function planPodRoutes(topology: Topology, blocks: readonly BlockPlace[]): PlannedRoute[] {
  const routes = blocks.flatMap(({ cidr, rack, nodeAddress }): PlannedRoute[] => {
    const { router, routerIndex } = placeOf(topology, rack);
    return [
      { namespace: routerNamespace(router.name), destination: cidr, gateway: nodeAddress },
      { namespace: SPINE, destination: cidr, gateway: routerLink(routerIndex).router },
    ];
  });
  return routes.toSorted(
    (a, b) =>
      (a.namespace < b.namespace ? -1 : a.namespace > b.namespace ? 1 : 0) ||
      compareCidrs(a.destination, b.destination),
  );
}
