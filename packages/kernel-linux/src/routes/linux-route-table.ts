import { setImmediate } from 'node:timers/promises';
import { KernelError, type RouteTable } from '@margay/ports';
import { ROUTE_PROTOCOL_MARGAY, type Route, type RoutePlan } from '@margay/routing-core';
import { ERRNO, errnoOf } from '../libc/index.ts';
import type { NetlinkRequest } from '../netlink/index.ts';
import {
  deleteRouteRequest,
  type KernelRoute,
  type NamespaceRef,
  type NetlinkRoute,
  openRouteSocket,
  RTN,
  replaceRouteRequest,
} from '../rtnetlink/index.ts';

/** Finds the index of a device. @throws {KernelError} `MISSING` */
type IndexOf = (device: string) => number;

/** Margay's routes in the main table, over one rtnetlink socket that stays open. */
export class LinuxRouteTable implements RouteTable {
  readonly #namespacePath: NamespaceRef | undefined;
  #client: NetlinkRoute | undefined;

  constructor({ namespacePath }: { readonly namespacePath?: NamespaceRef } = {}) {
    this.#namespacePath = namespacePath;
  }

  async list(): Promise<Route[]> {
    const client = this.#open();
    const names = new Map(client.listLinks().map(({ index, name }) => [index, name]));
    return ([4, 6] as const)
      .flatMap((version) => client.listRoutes(version, ROUTE_PROTOCOL_MARGAY))
      .map((route) => fromKernel(route, names));
  }

  async apply({ upsert, remove }: RoutePlan): Promise<void> {
    const client = this.#open();
    const indexOf = cachedIndexOf(client);
    const errors: KernelError[] = [];
    const batchMessages = client.socket.batchMessages;
    for (let at = 0; at < upsert.length; at += batchMessages) {
      const requests = upsert.slice(at, at + batchMessages).flatMap((route) => request(route, indexOf, errors));
      errors.push(...failures(client, requests));
      await setImmediate();
    }
    for (let at = 0; at < remove.length; at += batchMessages) {
      const requests = remove
        .slice(at, at + batchMessages)
        .map(({ destination }) => deleteRouteRequest(destination, ROUTE_PROTOCOL_MARGAY));
      errors.push(...failures(client, requests).filter((error) => errnoOf(error) !== ERRNO.ESRCH));
      await setImmediate();
    }
    const [first] = errors;
    if (first) throw first;
  }

  close(): void {
    this.#client?.close();
    this.#client = undefined;
  }

  #open(): NetlinkRoute {
    this.#client ??= openRouteSocket(this.#namespacePath === undefined ? {} : { namespacePath: this.#namespacePath });
    return this.#client;
  }
}

function failures(client: NetlinkRoute, requests: readonly NetlinkRequest[]): KernelError[] {
  return client.socket.batch(requests).filter((failure) => failure !== undefined);
}

/** None when the route cannot be written as a request: `errors` then has the reason. */
function request(route: Route, indexOf: IndexOf, errors: KernelError[]): NetlinkRequest[] {
  try {
    return [replaceRouteRequest(toKernel(route, indexOf))];
  } catch (error) {
    if (!(error instanceof KernelError)) throw error;
    errors.push(
      new KernelError(error.code, `write the route to ${route.destination}: ${error.message}`, { cause: error }),
    );
    return [];
  }
}

function toKernel({ device, kind, ...route }: Route, indexOf: IndexOf): KernelRoute {
  const linkIndex = device === undefined || kind === 'blackhole' ? {} : { linkIndex: indexOf(device) };
  return { ...route, ...linkIndex, type: RTN[kind], protocol: ROUTE_PROTOCOL_MARGAY };
}

/** A route that someone gave another type shows as unicast without device, which nobody desires: so it is mended. */
function fromKernel(route: KernelRoute, names: ReadonlyMap<number, string>): Route {
  const { destination, linkIndex, gateway, onLink, source, mtuBytes, type } = route;
  if (type === RTN.blackhole) return { destination, kind: 'blackhole' };
  if (type !== RTN.unicast) return { destination, kind: 'unicast' };
  const device = linkIndex === undefined ? undefined : names.get(linkIndex);
  return {
    destination,
    ...(device === undefined ? {} : { device }),
    ...(gateway === undefined ? {} : { gateway }),
    ...(onLink === undefined ? {} : { onLink }),
    ...(source === undefined ? {} : { source }),
    kind: 'unicast',
    ...(mtuBytes === undefined ? {} : { mtuBytes }),
  };
}

function cachedIndexOf(client: NetlinkRoute): IndexOf {
  const known = new Map<string, number>();
  return (device) => {
    const index = known.get(device) ?? client.indexOf(device);
    known.set(device, index);
    return index;
  };
}
