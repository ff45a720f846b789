import type { simV1 } from '@margay/wire';
import type { ProbeAnswer, ProbeProtocol, SimulationStatus } from './types.ts';

const PROTOCOLS = {
  tcp: 'PROTOCOL_TCP',
  udp: 'PROTOCOL_UDP',
  sctp: 'PROTOCOL_SCTP',
  icmp: 'PROTOCOL_ICMP',
} as const satisfies Record<ProbeProtocol, simV1.Protocol>;

export function wireProtocol(protocol: ProbeProtocol | undefined): simV1.Protocol {
  return protocol === undefined ? 'PROTOCOL_UNSPECIFIED' : PROTOCOLS[protocol];
}

export function readProbe(wire: simV1.ProbeResult): ProbeAnswer {
  const { from, to, address, port, allowed, reason, rttMs } = wire;
  const names = Object.keys(PROTOCOLS) as ProbeProtocol[];
  const protocol = names.find((name) => PROTOCOLS[name] === wire.protocol) ?? 'tcp';
  return { from, to, address, port, protocol, allowed, reason, rttMs };
}

export function readStatus(wire: simV1.Status): SimulationStatus {
  const { name, ready, mode, profile, kubeconfig, secondsToReady, waitingFor } = wire;
  return {
    name,
    ready,
    mode,
    profile,
    kubeconfig,
    secondsToReady,
    waitingFor,
    nodes: wire.nodes.map(({ name: node, address, ready: nodeReady, pods }) => ({
      name: node,
      address,
      ready: nodeReady,
      pods: pods.map(({ name: pod, address: podAddress, phase }) => ({ name: pod, address: podAddress, phase })),
    })),
    processes: wire.processes.map(({ name: process, role, node, pid, restarts, rssBytes }) => ({
      name: process,
      role,
      node,
      pid,
      restarts,
      rssBytes,
    })),
  };
}
