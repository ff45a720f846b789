import { type IPPool, MARGAY_API_VERSION, type Namespace, type Pod } from '@margay/model';
import type { PodSpec, PoolSpec, Topology } from '../topology/types.ts';

/** The objects that a topology asks for. Pure. */
export function topologyObjects(topology: Topology): {
  readonly namespaces: readonly Namespace[];
  readonly pools: readonly IPPool[];
  readonly pods: readonly Pod[];
} {
  const namespaces = new Set(['default', ...topology.pods.map(({ namespace }) => namespace)]);
  return {
    namespaces: [...namespaces].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })),
    pools: topology.pools.map(poolObject),
    pods: topology.pods.map(podObject),
  };
}

function poolObject({ name, cidr, blockSize, ipipMode, natOutgoing }: PoolSpec): IPPool {
  return {
    apiVersion: MARGAY_API_VERSION,
    kind: 'IPPool',
    metadata: { name },
    spec: { cidr, blockSize, ipipMode, vxlanMode: 'Never', natOutgoing },
  };
}

function podObject({ namespace, name, node, labels, ports, command, hostNetwork }: PodSpec): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels: { ...labels } },
    spec: {
      ...(node !== undefined && { nodeName: node }),
      ...(hostNetwork && { hostNetwork }),
      containers: [
        {
          name: 'main',
          image: 'margay.dev/simulated',
          ...(command !== undefined && { command: [...command] }),
          ports: ports.map(({ port, protocol }) => ({ containerPort: port, protocol: protocol.toUpperCase() })),
        },
      ],
    },
  };
}
