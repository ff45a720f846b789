import type { IpAddress } from '@margay/ip';
import type { Conntrack } from '@margay/ports';
import { ERRNO, errnoOf } from '../libc/index.ts';
import { NETLINK_PROTOCOL, NetlinkSocket } from '../netlink/index.ts';
import type { NamespaceRef } from '../rtnetlink/index.ts';
import { decodeFlow, deleteFlowRequest, type Flow, listFlowsRequest } from './conntrack-messages.ts';

/**
 * Connection tracking over ctnetlink. A flow is one of `address` when either
 * side sends from it: so the flow through a service's address to a pod is
 * found, and one that leaves with the node's address, too.
 */
export class LinuxConntrack implements Conntrack {
  readonly #options: { readonly namespace?: NamespaceRef };

  constructor({ namespacePath }: { readonly namespacePath?: NamespaceRef } = {}) {
    this.#options = namespacePath === undefined ? {} : { namespace: namespacePath };
  }

  async forget(address: IpAddress): Promise<number> {
    using socket = NetlinkSocket.open({ protocol: NETLINK_PROTOCOL.netfilter, ...this.#options });
    const flows = new Map<string, Flow>();
    for (const direction of ['original', 'reply'] as const) {
      for (const message of socket.dump(listFlowsRequest(address, direction))) {
        const flow = decodeFlow(message);
        if (flow && (flow.originalSource === address || flow.replySource === address)) {
          flows.set(`${flow.id.toString('hex')} ${flow.original.toString('hex')}`, flow);
        }
      }
    }
    const results = socket.batch([...flows.values()].map((flow) => deleteFlowRequest(flow, address)));
    // A flow may end by itself in between.
    const failure = results.find((error) => error !== undefined && errnoOf(error) !== ERRNO.ENOENT);
    if (failure) throw failure;
    return results.filter((error) => error === undefined).length;
  }
}
