import type { ProbeAnswer, SimulationStatus } from '../client/types.ts';

export interface UpRequest {
  /** Name of the simulation; a DNS label of at most 32 characters. */
  readonly name: string;
  /** The text of a topology and the file name that problems are told with; absent: the default topology. */
  readonly topology?: { readonly text: string; readonly file: string };
  /** These override the topology's own; absent where the user gave no such option. */
  readonly profile?: string;
  readonly mode?: string;
  readonly nodes?: number;
  readonly podsPerNode?: number;
  /** One short line of progress for people. */
  readonly onProgress?: (line: string) => void;
  /** Aborting takes down what was started; `up` then throws SimError `FAILED`. */
  readonly signal?: AbortSignal;
}

export interface UpResult {
  readonly status: SimulationStatus;
  /** The connections that verified the start: pod pairs, and each pod to the outside host. */
  readonly verified: readonly ProbeAnswer[];
  /** The outside host's address: `verified` answers to it are the outside world. */
  readonly outsideAddress: string;
  /** From the call of `up`. */
  readonly seconds: number;
}
