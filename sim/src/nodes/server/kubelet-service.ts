import { isIPv4 } from 'node:net';
import { CallError, type ServiceHandlers, type StatusName } from '@margay/wire';
import type { KubeletErrorCode } from '../error.ts';
import type { SocketProtocol } from '../native/socket.ts';
import type { PodManager } from '../pods/pod-manager.ts';
import type { Prober } from '../probe/prober.ts';

export const GRPC_STATUS = {
  BAD_ADDRESS: 'INVALID_ARGUMENT',
  BAD_CONFLIST: 'FAILED_PRECONDITION',
  NO_CONFLIST: 'FAILED_PRECONDITION',
  PLUGIN_FAILED: 'INTERNAL',
  PLUGIN_MISSING: 'FAILED_PRECONDITION',
  SYSTEM_CALL: 'INTERNAL',
  UNKNOWN_POD: 'NOT_FOUND',
  UNSUPPORTED: 'UNIMPLEMENTED',
} as const satisfies Record<KubeletErrorCode, StatusName>;

const DEFAULT_TIMEOUT_MS = 1000;
const MAX_TIMEOUT_MS = 60_000;
const MAX_PORT = 65_535;

const PROTOCOLS: Readonly<Record<string, SocketProtocol>> = {
  PROTOCOL_TCP: 'tcp',
  PROTOCOL_UDP: 'udp',
  PROTOCOL_SCTP: 'sctp',
  PROTOCOL_ICMP: 'icmp',
};

/** `margay.sim.v1.Kubelet`: probes from pods, and where the pods live. */
export function kubeletService({
  pods,
  prober,
}: {
  readonly pods: PodManager;
  readonly prober: Prober;
}): ServiceHandlers<'margay.sim.v1.Kubelet'> {
  return {
    async probe(request) {
      const { from, address, port, protocol: wireProtocol } = request;
      const protocol = PROTOCOLS[wireProtocol];
      if (protocol === undefined)
        throw new CallError('INVALID_ARGUMENT', 'the protocol must be tcp, udp, sctp or icmp');
      if (!isIPv4(address)) throw new CallError('INVALID_ARGUMENT', `"${address}" is not an IPv4 address`);
      if (protocol !== 'icmp' && (port < 1 || port > MAX_PORT)) {
        throw new CallError('INVALID_ARGUMENT', `port must be 1 to ${MAX_PORT}, not ${port}`);
      }
      const timeoutMs = Math.min(request.timeoutMs || DEFAULT_TIMEOUT_MS, MAX_TIMEOUT_MS);
      const namespace = pods.namespaceOf(from);
      const outcome = await prober.probe({ namespace, protocol, address, port, timeoutMs });
      return { from, to: address, address, port, protocol: wireProtocol, ...outcome };
    },
    async listSandboxes() {
      const sandboxes = pods.readySandboxes().map(({ namespace, pod, uid, containerId, netnsPath, addresses }) => ({
        namespace,
        pod,
        uid,
        containerId,
        netnsPath,
        address: addresses[0] ?? '',
      }));
      return { sandboxes };
    },
  };
}
