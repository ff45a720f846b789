import type { Cidr, InterfaceAddress, IpAddress } from '@margay/ip';

/** A piece of a fabric: what to make, in the order of the fields. */
export interface FabricPart {
  /** Names of network namespaces to make. */
  readonly namespaces: readonly string[];
  /** Those of them that forward packets. */
  readonly routers: readonly string[];
  readonly bridges: readonly Bridge[];
  readonly links: readonly Link[];
  readonly members: readonly BridgeMember[];
  readonly addresses: readonly PlannedAddress[];
  readonly routes: readonly PlannedRoute[];
}

export interface DeviceEnd {
  readonly namespace: string;
  readonly device: string;
}

export interface Bridge extends DeviceEnd {
  readonly mtuBytes: number;
}

/** A veth pair. */
export interface Link {
  readonly a: DeviceEnd;
  readonly b: DeviceEnd;
  readonly mtuBytes: number;
}

export interface BridgeMember extends DeviceEnd {
  readonly bridge: string;
}

export interface PlannedAddress extends DeviceEnd {
  readonly address: InterfaceAddress;
}

export interface PlannedRoute {
  readonly namespace: string;
  readonly destination: Cidr;
  readonly gateway: IpAddress;
}
