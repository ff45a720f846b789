import type { NetworkList } from '../cni/index.ts';

/** What survives a restart of the kubelet: one a sandbox, on disk before the sandbox exists. */
export interface SandboxRecord {
  readonly version: 1;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly containerId: string;
  /** Empty for a hostNetwork pod. */
  readonly netnsPath: string;
  /**
   * `adding`: the plugin may have run; after a restart this is undone.
   * `ready`: the pod has its addresses. `removing`: being undone.
   */
  readonly state: 'adding' | 'ready' | 'removing';
  /** The network that it was added to; absent for a hostNetwork pod. */
  readonly network?: NetworkList;
  /** IPv4 first. */
  readonly addresses: readonly string[];
  /** Which file cannot be read, and why: the rest is what the file's name tells. */
  readonly damage?: string;
  /** Commands of the pod that were started. */
  readonly processes: readonly ProcessRecord[];
}

/** A process, told from a later one with the same number by its start. */
export interface ProcessRecord {
  readonly pid: number;
  /** Field 22 of /proc/PID/stat. */
  readonly startTicks: string;
}
