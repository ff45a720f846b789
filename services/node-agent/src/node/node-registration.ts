import { type IpAddress, tryParseAddress } from '@margay/ip';
import { ANNOTATION, type Condition, type Node } from '@margay/model';
import { type Clock, type ResourceStore, StoreError } from '@margay/ports';
import type { NodeAddress } from '@margay/routing-core';

/** What the node says of itself. */
export interface NodeFacts {
  readonly underlay: NodeAddress;
  /** Only once the tunnel can take packets. */
  readonly tunnelAddress: IpAddress | undefined;
}

/** Whether the node can carry pods, for the Node's condition NetworkUnavailable. */
export type NetworkVerdict = { readonly isAvailable: true } | { readonly isAvailable: false; readonly reason: string };

const CONDITION = 'NetworkUnavailable';

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
  async announce(node: Node, { underlay, tunnelAddress }: NodeFacts): Promise<void> {
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
  }

  /**
   * Makes the Node's condition say it. Nothing is written while it says so
   * already. The scheduler places no pods on a node while it is True.
   *
   * @throws {StoreError} `CONFLICT`: somebody else wrote; look again
   */
  async setNetwork(node: Node, verdict: NetworkVerdict): Promise<void> {
    const status = verdict.isAvailable ? 'False' : 'True';
    if (conditionsOf(node).some((each) => each.type === CONDITION && each.status === status)) return;
    const now = new Date(this.#clock.nowMs()).toISOString();
    await this.#setCondition({
      type: CONDITION,
      status,
      reason: verdict.isAvailable ? 'MargayIsUp' : 'MargayIsNotReady',
      message: verdict.isAvailable ? 'Margay is running on this node' : `Margay cannot carry pods: ${verdict.reason}`,
      lastHeartbeatTime: now,
      lastTransitionTime: now,
    });
  }

  /** Takes away all that Margay says on the Node. No error when there is nothing. @throws {StoreError} */
  async withdraw(): Promise<void> {
    const node = await this.#store.get('Node', { name: this.#name });
    if (!node) return;
    const keys = [ANNOTATION.nodeAddress, ANNOTATION.nodeIpipTunnelAddress];
    const present = keys.filter((key) => node.metadata.annotations?.[key] !== undefined);
    if (present.length > 0) {
      const annotations = Object.fromEntries(present.map((key) => [key, null]));
      await this.#store.patch('Node', { name: this.#name }, { metadata: { annotations } });
    }
    const ours = conditionsOf(node).find((each) => each.type === CONDITION && each.reason?.startsWith('MargayIs'));
    if (ours) await this.#setCondition(undefined);
  }

  /**
   * Conditions are one list to a merge patch, so that the whole of it is
   * written, against the version read: those of the kubelet stay.
   */
  async #setCondition(condition: Condition | undefined): Promise<void> {
    const fresh = await this.read();
    const others = conditionsOf(fresh).filter(({ type }) => type !== CONDITION);
    const { resourceVersion } = fresh.metadata;
    const conditions = condition ? [...others, condition] : others;
    const patch = { metadata: { resourceVersion }, status: { conditions } };
    await this.#store.patch('Node', { name: this.#name }, patch, { subresource: 'status' });
  }
}

function conditionsOf(node: Node): readonly Condition[] {
  return node.status?.conditions ?? [];
}
