import { cidrContains, type IpAddress, parseAddress, parseCidr } from '@margay/ip';
import { podHandle } from '@margay/ipam-core';
import type { Clock, Logger } from '@margay/ports';
import { createTrigger, keepTrying, unlessAborted } from '@margay/runtime';
import { type ServiceClient, unary } from '@margay/wire';
import type { PodIdentity } from '../cni/pod-identity.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import type { FeedState } from '../feed/feed-state.ts';
import type { AddressSource } from './address-source.ts';
import { type Owner, type ReserveAddress, ReserveBook } from './reserve-book.ts';

/** Addresses that a node keeps ready for its next pods, where its blocks have plenty. */
const RESERVE_SIZE = 8;
/** IPAM is asked again after so long though nothing happened, milliseconds: it may have freed the reserve. */
const REFRESH_MS = 5 * 60_000;
/** For one call, milliseconds. */
const CALL_TIMEOUT_MS = 10_000;

export interface PodAddressesOptions {
  readonly client: ServiceClient<'margay.ipam.v1.Ipam'>;
  readonly source: AddressSource;
  readonly nodeName: string;
  readonly feed: FeedState;
  readonly endpoints: EndpointStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A container of a pod of this node. */
export interface PodContainer extends PodIdentity {
  readonly containerId: string;
}

/**
 * The addresses of this node's pods. A pod takes one that is ready, so that it
 * waits for no call; IPAM is told afterwards. Where none is ready IPAM is asked.
 */
export class PodAddresses {
  readonly #options: PodAddressesOptions;
  readonly #book = new ReserveBook();
  readonly #trigger = createTrigger();
  /** Ends with the next call to IPAM. */
  #call = Promise.withResolvers<void>();

  constructor(options: PodAddressesOptions) {
    this.#options = options;
  }

  /** One IPv4 address. @throws {CallError} IPAM refused: no pool, no free address */
  async assign(container: PodContainer, signal: AbortSignal): Promise<IpAddress> {
    const owner = ownerOf(container);
    return (
      this.#book.take(owner, this.#isUsable) ??
      (await this.#options.source.assign({ ...owner, use: 'USE_WORKLOAD' }, signal))
    );
  }

  /** Call when a pod is connected and its ADD answered: now is the time to tell IPAM. */
  settle(): void {
    this.#trigger.fire();
  }

  /** Frees the container's address; none is no error. @throws {CallError} */
  async release(containerId: string, signal: AbortSignal): Promise<void> {
    const handle = podHandle(containerId);
    const pending = this.#book.pendingOf(handle);
    if (pending && !pending.isSent) {
      this.#book.takeBack(pending.address);
      this.#trigger.fire();
      return;
    }
    await this.told(containerId, signal);
    await this.#options.source.release(handle, signal);
  }

  /** Resolves once IPAM knows the container's address. Rejects with the signal's reason. */
  async told(containerId: string, signal: AbortSignal): Promise<void> {
    while (this.#book.pendingOf(podHandle(containerId))) {
      this.#trigger.fire();
      await unlessAborted(this.#call.promise, signal);
    }
  }

  /** Keeps the reserve until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { feed, clock, logger } = this.#options;
    let isAsked = false;
    // Not at every change of the cluster: one that a ready address does not survive, and the first.
    const look = (): void => {
      if (feed.live && (!isAsked || this.#book.hasUseless(this.#isUsable))) this.#trigger.fire();
    };
    const unsubscribe = feed.changed.subscribe(look);
    const loop = async (signal: AbortSignal, succeeded: () => void): Promise<void> => {
      for (;;) {
        if (feed.live) {
          isAsked = true;
          const isOwing = await this.#report(signal);
          succeeded();
          if (isOwing) continue;
        }
        await this.#waitForWork(signal);
      }
    };
    try {
      await keepTrying(loop, { name: 'Keeping addresses ready', clock, logger, signal });
    } finally {
      unsubscribe();
    }
  }

  async #report(signal: AbortSignal): Promise<boolean> {
    const { client, nodeName, endpoints, logger } = this.#options;
    const report = this.#book.report(this.#isUsable);
    const request = {
      node: nodeName,
      count: RESERVE_SIZE,
      handovers: report.handovers.map((each) => ({ ...each, attributes: { ...each.attributes } })),
      returns: [...report.returns],
    };
    const within = AbortSignal.any([signal, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    const { reserve, refused, limit } = await unary(client, 'keepReserve', request, { signal: within });
    for (const address of refused) {
      logger.error({ address }, 'IPAM has given the address of a pod of this node to another: delete the pod');
    }
    const held = reserve.map(({ address, block }) => ({ address: parseAddress(address), block: parseCidr(block) }));
    const isOwing = this.#book.settle(report, { reserve: held, limit }, (address) => {
      const record = endpoints.byAddress(address);
      return record && ownerOf(record);
    });
    this.#call.resolve();
    this.#call = Promise.withResolvers<void>();
    return isOwing;
  }

  /** Not while IPAM may have freed it: the block must be this node's, and the pool must give addresses. */
  readonly #isUsable = ({ address, block }: ReserveAddress): boolean => {
    const { feed, nodeName } = this.#options;
    const { nodes, routes, pools } = feed.replica;
    if (!feed.live || !feed.connected || !nodes.has(nodeName) || routes.get(block)?.node !== nodeName) return false;
    return [...pools.values()].some(({ cidr, disabled }) => !disabled && cidrContains(cidr, address));
  };

  async #waitForWork(signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    await Promise.race([this.#trigger.wait(either), this.#options.clock.sleep(REFRESH_MS, either)]).finally(() =>
      over.abort(),
    );
  }
}

/** The controller frees the address of a pod that is gone by these; the UID tells it from a later one of that name. */
function ownerOf({ containerId, namespace, pod, uid }: PodContainer): Owner {
  return { handle: podHandle(containerId), attributes: { namespace, pod, uid, type: 'pod' } };
}
