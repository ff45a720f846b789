import type { FeedEntry, Replica } from '@margay/feed-core';
import type { IpAddress } from '@margay/ip';
import type { NodeAddress } from '@margay/routing-core';
import { type LocalPod, type NetworkPlan, planNetwork, withPodRoutes } from '@margay/routing-core';

export interface PlannerInput {
  readonly replica: Replica;
  readonly underlay: NodeAddress;
  readonly tunnelAddress: IpAddress | undefined;
  readonly pods: Iterable<LocalPod>;
}

/**
 * Plans the node's network. Pods come and go far more often than nodes, pools
 * and blocks do, so that the plan without pods is kept while those stay.
 */
export class NetworkPlanner {
  readonly #thisNode: string;
  #inputs: readonly unknown[] = [];
  #plan: NetworkPlan | undefined;

  constructor(thisNode: string) {
    this.#thisNode = thisNode;
  }

  plan({ replica, underlay, tunnelAddress, pods }: PlannerInput): NetworkPlan {
    const entries: FeedEntry[] = [...replica.nodes.values(), ...replica.pools.values(), ...replica.routes.values()];
    const inputs = [underlay, tunnelAddress, ...entries];
    if (!this.#plan || inputs.length !== this.#inputs.length || inputs.some((item, at) => item !== this.#inputs[at])) {
      this.#plan = planNetwork({
        thisNode: this.#thisNode,
        underlay,
        ...(tunnelAddress && { tunnelAddress }),
        nodes: replica.nodes.values(),
        pools: replica.pools.values(),
        routes: replica.routes.values(),
        pods: [],
      });
      this.#inputs = inputs;
    }
    return { ...this.#plan, routes: withPodRoutes(this.#plan.routes, pods) };
  }
}
