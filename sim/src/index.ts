import type { Simulation } from './client/types.ts';
import type { UpRequest, UpResult } from './launcher/types.ts';

// What the `margay` command uses. Light to import: the parts that need gRPC,
// certificates or YAML are loaded when they are called for.

export type * from './client/types.ts';
export { EXIT_CODE, SimError, type SimErrorCode } from './error.ts';
export type * from './launcher/types.ts';

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
