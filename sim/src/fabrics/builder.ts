import { existsSync, writeFileSync } from 'node:fs';
import {
  createNamedNamespace,
  deleteNamedNamespace,
  inNamespace,
  type NetlinkRoute,
  openRouteSocket,
} from '@margay/kernel-linux';
import type { FabricPart, Link } from './part.ts';
import { CONTROL, namespacePath } from './places.ts';

/** Route protocol of the fabric's own routes, beside Margay's 77, which belongs to the nodes' agents. */
export const FABRIC_ROUTE_PROTOCOL = 78;

/**
 * Makes the namespaces, links, addresses and routes of a part, in
 * milliseconds and without a process.
 *
 * @throws {KernelError}
 */
export function buildPart(part: FabricPart): void {
  for (const namespace of part.namespaces) {
    createNamedNamespace(namespacePath(namespace));
    setSysctls(namespace, part.routers.includes(namespace));
  }
  using sockets = new RouteSockets();
  for (const namespace of part.namespaces) sockets.of(namespace).setUp('lo');
  for (const { namespace, device, mtuBytes } of part.bridges) {
    sockets.of(namespace).createBridge({ name: device, mtuBytes });
    sockets.of(namespace).setUp(device);
  }
  for (const link of part.links) createLink(sockets, link);
  for (const { namespace, device, bridge } of part.members) sockets.of(namespace).setMaster(device, bridge);
  for (const { namespace, device, address } of part.addresses) sockets.of(namespace).addAddress(device, address);
  for (const { namespace, destination, gateway } of part.routes) {
    sockets.of(namespace).addRoute({ destination, gateway, protocol: FABRIC_ROUTE_PROTOCOL });
  }
}

/** Takes the namespaces of a part away, and with them every link and route of theirs. */
export function removePart(part: FabricPart): void {
  using sockets = new RouteSockets();
  for (const { b } of part.links) sockets.of(b.namespace).deleteLink(b.device);
  for (const namespace of part.namespaces) deleteNamedNamespace(namespacePath(namespace));
}

/** Opens rtnetlink in a namespace of the fabric; the control host's is the daemon's own. */
export function openFabricSocket(namespace: string): NetlinkRoute {
  return openRouteSocket(namespace === CONTROL ? {} : { namespacePath: namespacePath(namespace) });
}

/** Makes a veth pair with both its ends up. @throws {KernelError} */
export function createLink(sockets: RouteSockets, { a, b, mtuBytes }: Link): void {
  const peer = { name: b.device, ...(b.namespace === CONTROL ? {} : { namespace: namespacePath(b.namespace) }) };
  if (b.namespace === CONTROL) {
    // Seen from the other end, since the daemon's own namespace has no path.
    sockets.of(CONTROL).createVeth({
      name: b.device,
      mtuBytes,
      peer: { name: a.device, namespace: namespacePath(a.namespace) },
    });
  } else {
    sockets.of(a.namespace).createVeth({ name: a.device, mtuBytes, peer });
  }
  for (const end of [a, b]) {
    const socket = sockets.of(end.namespace);
    socket.setMtu(end.device, mtuBytes);
    socket.setUp(end.device);
  }
}

/** One rtnetlink socket a namespace, closed together. */
export class RouteSockets implements Disposable {
  readonly #open = new Map<string, NetlinkRoute>();

  of(namespace: string): NetlinkRoute {
    const open = this.#open.get(namespace) ?? openFabricSocket(namespace);
    this.#open.set(namespace, open);
    return open;
  }

  [Symbol.dispose](): void {
    for (const socket of this.#open.values()) socket.close();
  }
}

/**
 * Reverse path filtering is strict everywhere (RFC 3704), as on hardened
 * machines: a packet whose answer would go elsewhere is dropped. IPv6 is off,
 * so that a capture shows nothing but what the cluster sends. Switches look at
 * no more than the frame: with the bridge netfilter module loaded, they would
 * send every packet through connection tracking once more (5.3 and later:
 * each namespace has its own setting).
 */
function setSysctls(namespace: string, forwards: boolean): void {
  inNamespace(namespacePath(namespace), () => {
    const settings: [string, string][] = [
      ['net/ipv4/conf/all/rp_filter', '1'],
      ['net/ipv4/conf/default/rp_filter', '1'],
      ['net/ipv4/ip_forward', forwards ? '1' : '0'],
      ['net/ipv4/ping_group_range', '0 0'],
      ['net/ipv6/conf/all/disable_ipv6', '1'],
      ['net/ipv6/conf/default/disable_ipv6', '1'],
      ['net/bridge/bridge-nf-call-iptables', '0'],
      ['net/bridge/bridge-nf-call-ip6tables', '0'],
      ['net/bridge/bridge-nf-call-arptables', '0'],
    ];
    for (const [name, value] of settings) {
      const path = `/proc/sys/${name}`;
      if (existsSync(path)) writeFileSync(path, value);
    }
  });
}
