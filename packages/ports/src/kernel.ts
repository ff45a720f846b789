import type { FirewallModel } from '@margay/firewall-core';
import type { InterfaceAddress, IpAddress } from '@margay/ip';
import type { IpipTunnel, Route, RoutePlan } from '@margay/routing-core';
import type { FilterTables } from './filter-tables.ts';

/** The main routing table, limited to Margay's own routes (by protocol number). */
export interface RouteTable {
  list(): Promise<Route[]>;
  /**
   * Applies a plan, upserts first. Not atomic: every route of the plan is
   * tried, then the first kernel error is thrown. Removing a route that is
   * gone already is no error.
   *
   * @throws {KernelError}
   */
  apply(plan: RoutePlan): Promise<void>;
}

export interface PodLinkSpec {
  /** Path of the pod's network namespace. */
  readonly namespacePath: string;
  /** Host end; at most 15 bytes, starting with the pod link prefix. */
  readonly hostDevice: string;
  /** Pod end, such as `eth0`. */
  readonly podDevice: string;
  readonly address: IpAddress;
  readonly mtuBytes: number;
}

export interface PodLink {
  readonly hostDevice: string;
  readonly hostIndex: number;
  /** MAC address of the pod end. */
  readonly podMac: string;
  readonly hostMac: string;
}

/** The veth pairs between the node and its pods. */
export interface PodLinks {
  /**
   * Makes the pair, the pod's address (/32), its default route through
   * 169.254.1.1 and the permanent neighbour for it, the sysctls of both ends.
   * The host route to the pod is the RouteTable's. An old host end of that
   * name is removed first. On failure nothing is left.
   *
   * @throws {KernelError} `NAMESPACE_MISSING`, `EXISTS` (podDevice is there already), `REJECTED`
   */
  create(spec: PodLinkSpec): Promise<PodLink>;
  /** True when there was one. Removing the host end takes the pod end with it. */
  remove(hostDevice: string): Promise<boolean>;
  /** Host ends of Margay that exist now. */
  list(): Promise<{ hostDevice: string; hostIndex: number; up: boolean }[]>;
  /** What of the spec the kernel no longer has, as sentences; empty when all is well. */
  check(spec: PodLinkSpec): Promise<string[]>;
  /**
   * Puts back what of the spec is missing at either end of a link that stands:
   * device up, MTU, address, routes, neighbour. Returns what was wrong, as
   * `check` says it. Sysctls, and what the pod has of its own, stay: a default
   * route of the pod's own is not replaced. Without the link, or without the
   * pod's namespace, nothing is done.
   *
   * @throws {KernelError} what could not be put back; the rest was
   */
  repair(spec: PodLinkSpec): Promise<string[]>;
}

/** The IP-in-IP device, by whichever driver the kernel allows. */
export interface IpipDriver {
  readonly driver: 'ebpf' | 'kernel' | 'memory';
  /**
   * Makes the kernel hold exactly this tunnel: device, address, underlay
   * attachment and remotes. Idempotent; changes only what differs, and never
   * interrupts packets of remotes that stay.
   *
   * @throws {KernelError} `UNSUPPORTED`: neither driver can work here, with the reason.
   */
  ensure(tunnel: IpipTunnel): Promise<{ readonly changed: boolean }>;
  /** Removes the device and every program and map. No error when there is none. */
  remove(device: string): Promise<void>;
}

/** Packet filter and NAT. */
export interface Firewall {
  /**
   * Makes the kernel hold exactly `model`, in one transaction, with the
   * smallest change against what it held after the last call; the first call
   * of a process, and one after `verify` found a foreign edit, compares with
   * the kernel itself. Established connections are not touched.
   *
   * @throws {KernelError}
   */
  apply(model: FirewallModel): Promise<{ readonly changed: boolean }>;
  /**
   * The mark of the table of Margay that the kernel has, from an earlier
   * process; undefined when there is none. It is left as it is, and `verify`
   * tells from now on whether it still is; the next `apply` replaces it. Equal
   * marks, also of different processes, are equal tables.
   */
  adopt(): Promise<string | undefined>;
  /**
   * The mark of the table, when the kernel still holds what the last `apply`
   * wrote or `adopt` found; else undefined. Cheap enough for every few seconds.
   */
  verify(): Promise<string | undefined>;
  /** Removes everything that is Margay's. */
  clear(): Promise<void>;
}

export interface NetworkInterface {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  readonly mtuBytes: number;
  readonly addresses: readonly InterfaceAddress[];
}

/** The node's own devices, read only. */
export interface Interfaces {
  list(): Promise<NetworkInterface[]>;
}

/** Tells of changes that the kernel announces (links, addresses, routes), so that a foreign edit is mended at once. */
export interface KernelEvents {
  /** Yields after every change, coalesced; ends when the signal aborts. */
  watch(signal: AbortSignal): AsyncIterable<'links' | 'addresses' | 'routes' | 'firewall'>;
}

/** Kernel settings below /proc/sys. */
export interface Sysctls {
  read(name: string): Promise<string>;
  /** @throws {KernelError} `REJECTED` */
  write(name: string, value: string): Promise<void>;
}

/** Flows the kernel tracks. */
export interface Conntrack {
  /** Forgets every flow from or to `address`. */
  forget(address: IpAddress): Promise<void>;
}

/** Everything the node agent does to a kernel. */
export interface Kernel {
  readonly routes: RouteTable;
  readonly podLinks: PodLinks;
  readonly ipip: IpipDriver;
  readonly firewall: Firewall;
  readonly filterTables: FilterTables;
  readonly interfaces: Interfaces;
  readonly events: KernelEvents;
  readonly sysctls: Sysctls;
  readonly conntrack: Conntrack;
}

export type KernelErrorCode = 'NAMESPACE_MISSING' | 'EXISTS' | 'MISSING' | 'REJECTED' | 'UNSUPPORTED' | 'NOT_PERMITTED';

/** Branch on `code`; `message` names the operation and the kernel's own reason. */
export class KernelError extends Error {
  override readonly name = 'KernelError';
  readonly code: KernelErrorCode;

  constructor(code: KernelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
