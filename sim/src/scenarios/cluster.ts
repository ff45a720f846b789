/**
 * What a scenario sees of a cluster: the few things that a user can do to any
 * cluster, simulated or real. Scenarios are written against this alone.
 */
export interface Cluster {
  /** Whether nodes reach the API over the network that their pods use. */
  readonly apiOverUnderlay: boolean;
  /** Names of the nodes, sorted. */
  nodes(): Promise<ClusterNode[]>;
  /** An address beyond the cluster's network that answers tcp and udp with the source it sees, and answers ping. */
  readonly outside: { readonly address: string; readonly port: number };
  /** Creates or changes objects, as kubectl apply does. @throws ClusterError with the message a user gets. */
  apply(yaml: string): Promise<void>;
  /** Deletes objects and waits until they are gone; what is gone already is no error. */
  delete(yaml: string): Promise<void>;
  get(kind: string, name: string, namespace?: string): Promise<ApiObject | undefined>;
  /** Without a namespace: of all namespaces but those that hold the cluster's own system. */
  list(kind: string, namespace?: string): Promise<ApiObject[]>;
  probe(probe: Probe): Promise<ProbeResult>;
  /** Every ordered pair of pods: those that cannot reach one another, as `from -> to`. */
  deniedPairs(): Promise<string[]>;
  /** Runs a command in the network of a node or of a pod (namespace/name). */
  exec(target: string, ...command: string[]): Promise<CommandResult>;
  /** Starts a command and leaves it running. */
  start(target: string, ...command: string[]): Promise<RunningCommand>;
  /** What passes the underlay interface of a node while `during` runs: a line a packet, as tcpdump prints it. */
  capture(node: string, filter: string, during: () => Promise<void>): Promise<string[]>;
  /** A machine that was no part of the cluster joins it; answers its name at once. One at a time. */
  addNode(): Promise<string>;
  /** Ends for good what `addNode` brought, and its Node object with it; when it is not there that is no error. */
  removeNode(): Promise<void>;
  /** Sets the interface of a node's underlay up, with the routes that the machine's own settings give it, or down. */
  setUnderlay(node: string, state: 'up' | 'down'): Promise<void>;
  /** kill -9. The cluster starts it again by itself. */
  kill(process: ProcessRef): Promise<void>;
  /** Stops a process where it stands, alive but silent, while `during` runs. */
  whilePaused(process: ProcessRef, during: () => Promise<void>): Promise<void>;
}

export interface ClusterNode {
  readonly name: string;
  /** How other nodes reach it. */
  readonly address: string;
  /** The name of the interface that has this address. */
  readonly underlay: string;
}

export interface ApiObject {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export type Protocol = 'tcp' | 'udp' | 'icmp';

export interface Probe {
  readonly from: string;
  readonly to: string;
  readonly port?: number;
  readonly protocol?: Protocol;
}

export interface ProbeResult {
  readonly allowed: boolean;
  readonly reason: string;
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunningCommand {
  /** All output so far. */
  output(): string;
  readonly ended: Promise<number>;
  write(text: string): void;
  stop(): Promise<void>;
}

/** The role as `margay sim status` names it; `node` for those that are one a node. Without it, all replicas of a role. */
export interface ProcessRef {
  readonly role: string;
  readonly node?: string;
}

export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
