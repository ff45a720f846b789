import type { agentV1, ServiceHandlers } from '@margay/wire';
import type { Dataplane } from '../dataplane/dataplane.ts';
import type { EndpointStore } from '../endpoints/endpoint-store.ts';
import type { FeedState } from '../feed/feed-state.ts';
import type { NodeState } from '../node/node-state.ts';

export interface StatusParts {
  readonly nodeName: string;
  readonly node: NodeState;
  readonly feed: FeedState;
  readonly dataplane: Dataplane;
  readonly endpoints: EndpointStore;
}

/** `margay.agent.v1.NodeAgent`: what the agent knows of itself and its kernel. */
export function statusService(parts: StatusParts): ServiceHandlers<'margay.agent.v1.NodeAgent'> {
  return { getStatus: () => Promise.resolve(statusOf(parts)) };
}

function statusOf({ nodeName, node, feed, dataplane, endpoints }: StatusParts): agentV1.GetStatusResponseInput {
  const { underlay, tunnelAddress } = node;
  const { applied, plan } = dataplane;
  return {
    node: nodeName,
    address: underlay ? `${underlay.address}/${underlay.prefixLength}` : '',
    device: underlay?.device ?? '',
    ipipTunnelAddress: tunnelAddress ?? '',
    ipipDriver: applied.ipipDriver,
    podMtuBytes: plan?.podMtuBytes ?? 0,
    feed: {
      connected: feed.connected,
      inSync: feed.live,
      epoch: feed.replica.position?.epoch ?? '',
      revision: Number(feed.revision),
    },
    applied: {
      revision: Number(applied.revision),
      error: applied.problem,
      routes: applied.routes,
      policies: applied.policies,
      sets: applied.sets,
    },
    endpoints: endpoints.all().map(({ namespace, pod, uid, address, device, containerId }) => ({
      namespace,
      pod,
      uid,
      address,
      device,
      containerId,
    })),
  };
}
