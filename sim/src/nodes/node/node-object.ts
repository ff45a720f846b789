import { isDeepStrictEqual } from 'node:util';
import { type Condition, KUBERNETES_VERSION_TEXT, type Node } from '@margay/model';
import { mergeConditions } from '../status/pod-status.ts';

export interface NodeFacts {
  readonly name: string;
  readonly address: string;
  /** Undefined: the network is ready. Else why not. */
  readonly notReady: string | undefined;
  readonly maxPods: number;
  readonly cpus: number;
  readonly memoryBytes: number;
  /** ISO 8601. */
  readonly now: string;
}

/** What a kubelet registers, without its status. */
export function nodeObject({ name }: NodeFacts): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: nodeLabels(name) },
    spec: {},
  };
}

export function nodeLabels(name: string): Record<string, string> {
  const arch = process.arch === 'x64' ? 'amd64' : process.arch;
  return { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': arch };
}

/** The status fields that belong to the kubelet. Conditions of other writers, such as NetworkUnavailable, stay. */
export function nodeStatus(existing: Node | undefined, facts: NodeFacts): NonNullable<Node['status']> {
  const { name, address, notReady, maxPods, cpus, memoryBytes, now } = facts;
  const capacity = { cpu: String(cpus), memory: `${Math.floor(memoryBytes / 1024)}Ki`, pods: String(maxPods) };
  const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'].map(
    (type): Condition => ({ type, status: 'False', reason: 'KubeletHasSufficient', lastHeartbeatTime: now }),
  );
  const ready: Condition =
    notReady === undefined
      ? { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'the network is configured' }
      : { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: notReady };
  return {
    addresses: [
      { type: 'InternalIP', address },
      { type: 'Hostname', address: name },
    ],
    capacity,
    allocatable: capacity,
    nodeInfo: {
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      bootID: '',
      containerRuntimeVersion: 'margay-sim://1',
      kernelVersion: '',
      kubeProxyVersion: '',
      kubeletVersion: KUBERNETES_VERSION_TEXT,
      machineID: name,
      operatingSystem: 'linux',
      osImage: 'margay sim',
      systemUUID: '',
    },
    conditions: mergeConditions(existing?.status?.conditions ?? [], now, [
      ...pressures,
      { ...ready, lastHeartbeatTime: now },
    ]),
  };
}

/** True when writing `wanted` would change nothing but the times of heartbeats. */
export function saysTheSame(current: Node['status'], wanted: NonNullable<Node['status']>): boolean {
  return Object.entries(wanted).every(([field, value]) =>
    field === 'conditions'
      ? isDeepStrictEqual(withoutHeartbeats(current?.conditions), withoutHeartbeats(wanted.conditions))
      : isDeepStrictEqual(current?.[field], value),
  );
}

function withoutHeartbeats(conditions: readonly Condition[] = []): object[] {
  return conditions
    .toSorted((a, b) => (a.type < b.type ? -1 : 1))
    .map(({ lastHeartbeatTime: _, ...condition }) => condition);
}
