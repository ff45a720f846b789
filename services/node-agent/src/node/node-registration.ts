import { type IpAddress, tryParseAddress } from '@margay/ip';
import { ANNOTATION, type Condition, type Node } from '@margay/model';
import { type Clock, type ResourceStore, StoreError } from '@margay/ports';
import type { NodeAddress } from '@margay/routing-core';

/** What the node says of itself. */
export interface NodeFacts {
  readonly underlay: NodeAddress;
  /** Only once the tunnel can take packets. */
  readonly tunnelAddress: IpAddress | undefined;
  /** The kernel holds what the node wants: pods can be reached. */
  readonly networkReady: boolean;
}

/** Addresses of type InternalIP, in the Node's order. */
export function internalAddressesOf(node: Node): IpAddress[] {
  return (node.status?.addresses ?? [])
    .filter(({ type }) => type === 'InternalIP')
    .map(({ address }) => tryParseAddress(address))
    .filter((address) => address !== undefined);
}

export class NodeRegistration {
  readonly #store: Pick<ResourceStore, 'get' | 'patch'>;
  readonly #name: string;
  readonly #clock: Clock;

  constructor(parts: {
    readonly store: Pick<ResourceStore, 'get' | 'patch'>;
    readonly name: string;
    readonly clock: Clock;
  }) {
    this.#store = parts.store;
    this.#name = parts.name;
    this.#clock = parts.clock;
  }

  /** @throws {StoreError} `NOT_FOUND` when there is no such Node */
  async read(): Promise<Node> {
    const node = await this.#store.get('Node', { name: this.#name });
    if (!node) throw new StoreError('NOT_FOUND', `there is no Node '${this.#name}'`);
    return node;
  }

  /**
   * Makes the Node say `facts`; writes only what differs.
   *
   * @throws {StoreError}
   */
  async write(node: Node, { underlay, tunnelAddress, networkReady }: NodeFacts): Promise<void> {
    const ref = { name: this.#name };
    const wanted: Record<string, string | undefined> = {
      [ANNOTATION.nodeAddress]: `${underlay.address}/${underlay.prefixLength}`,
      [ANNOTATION.nodeIpipTunnelAddress]: tunnelAddress,
    };
    const annotations = Object.fromEntries(
      Object.entries(wanted)
        .filter(([key, value]) => node.metadata.annotations?.[key] !== value)
        .map(([key, value]) => [key, value ?? null]),
    );
    if (Object.keys(annotations).length > 0) await this.#store.patch('Node', ref, { metadata: { annotations } });
    if (networkReady) await this.#setNetworkAvailable(node);
  }

  /** Conditions are one list to a merge patch, so that the whole of it is written, against the version read. */
  async #setNetworkAvailable(node: Node): Promise<void> {
    const current = node.status?.conditions?.find(({ type }) => type === 'NetworkUnavailable');
    if (current?.status === 'False') return;
    const fresh = await this.read();
    const now = new Date(this.#clock.nowMs()).toISOString();
    const condition: Condition = {
      type: 'NetworkUnavailable',
      status: 'False',
      reason: 'MargayIsUp',
      message: 'Margay is running on this node',
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    };
    const others = (fresh.status?.conditions ?? []).filter(({ type }) => type !== condition.type);
    const { resourceVersion } = fresh.metadata;
    const patch = { metadata: { resourceVersion }, status: { conditions: [...others, condition] } };
    await this.#store.patch('Node', { name: this.#name }, patch, { subresource: 'status' });
  }
}
