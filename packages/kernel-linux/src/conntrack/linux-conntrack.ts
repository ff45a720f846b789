import type { IpAddress } from '@margay/ip';
import type { Conntrack } from '@margay/ports';
import { ERRNO, errnoOf } from '../libc/index.ts';
import { NETLINK_PROTOCOL, NetlinkSocket } from '../netlink/index.ts';
import type { NamespaceRef } from '../rtnetlink/index.ts';
import {
  decodeFlow,
  deleteFlowRequest,
  deleteFlowsRequest,
  type Flow,
  type FlowDirection,
  listFlowsRequest,
} from './conntrack-messages.ts';

const DIRECTIONS: readonly FlowDirection[] = ['original', 'reply'];

/**
 * Connection tracking over ctnetlink. A flow is one of `address` when either
 * side sends from it: so the flow through a service's address to a pod is
 * found, and one that leaves with the node's address, too.
 *
 * The kernel searches its whole hash table, which all network namespaces
 * share, so it does that on a pool thread. Told to delete what it finds, it
 * takes a fraction of the time that a list takes, with a lock for each bucket.
 */
export class LinuxConntrack implements Conntrack {
  readonly #options: { readonly namespace?: NamespaceRef };
  #deletesByFilter: boolean | undefined;

  /** `deletesByFilter` is found out when absent. */
  constructor(options: { readonly namespacePath?: NamespaceRef; readonly deletesByFilter?: boolean } = {}) {
    const { namespacePath, deletesByFilter } = options;
    this.#options = namespacePath === undefined ? {} : { namespace: namespacePath };
    this.#deletesByFilter = deletesByFilter;
  }

  async forget(address: IpAddress): Promise<void> {
    using socket = NetlinkSocket.open({ protocol: NETLINK_PROTOCOL.netfilter, ...this.#options });
    if (this.#deletesByFilter ?? true) {
      const requests = DIRECTIONS.map((direction) => deleteFlowsRequest(address, direction));
      const failure = (await socket.batchElsewhere(requests)).find((error) => error !== undefined);
      this.#deletesByFilter ??= !failure;
      if (!failure) return;
      if (errnoOf(failure) !== ERRNO.EINVAL) throw failure;
    }
    await forgetOneByOne(socket, address);
  }

  /** The flows of an address. */
  async list(address: IpAddress): Promise<Flow[]> {
    using socket = NetlinkSocket.open({ protocol: NETLINK_PROTOCOL.netfilter, ...this.#options });
    return await listFlows(socket, address);
  }
}

/** For kernels that cannot delete by a filter. @throws {KernelError} */
async function forgetOneByOne(socket: NetlinkSocket, address: IpAddress): Promise<void> {
  const flows = await listFlows(socket, address);
  const failures = socket.batch(flows.map((flow) => deleteFlowRequest(flow, address)));
  // A flow may end by itself in between.
  const failure = failures.find((error) => error !== undefined && errnoOf(error) !== ERRNO.ENOENT);
  if (failure) throw failure;
}

async function listFlows(socket: NetlinkSocket, address: IpAddress): Promise<Flow[]> {
  const flows = new Map<string, Flow>();
  for (const direction of DIRECTIONS) {
    for (const message of await socket.dumpElsewhere(listFlowsRequest(address, direction))) {
      const flow = decodeFlow(message);
      if (flow && (flow.originalSource === address || flow.replySource === address)) {
        flows.set(`${flow.id.toString('hex')} ${flow.original.toString('hex')}`, flow);
      }
    }
  }
  return [...flows.values()];
}
