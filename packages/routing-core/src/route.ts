import type { Cidr, IpAddress } from '@margay/ip';

/**
 * The protocol number that Margay's own routes carry in the kernel, so that it
 * lists and removes those alone. BIRD has 12, Felix 80.
 */
export const ROUTE_PROTOCOL_MARGAY = 77;

/** A route in the main table. */
export interface Route {
  readonly destination: Cidr;
  /** Name of the device that packets leave by; absent for a blackhole. */
  readonly device?: string;
  /** Next hop. With `onLink` the kernel does not check that it is in a connected network. */
  readonly gateway?: IpAddress;
  readonly onLink?: boolean;
  /** Preferred source address. */
  readonly source?: IpAddress;
  /** Drops packets to addresses of the node's own block that no pod has. */
  readonly kind: 'unicast' | 'blackhole';
  readonly mtuBytes?: number;
}

/** Apply `upsert` before `remove`. Both are sorted by destination. */
export interface RoutePlan {
  readonly upsert: readonly Route[];
  readonly remove: readonly Route[];
}
