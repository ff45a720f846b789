import {
  type ApiObject,
  type Cluster,
  ClusterError,
  type CommandResult,
  type ProbeResult,
  type Protocol,
} from '@margay/sim/scenarios';

/** How long an answer may take, milliseconds: enough for a lost SYN's second try after a second. */
const TIMEOUT_MS = 1_500;

/** Probing processes at once: each costs the machine a Node start. */
const PARALLEL = 6;

export interface ProbeTarget {
  readonly address: string;
  /** Ignored for icmp. */
  readonly port: number;
  readonly protocol: Protocol;
}

/** What probing needs of a cluster. */
export interface ProbePlaces extends Pick<Cluster, 'get' | 'list'> {
  runTool(pod: string, command: readonly string[]): Promise<CommandResult>;
}

interface PodObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly deletionTimestamp?: string };
  readonly spec?: { readonly hostNetwork?: boolean };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

/** Real connections from one pod to all targets at once; one result a target, in their order. */
export async function probeAll(
  places: ProbePlaces,
  from: string,
  targets: readonly ProbeTarget[],
): Promise<ProbeResult[]> {
  const program = ['node', '/opt/margay-e2e/probe.ts', String(TIMEOUT_MS), JSON.stringify(targets)];
  const { code, stdout, stderr } = await places.runTool(from, program);
  if (code !== 0) throw new ClusterError(`the probe from ${from} ended with ${code}: ${stderr}`, 3);
  return JSON.parse(stdout) as ProbeResult[];
}

/** The address of `namespace/name`, or the address that it is; undefined while the pod has none. */
export async function targetOf(places: ProbePlaces, to: string): Promise<string | undefined> {
  if (!to.includes('/')) return to;
  const [namespace, name = ''] = to.split('/');
  const pod = (await places.get('pod', name, namespace)) as PodObject | undefined;
  return pod?.status?.podIP;
}

/** Every ordered pair of pods by tcp 80: those that cannot reach one another, as `from -> to`. */
export async function deniedPairs(places: ProbePlaces): Promise<string[]> {
  const pods = ((await places.list('pod')) as (ApiObject & PodObject)[])
    .filter(({ metadata, spec }) => metadata.deletionTimestamp === undefined && !spec?.hostNetwork)
    .map(({ metadata, status }) => ({ name: `${metadata.namespace}/${metadata.name}`, status }));
  const missing = pods.filter(({ status }) => status?.phase !== 'Running' || !status.podIP);
  if (missing.length > 0 || pods.length < 2) {
    return [`not measured: ${missing.map(({ name }) => name).join(', ') || 'fewer than two pods'}`];
  }
  const denied: string[] = [];
  const waiting = [...pods];
  const measure = async (): Promise<void> => {
    for (let from = waiting.shift(); from !== undefined; from = waiting.shift()) {
      const { name } = from;
      const others = pods.filter((other) => other.name !== name);
      const targets = others.map(({ status }) => ({
        address: status?.podIP ?? '',
        port: 80,
        protocol: 'tcp' as const,
      }));
      const results = await probeAll(places, name, targets);
      for (const [index, { allowed }] of results.entries()) {
        if (!allowed) denied.push(`${name} -> ${others[index]?.name}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, measure));
  } catch (error) {
    // A pod may end while it is asked: that is no reachability.
    if (error instanceof ClusterError) return [`not measured: ${error.message}`];
    throw error;
  }
  return denied.sort();
}
