import type { Readable, Writable } from 'node:stream';

export type ProbeProtocol = 'tcp' | 'udp' | 'sctp' | 'icmp';

export interface PodStatus {
  /** namespace/name */
  readonly name: string;
  /** Empty while it has none. */
  readonly address: string;
  readonly phase: string;
}

export interface NodeStatus {
  readonly name: string;
  readonly address: string;
  readonly ready: boolean;
  readonly pods: readonly PodStatus[];
}

export interface ProcessStatus {
  readonly name: string;
  readonly role: string;
  /** Empty when it belongs to no node. */
  readonly node: string;
  /** As the host sees it; 0 while it is down. */
  readonly pid: number;
  readonly restarts: number;
  readonly rssBytes: number;
}

export interface SimulationStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly mode: string;
  readonly profile: string;
  /** Path of the kubeconfig for the host's user. */
  readonly kubeconfig: string;
  /** From the start of the daemon until the verification had passed; 0 before. */
  readonly secondsToReady: number;
  readonly nodes: readonly NodeStatus[];
  readonly processes: readonly ProcessStatus[];
  /** Why it is not ready, one sentence each. */
  readonly waitingFor: readonly string[];
}

export interface ProbeQuestion {
  /** namespace/name */
  readonly from: string;
  /** namespace/name or an address. */
  readonly to: string;
  /** Not for icmp. */
  readonly port?: number;
  readonly protocol?: ProbeProtocol;
  readonly timeoutMs?: number;
}

export interface ProbeAllQuestion {
  readonly port?: number;
  readonly protocol?: ProbeProtocol;
  readonly timeoutMs?: number;
  readonly parallel?: number;
}

export interface ProbeAnswer {
  readonly from: string;
  readonly to: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: ProbeProtocol;
  readonly allowed: boolean;
  readonly reason: string;
  readonly rttMs: number;
}

export interface ExecQuestion {
  /** A node's name, or namespace/name of a pod. */
  readonly target: string;
  readonly command: readonly string[];
  /** Absent: the command reads end of file. */
  readonly stdin?: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Aborting ends the command (SIGTERM, then SIGKILL). */
  readonly signal?: AbortSignal;
  /** Gives the caller a function that passes a signal number on to the command. */
  readonly onStarted?: (sendSignal: (signal: number) => void) => void;
}

export interface CaptureQuestion {
  readonly node: string;
  /** Absent: the underlay interface. */
  readonly interface?: string;
  readonly filter?: string;
  /** 0 or absent: no limit. */
  readonly count?: number;
  /** Without count and seconds: 10. */
  readonly seconds?: number;
  readonly form: 'text' | 'pcap';
  readonly signal?: AbortSignal;
}

export type CapturePiece =
  /** Comes first: packets are seen from now on. */
  | { readonly kind: 'listening'; readonly interface: string }
  | { readonly kind: 'pcap'; readonly bytes: Uint8Array }
  | { readonly kind: 'text'; readonly line: string };

export type StartProgress =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'verified'; readonly answer: ProbeAnswer }
  | { readonly kind: 'ready'; readonly status: SimulationStatus }
  | { readonly kind: 'failed'; readonly reason: string };

/** A running simulation. Every method throws SimError; `close` when done. */
export interface Simulation {
  readonly name: string;
  readonly stateDirectory: string;
  /** For kubectl and for the `apply`, `delete` and `get` commands. Mode 0600. */
  readonly kubeconfigPath: string;
  status(): Promise<SimulationStatus>;
  watchStart(signal?: AbortSignal): AsyncIterable<StartProgress>;
  /** @throws {SimError} `BAD_QUESTION`: unknown or not running pod. */
  probe(question: ProbeQuestion): Promise<ProbeAnswer>;
  /** Every ordered pair of running pods, each as it comes. */
  probeAll(question: ProbeAllQuestion, signal?: AbortSignal): AsyncIterable<ProbeAnswer>;
  /** The command's exit code; 127 when there is no such command. */
  exec(question: ExecQuestion): Promise<number>;
  /** @throws {SimError} `BAD_QUESTION`: unknown node or interface, bad filter. */
  capture(question: CaptureQuestion): AsyncIterable<CapturePiece>;
  close(): void;
}
