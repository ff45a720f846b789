import { setTimeout } from 'node:timers/promises';
import type { KernelEvents } from '@margay/ports';
import { NETLINK_PROTOCOL, NetlinkSocket } from '../netlink/index.ts';
import { type NamespaceRef, RTM } from '../rtnetlink/index.ts';

export type KernelEvent = 'links' | 'addresses' | 'routes' | 'firewall';

/** Source: RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR, RTNLGRP_IPV4_ROUTE of linux/rtnetlink.h. */
const ROUTE_GROUPS = [1, 5, 7];
/** Source: NFNLGRP_NFTABLES of linux/netfilter/nfnetlink.h. */
const FIREWALL_GROUPS = [7];
/** How long an event may wait. Changes within that time count once. */
const POLL_MILLISECONDS = 100;

export interface LinuxKernelEventsOptions {
  readonly namespacePath?: NamespaceRef;
  readonly pollMilliseconds?: number;
  readonly receiveBufferBytes?: number;
}

/**
 * Reads the kernel's multicast groups without blocking, ten times a second,
 * which takes 0.3 % of a core; a blocking read would hold one of libuv's four
 * pool threads for ever, and a worker thread megabytes. Changes
 * by this process itself are told too.
 */
export class LinuxKernelEvents implements KernelEvents {
  readonly #options: LinuxKernelEventsOptions;

  constructor(options: LinuxKernelEventsOptions = {}) {
    this.#options = options;
  }

  /** Changes count from this call on, not only from the first read. */
  watch(signal: AbortSignal): AsyncIterable<KernelEvent> {
    const { namespacePath, pollMilliseconds = POLL_MILLISECONDS, receiveBufferBytes } = this.#options;
    const shared = {
      ...(namespacePath === undefined ? {} : { namespace: namespacePath }),
      ...(receiveBufferBytes === undefined ? {} : { receiveBufferBytes }),
    };
    const route = NetlinkSocket.open({ protocol: NETLINK_PROTOCOL.route, groups: ROUTE_GROUPS, ...shared });
    const sockets = [route];
    try {
      sockets.push(NetlinkSocket.open({ protocol: NETLINK_PROTOCOL.netfilter, groups: FIREWALL_GROUPS, ...shared }));
    } catch (error) {
      route.close();
      throw error;
    }
    const close = (): void => {
      for (const socket of sockets) socket.close();
    };
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
    return poll(() => new Set(sockets.flatMap((socket) => readEvents(socket, socket === route))), {
      signal,
      pollMilliseconds,
      close: () => {
        signal.removeEventListener('abort', close);
        close();
      },
    });
  }
}

interface PollOptions {
  readonly signal: AbortSignal;
  readonly pollMilliseconds: number;
  readonly close: () => void;
}

async function* poll(read: () => Set<KernelEvent>, options: PollOptions): AsyncGenerator<KernelEvent> {
  const { signal, pollMilliseconds, close } = options;
  try {
    while (!signal.aborted) {
      for (const event of read()) {
        yield event;
        if (signal.aborted) return;
      }
      await setTimeout(pollMilliseconds, undefined, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  } finally {
    close();
  }
}

/** When the kernel dropped events, everything may have changed. */
function readEvents(socket: NetlinkSocket, isRoute: boolean): KernelEvent[] {
  const events = new Set<KernelEvent>();
  const overrun = socket.drain(({ type }) => events.add(isRoute ? routeEvent(type) : 'firewall'));
  if (!overrun) return [...events];
  return isRoute ? ['links', 'addresses', 'routes'] : ['firewall'];
}

function routeEvent(type: number): KernelEvent {
  if (type === RTM.newAddress || type === RTM.delAddress) return 'addresses';
  if (type === RTM.newRoute || type === RTM.delRoute) return 'routes';
  return 'links';
}
