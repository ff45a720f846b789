import type { Simulation } from '@margay/sim';

/** Runs `use` with the running simulation of that name, and leaves no connection behind. */
export async function withSimulation<T>(name: string, use: (simulation: Simulation) => Promise<T>): Promise<T> {
  const { connect } = await import('@margay/sim');
  const simulation = await connect(name);
  try {
    return await use(simulation);
  } finally {
    simulation.close();
  }
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Aborts at Ctrl-C, SIGTERM or hang-up instead of ending the process, until `stop` is called. */
export function interruption(): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  for (const name of ENDING) process.on(name, abort);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of ENDING) process.off(name, abort);
    },
  };
}
