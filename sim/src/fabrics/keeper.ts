import { isDeepStrictEqual } from 'node:util';
import type { Link as KernelLink, NetlinkRoute } from '@margay/kernel-linux';
import type { Clock, Logger } from '@margay/ports';
import { buildPart, createLink, FABRIC_ROUTE_PROTOCOL, RouteSockets, removePart } from './builder.ts';
import type { FabricPart, PlannedRoute } from './part.ts';
import { KERNEL_ROUTE_PROTOCOL, planRepair, type WantedState, wantedStates } from './plan-repair.ts';

/** Apart from the fabric's fixed routes, so that they can be listed and removed alone. */
export const POD_ROUTE_PROTOCOL = 79;

/** Pause between two looks, milliseconds: what was removed by hand is back within it. */
const LOOK_MS = 1_000;

const PROTOCOLS = [KERNEL_ROUTE_PROTOCOL, FABRIC_ROUTE_PROTOCOL, POD_ROUTE_PROTOCOL];

/**
 * Builds the parts of the fabric and keeps them as they were planned: links,
 * bridge ports, addresses and routes that somebody or the kernel took away
 * come back. A device that was set down stays down, and its routes are back
 * once it is up again: the kernel drops those of a device that goes down.
 *
 * It looks once a second through rtnetlink, some 0.2 ms for each namespace, and
 * asks for the fabric's own devices and routes alone, so that a node with many
 * pods costs no more than an empty one.
 */
export class FabricKeeper {
  readonly #logger: Logger;
  readonly #parts = new Set<FabricPart>();
  #podRoutes: readonly PlannedRoute[] = [];
  /** By namespace, of the parts and pod routes as they are now; absent after a change of them. */
  #wanted: ReadonlyMap<string, WantedState> | undefined;
  /** What was logged last for a namespace, so that a lasting trouble is told once. */
  readonly #troubles = new Map<string, string>();

  constructor({ logger }: { readonly logger: Logger }) {
    this.#logger = logger;
  }

  /** @throws {KernelError} it is not kept then. */
  add(part: FabricPart): void {
    buildPart(part);
    this.#parts.add(part);
    this.#wanted = undefined;
  }

  /** Takes away a part that was added. */
  remove(part: FabricPart): void {
    this.#parts.delete(part);
    this.#wanted = undefined;
    removePart(part);
  }

  /** All routes to pods that the routers shall have, in place of those before. */
  setPodRoutes(routes: readonly PlannedRoute[]): void {
    if (isDeepStrictEqual(routes, this.#podRoutes)) return;
    this.#podRoutes = routes;
    this.#wanted = undefined;
    this.repair();
  }

  /** Repairs again and again until the signal aborts. */
  async run({ clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal }): Promise<void> {
    while (!signal.aborted) {
      await clock.sleep(LOOK_MS, signal).catch(() => undefined);
      if (!signal.aborted) this.repair();
    }
  }

  /** Looks once. A namespace that resists is logged, and tried again with the next look. */
  repair(): void {
    this.#wanted ??= this.#collect();
    using sockets = new RouteSockets();
    const devices = this.#repairLinks(sockets);
    for (const [namespace, wanted] of this.#wanted) {
      this.#attempt(namespace, () => {
        const links = devices.get(namespace) ?? new Map<string, KernelLink>();
        repairNamespace(sockets.of(namespace), wanted, links);
      });
    }
  }

  /** Makes bridges and links that are gone. Returns the devices that are there, by namespace. */
  #repairLinks(sockets: RouteSockets): Map<string, Map<string, KernelLink>> {
    const found = new Map<string, Map<string, KernelLink>>();
    const look = (namespace: string, device: string): boolean => {
      const link = sockets.of(namespace).findLink(device);
      if (link === undefined) return false;
      found.set(namespace, (found.get(namespace) ?? new Map()).set(device, link));
      return true;
    };
    for (const { bridges, links } of this.#parts) {
      for (const { namespace, device, mtuBytes } of bridges) {
        this.#attempt(`${namespace}/${device}`, () => {
          if (look(namespace, device)) return;
          sockets.of(namespace).createBridge({ name: device, mtuBytes });
          sockets.of(namespace).setUp(device);
          look(namespace, device);
        });
      }
      for (const link of links) {
        const { a, b } = link;
        this.#attempt(`${a.namespace}/${a.device}`, () => {
          const there = [a, b].filter(({ namespace, device }) => look(namespace, device));
          if (there.length === 2) return;
          // One end alone: the other was renamed or moved, and the pair cannot be made beside it.
          for (const { namespace, device } of there) sockets.of(namespace).deleteLink(device);
          createLink(sockets, link);
          for (const { namespace, device } of [a, b]) look(namespace, device);
        });
      }
    }
    return found;
  }

  #collect(): Map<string, WantedState> {
    const fixed = [...this.#parts].flatMap(({ routes }) =>
      routes.map((route) => ({ ...route, protocol: FABRIC_ROUTE_PROTOCOL })),
    );
    const toPods = this.#podRoutes.map((route) => ({ ...route, protocol: POD_ROUTE_PROTOCOL }));
    return wantedStates([...this.#parts], [...fixed, ...toPods]);
  }

  #attempt(what: string, act: () => void): void {
    try {
      act();
      this.#troubles.delete(what);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (this.#troubles.get(what) !== reason) {
        this.#logger.warn({ place: what, reason }, 'A part of the fabric cannot be put back; trying again');
      }
      this.#troubles.set(what, reason);
    }
  }
}

function repairNamespace(socket: NetlinkRoute, wanted: WantedState, links: ReadonlyMap<string, KernelLink>): void {
  // A switch has no addresses, and what has none has no routes.
  const isHost = wanted.addresses.length > 0;
  const repair = planRepair(wanted, {
    links,
    addresses: isHost ? socket.listAddresses() : [],
    routes: isHost ? PROTOCOLS.flatMap((protocol) => socket.listRoutes(4, protocol)) : [],
  });
  for (const { device, bridge } of repair.members) socket.setMaster(device, bridge);
  for (const { device, address } of repair.addresses) socket.addAddress(device, address);
  for (const { device, address } of repair.networks) {
    const { address: source, network: destination } = address;
    socket.addRoute({ destination, device, source, protocol: KERNEL_ROUTE_PROTOCOL });
  }
  for (const { destination, gateway, protocol } of repair.routes) socket.addRoute({ destination, gateway, protocol });
  for (const { destination, protocol } of repair.stale) socket.deleteRoute(destination, protocol);
}
