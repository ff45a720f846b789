import { readFileSync } from 'node:fs';
import { isReady } from '@margay/model';
import type { simV1 } from '@margay/wire';
import { type ClusterView, podAddress, podKey } from '../cluster/cluster-view.ts';
import type { HostPids } from '../daemon/host-pids.ts';
import { HOST_PROC } from '../daemon/mounts.ts';
import type { NodeMachines } from '../machines/node-machines.ts';
import type { Supervisor } from '../supervisor/supervisor.ts';

/** The state of the nodes and their pods, by name. */
export function nodeStatuses(view: ClusterView, machines: NodeMachines): simV1.NodeStatusInput[] {
  const byNode = Map.groupBy(view.pods.list(), ({ spec }) => spec?.nodeName ?? '');
  return machines.topology().nodes.map(({ name, interfaces }) => {
    const node = view.nodes.get({ name });
    const pods = (byNode.get(name) ?? []).map((pod) => ({
      name: podKey(pod),
      address: podAddress(pod),
      phase: pod.metadata.deletionTimestamp === undefined ? (pod.status?.phase ?? 'Pending') : 'Terminating',
    }));
    return {
      name,
      address: interfaces[0].address,
      ready: node !== undefined && isReady(node),
      pods: pods.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
  });
}

/** The supervised processes, and the daemon itself, as the host sees them. */
export function processStatuses(supervisor: Supervisor, hostPids: HostPids): simV1.ProcessInput[] {
  const daemon = { name: 'daemon', role: 'daemon', node: '', pid: hostPids.of(process.pid), restarts: 0 };
  const supervised = supervisor.list().map(({ spec, pid, restarts }) => ({
    name: spec.name,
    role: spec.role,
    node: spec.node ?? '',
    pid: pid === 0 ? 0 : hostPids.of(pid),
    restarts,
  }));
  return [daemon, ...supervised].map((entry) => ({ ...entry, rssBytes: residentBytes(entry.pid) }));
}

/** Memory that the process holds. Source: proc(5), VmRSS of status, in KiB. */
function residentBytes(hostPid: number): number {
  if (hostPid === 0) return 0;
  try {
    const status = readFileSync(`${HOST_PROC}/${hostPid}/status`, 'utf8');
    return Number(/^VmRSS:\s*([0-9]+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
