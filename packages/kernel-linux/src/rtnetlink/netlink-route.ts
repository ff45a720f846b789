import { type Cidr, type InterfaceAddress, type IpAddress, parseInterfaceAddress } from '@margay/ip';
import { KernelError } from '@margay/ports';
import { ROUTE_PROTOCOL_MARGAY } from '@margay/routing-core';
import { closeFd, ERRNO, errnoOf, openNamespace } from '../libc/index.ts';
import { NETLINK_PROTOCOL, type NetlinkRequest, NetlinkSocket } from '../netlink/index.ts';
import {
  addAddressRequest,
  addNeighbourRequest,
  decodeAddress,
  deleteAddressRequest,
  getNeighbourRequest,
  type LinkAddress,
  listAddressesRequest,
  permanentMacOf,
} from './address-messages.ts';
import { RTN } from './constants.ts';
import {
  changeLinkRequest,
  createBridgeRequest,
  createVethRequest,
  decodeLink,
  deleteLinkRequest,
  getLinkRequest,
  type Link,
  type LinkChange,
  listLinksRequest,
  type VethEnd,
} from './link-messages.ts';
import {
  decodeRoute,
  deleteRouteRequest,
  type KernelRoute,
  listRoutesRequest,
  replaceRouteRequest,
} from './route-messages.ts';

/** A path (`/run/netns/a`), or an open file descriptor of a network namespace. */
export type NamespaceRef = string | number;

export interface CreateVethOptions extends VethEnd {
  readonly peer: VethEnd & { readonly namespace?: NamespaceRef };
  readonly mtuBytes?: number;
}

export interface AddRouteOptions {
  readonly destination: Cidr;
  readonly device?: string;
  readonly gateway?: IpAddress;
  readonly onLink?: boolean;
  readonly source?: IpAddress;
  readonly mtuBytes?: number;
  readonly metric?: number;
  readonly kind?: 'unicast' | 'blackhole';
  /** Margay's own (77) when absent. */
  readonly protocol?: number;
}

/** Opens rtnetlink in a namespace, or in the caller's own. Close it when done. */
export function openRouteSocket({ namespacePath }: { readonly namespacePath?: NamespaceRef } = {}): NetlinkRoute {
  const namespace = namespacePath === undefined ? {} : { namespace: namespacePath };
  return new NetlinkRoute(NetlinkSocket.open({ protocol: NETLINK_PROTOCOL.route, ...namespace }));
}

/**
 * Links, addresses, routes and neighbours of one network namespace. All calls
 * are synchronous and take some 10 µs. They throw KernelError: `MISSING` for a
 * device that is not there, `EXISTS` for one that is.
 */
export class NetlinkRoute {
  readonly socket: NetlinkSocket;

  constructor(socket: NetlinkSocket) {
    this.socket = socket;
  }

  close(): void {
    this.socket.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Does all, or throws the first error after having tried all. */
  all(requests: readonly NetlinkRequest[]): void {
    const failure = this.socket.batch(requests).find((result) => result !== undefined);
    if (failure) throw failure;
  }

  listLinks(): Link[] {
    return this.socket.dump(listLinksRequest()).map(decodeLink);
  }

  findLink(name: string): Link | undefined {
    try {
      return this.getLink(name);
    } catch (error) {
      if (errnoOf(error) === ERRNO.ENODEV) return undefined;
      throw error;
    }
  }

  getLink(name: string): Link {
    const [message] = this.socket.get(getLinkRequest(name));
    if (!message) throw new KernelError('MISSING', `look up the device ${name}: the kernel gave no answer`);
    return decodeLink(message);
  }

  indexOf(name: string): number {
    return this.getLink(name).index;
  }

  /**
   * Both ends or none. An end that shall be up is set up afterwards: the
   * kernel refuses it while its peer is not there.
   */
  createVeth({ name, mac, up, mtuBytes, peer }: CreateVethOptions): void {
    const own = { name, ...(mac === undefined ? {} : { mac }), ...(mtuBytes === undefined ? {} : { mtuBytes }) };
    const end = { name: peer.name, ...(peer.mac === undefined ? {} : { mac: peer.mac }) };
    if (peer.namespace === undefined) this.socket.request(createVethRequest({ ...own, peer: end }));
    else {
      withNamespaceFd(peer.namespace, (namespaceFd) =>
        this.socket.request(createVethRequest({ ...own, peer: { ...end, namespaceFd } })),
      );
    }
    try {
      if (up) this.setUp(name);
      if (peer.up) this.#setPeerUp(peer);
    } catch (error) {
      this.deleteLink(name);
      throw error;
    }
  }

  /** The MTU is set afterwards: otherwise the bridge takes the smallest of its ports. */
  createBridge({ mtuBytes, ...options }: VethEnd & { readonly mtuBytes?: number }): void {
    this.socket.request(createBridgeRequest(options));
    if (mtuBytes !== undefined) this.setMtu(options.name, mtuBytes);
  }

  changeLink(name: string, change: LinkChange): void {
    this.socket.request(changeLinkRequest(this.indexOf(name), change, name));
  }

  setUp(name: string): void {
    this.changeLink(name, { up: true });
  }

  setDown(name: string): void {
    this.changeLink(name, { up: false });
  }

  setMtu(name: string, mtuBytes: number): void {
    this.changeLink(name, { mtuBytes });
  }

  /** Without a master the device leaves its bridge. */
  setMaster(name: string, master?: string): void {
    this.changeLink(name, { masterIndex: master === undefined ? 0 : this.indexOf(master) });
  }

  /** The device must be down in some kernels before 5.17. */
  rename(name: string, newName: string): void {
    this.changeLink(name, { newName });
  }

  moveToNamespace(name: string, namespace: NamespaceRef, newName?: string): void {
    withNamespaceFd(namespace, (namespaceFd) =>
      this.changeLink(name, { namespaceFd, ...(newName === undefined ? {} : { newName }) }),
    );
  }

  /** True when there was one. */
  deleteLink(name: string): boolean {
    return this.#unlessMissing(() => this.socket.request(deleteLinkRequest(name)), ERRNO.ENODEV);
  }

  listAddresses(): LinkAddress[] {
    return this.socket.dump(listAddressesRequest()).flatMap((message) => decodeAddress(message) ?? []);
  }

  /** `192.0.2.10/24`, or parsed. No error when it is there already. */
  addAddress(device: string, address: string | InterfaceAddress): void {
    this.socket.request(addAddressRequest(this.indexOf(device), parsed(address)));
  }

  /** True when it was there. */
  delAddress(device: string, address: string | InterfaceAddress): boolean {
    const request = deleteAddressRequest(this.indexOf(device), parsed(address));
    return this.#unlessMissing(() => this.socket.request(request), ERRNO.EADDRNOTAVAIL);
  }

  listRoutes(version: 4 | 6, protocol?: number): KernelRoute[] {
    try {
      return this.socket.dump(listRoutesRequest(version, protocol)).flatMap((message) => {
        const route = decodeRoute(message);
        // Kernels before 4.20 do not filter.
        return route && (protocol === undefined || route.protocol === protocol) ? [route] : [];
      });
    } catch (error) {
      // A namespace that never had a route has no main table, and one without IPv6 no such family.
      if (errnoOf(error) === ERRNO.ENOENT || errnoOf(error) === ERRNO.EAFNOSUPPORT) return [];
      throw error;
    }
  }

  /** Replaces a route of the same destination and metric. */
  addRoute(options: AddRouteOptions): void {
    const { device, kind = 'unicast', protocol = ROUTE_PROTOCOL_MARGAY, ...rest } = options;
    const linkIndex = device === undefined ? {} : { linkIndex: this.indexOf(device) };
    this.socket.request(replaceRouteRequest({ ...rest, ...linkIndex, type: RTN[kind], protocol }));
  }

  /** True when there was one. */
  deleteRoute(destination: Cidr, protocol: number = ROUTE_PROTOCOL_MARGAY): boolean {
    return this.#unlessMissing(() => this.socket.request(deleteRouteRequest(destination, protocol)), ERRNO.ESRCH);
  }

  /** Undefined when the device has no permanent neighbour entry for the address. */
  permanentNeighbour(linkIndex: number, address: IpAddress): string | undefined {
    try {
      const [message] = this.socket.get(getNeighbourRequest({ linkIndex, address }));
      return message && permanentMacOf(message);
    } catch (error) {
      if (errnoOf(error) === ERRNO.ENOENT) return undefined;
      throw error;
    }
  }

  /** Permanent; replaces another entry for the address. */
  addNeighbour(device: string, address: IpAddress, mac: string): void {
    this.socket.request(addNeighbourRequest({ linkIndex: this.indexOf(device), address, mac }));
  }

  #setPeerUp({ name, namespace }: CreateVethOptions['peer']): void {
    if (namespace === undefined) this.setUp(name);
    else {
      using client = openRouteSocket({ namespacePath: namespace });
      client.setUp(name);
    }
  }

  #unlessMissing(run: () => void, missing: number): boolean {
    try {
      run();
      return true;
    } catch (error) {
      if (errnoOf(error) === missing) return false;
      throw error;
    }
  }
}

function parsed(address: string | InterfaceAddress): InterfaceAddress {
  return typeof address === 'string' ? parseInterfaceAddress(address) : address;
}

function withNamespaceFd(namespace: NamespaceRef, run: (fd: number) => void): void {
  const fd = typeof namespace === 'number' ? namespace : openNamespace(namespace);
  try {
    run(fd);
  } finally {
    if (fd !== namespace) closeFd(fd);
  }
}
