import { parseInterfaceAddress } from '@margay/ip';
import type { Kernel, KernelError } from '@margay/ports';
import type { Route } from '@margay/routing-core';
import { MemoryFilterTables, MemoryFirewall } from './firewall/index.ts';
import { MemoryIpipDriver } from './memory-ipip-driver.ts';
import { MemoryConntrack, MemoryInterfaces, MemoryKernelEvents, MemorySysctls } from './memory-observers.ts';
import { MemoryPodLinks } from './memory-pod-links.ts';
import { MemoryRouteTable } from './memory-route-table.ts';
import { type MemoryOperation, type MemoryPodEnd, MemoryState } from './memory-state.ts';

export interface MemoryLinkOptions {
  readonly name: string;
  /** Like `192.0.2.10/24`. */
  readonly addresses?: readonly string[];
  readonly mtuBytes?: number;
  readonly up?: boolean;
}

/**
 * One node's kernel in memory, for tests without root. Besides the ports it
 * has what a test does behind the agent's back: devices and namespaces that
 * come and go, foreign edits, operations that fail.
 */
export class MemoryKernel implements Kernel {
  readonly #state = new MemoryState();
  readonly routes = new MemoryRouteTable(this.#state);
  readonly podLinks = new MemoryPodLinks(this.#state);
  readonly ipip = new MemoryIpipDriver(this.#state);
  readonly firewall = new MemoryFirewall();
  readonly filterTables = new MemoryFilterTables();
  readonly interfaces = new MemoryInterfaces(this.#state);
  readonly events = new MemoryKernelEvents(this.#state);
  readonly sysctls = new MemorySysctls(this.#state);
  readonly conntrack = new MemoryConntrack(this.#state);

  addLink({ name, addresses = [], mtuBytes = 1500, up = true }: MemoryLinkOptions): void {
    this.#state.addLink({ name, up, mtuBytes, addresses: addresses.map(parseInterfaceAddress) });
  }

  /** A foreign edit; true when there was one. Routes over the device go with it. */
  deleteLink(name: string): boolean {
    return this.#state.deleteLink(name);
  }

  /** A foreign edit. The kernel drops the routes over a device that goes down. */
  setLinkUp(name: string, up: boolean): void {
    const link = this.#state.links.get(name);
    if (!link) throw new RangeError(`there is no device ${name}`);
    link.up = up;
    this.#state.emit('links');
    for (const [key, { device }] of this.#state.routes) {
      if (!up && device === name && this.#state.routes.delete(key)) this.#state.emit('routes');
    }
  }

  addNamespace(path: string): void {
    this.#state.namespaces.set(path, this.#state.namespaces.get(path) ?? new Map());
  }

  /** The pod links into it end with it. */
  deleteNamespace(path: string): void {
    this.#state.namespaces.delete(path);
    for (const { name, pod } of [...this.#state.links.values()]) {
      if (pod?.namespacePath === path) this.#state.deleteLink(name);
    }
  }

  /** Something done inside of a pod. A device that goes down loses its routes and neighbours. */
  editPodEnd(path: string, device: string, change: Partial<Omit<MemoryPodEnd, 'hostDevice' | 'mac'>>): void {
    const end = this.#state.namespaces.get(path)?.get(device);
    if (!end) throw new RangeError(`there is no device ${device} in ${path}`);
    Object.assign(end, change);
    if (change.up !== false) return;
    Object.assign(end, { hasNeighbour: false, hasGatewayRoute: false, defaultRoute: undefined });
  }

  /** A foreign edit of Margay's routes: written as they are, without the kernel's checks. */
  editRoutes({
    upsert = [],
    remove = [],
  }: {
    readonly upsert?: readonly Route[];
    readonly remove?: readonly string[];
  }): void {
    for (const route of upsert) this.#state.routes.set(route.destination, route);
    for (const destination of remove) this.#state.routes.delete(destination);
    this.#state.emit('routes');
  }

  /** A foreign edit of the firewall: somebody removes what Margay wrote. */
  tamperFirewall(): void {
    this.firewall.tamper();
    this.#state.emit('firewall');
  }

  /** A foreign edit of the firewall: somebody takes out all that is in the table, and leaves the table. */
  emptyFirewall(): void {
    this.firewall.empty();
    this.#state.emit('firewall');
  }

  /** The next call of `operation` throws `error` and changes nothing; several queue up. */
  failNext(operation: MemoryOperation, error: KernelError): void {
    this.#state.failNext(operation, error);
  }
}
