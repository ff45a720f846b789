import type { ProbeAnswer, Simulation, SimulationStatus } from './client/types.ts';

// What the `margay` command uses. Light to import: the parts that need gRPC,
// certificates or YAML are loaded when they are called for.

export type * from './client/types.ts';
export { EXIT_CODE, SimError, type SimErrorCode } from './error.ts';

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

/**
 * Starts a simulation and waits until it is ready and verified. On any
 * failure nothing is left of it.
 *
 * @throws {SimError} `BAD_QUESTION`: bad topology or options, or the name is
 *   up already; then nothing was created. `FAILED`: what is missing, or what
 *   went wrong.
 */
export async function up(request: UpRequest): Promise<UpResult> {
  const { startSimulation } = await import('./launcher/start.ts');
  return await startSimulation(request);
}

/**
 * Ends a simulation, whatever state it is in. False: there was nothing to
 * take down.
 */
export async function down(name: string): Promise<boolean> {
  const { stopSimulation } = await import('./launcher/stop.ts');
  return await stopSimulation(name);
}

/** @throws {SimError} `NOT_RUNNING` */
export async function connect(name: string): Promise<Simulation> {
  const { connectSimulation } = await import('./client/connect.ts');
  return await connectSimulation(name);
}
