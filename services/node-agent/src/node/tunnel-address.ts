import { cidrContains } from '@margay/ip';
import type { Clock, Logger } from '@margay/ports';
import type { FeedState } from '../feed/feed-state.ts';
import { type AddressSource, tunnelHandle } from '../ipam/address-source.ts';
import type { NodeState } from './node-state.ts';

/**
 * How long a node keeps its tunnel after the last encapsulated pool is gone,
 * milliseconds: others may learn of it later, and still send into the tunnel.
 */
export const TUNNEL_LINGER_MS = 60_000;

/** Between two questions to IPAM whether the address is still this node's, milliseconds. */
export const TUNNEL_CONFIRM_MS = 60_000;

export interface TunnelAddressOptions {
  readonly nodeName: string;
  readonly node: NodeState;
  readonly feed: FeedState;
  readonly addresses: AddressSource;
  /** Resolves once the kernel follows what the node state says. */
  readonly settled: () => Promise<unknown>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Holds a tunnel address exactly while some pool is encapsulated, and a while
 * after. IPAM may have freed it meanwhile, so it is asked again from time to
 * time and after every interruption; the handle makes that harmless.
 */
export class TunnelAddress {
  readonly #options: TunnelAddressOptions;
  /** When IPAM was last asked, and over which connection of the feed. */
  #confirmed: { readonly atMs: number; readonly connection: number } | undefined;
  #unneededSinceMs: number | undefined;
  /** At first too: the last run may have ended between giving up the address and freeing it. */
  #releaseOwed = true;

  constructor(options: TunnelAddressOptions) {
    this.#options = options;
  }

  /**
   * Makes the node's tunnel address right; call it on every change of the
   * pools and from time to time. Returns the milliseconds until it wants to be
   * called again, if it does.
   *
   * @throws {CallError} IPAM cannot give or take an address now.
   */
  async reconcile(signal: AbortSignal): Promise<number | undefined> {
    const { node, feed, addresses, clock, logger, nodeName } = this.#options;
    // What a stale snapshot says of pools is not worth an address.
    if (!feed.live) return undefined;
    const encapsulated = [...feed.replica.pools.values()].filter(({ ipipMode }) => ipipMode !== 'Never');
    const held = node.tunnelAddress;
    if (encapsulated.length === 0) {
      if (held === undefined) {
        if (this.#releaseOwed) {
          await node.giveUpTunnel();
          await this.#options.settled();
          await this.#release(signal);
        }
        return undefined;
      }
      this.#unneededSinceMs ??= clock.monotonicMs();
      const restMs = this.#unneededSinceMs + TUNNEL_LINGER_MS - clock.monotonicMs();
      if (restMs > 0) return restMs;
      this.#releaseOwed = true;
      await node.giveUpTunnel();
      await this.#options.settled();
      await this.#release(signal);
      logger.info({ address: held }, 'no pool is encapsulated: the tunnel is gone');
      return undefined;
    }
    this.#unneededSinceMs = undefined;
    this.#releaseOwed = false;
    const fits = held !== undefined && encapsulated.some(({ cidr }) => cidrContains(cidr, held));
    const atMs = clock.monotonicMs();
    const { connection } = feed;
    if (fits && this.#confirmed?.connection === connection) {
      const restMs = this.#confirmed.atMs + TUNNEL_CONFIRM_MS - atMs;
      if (restMs > 0) return restMs;
    }
    if (held !== undefined && !fits) await addresses.release(tunnelHandle(nodeName), signal);
    const address = await addresses.assign(
      { handle: tunnelHandle(nodeName), use: 'USE_TUNNEL', attributes: { node: nodeName, type: 'ipip-tunnel' } },
      signal,
    );
    this.#confirmed = { atMs, connection };
    if (address !== held) logger.info({ address }, 'this node has a tunnel address');
    await node.setTunnelAddress(address);
    return TUNNEL_CONFIRM_MS;
  }

  async #release(signal: AbortSignal): Promise<void> {
    await this.#options.addresses.release(tunnelHandle(this.#options.nodeName), signal);
    this.#releaseOwed = false;
    this.#confirmed = undefined;
  }
}
