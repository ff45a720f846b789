import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Files of one simulation, all below its state directory. */
export interface StatePaths {
  readonly directory: string;
  /** What to start, as the launcher tells the daemon. */
  readonly plan: string;
  /** Which process is the simulation. */
  readonly record: string;
  readonly socket: string;
  readonly kubeconfig: string;
  readonly pki: string;
  readonly logs: string;
  readonly nodes: string;
  readonly database: string;
  /** Is there from the moment that `down` was called. */
  readonly takenDown: string;
}

/** Where the simulations of this user live; not made by this function. */
export function stateBase(): string {
  const { uid } = userInfo();
  if (uid === 0) return '/run/margay';
  const runtime = process.env.XDG_RUNTIME_DIR;
  return runtime ? join(runtime, 'margay') : `/tmp/margay-${uid}`;
}

export function statePaths(name: string): StatePaths {
  return pathsIn(join(stateBase(), name));
}

export function pathsIn(directory: string): StatePaths {
  return {
    directory,
    plan: join(directory, 'plan.json'),
    record: join(directory, 'daemon.json'),
    socket: join(directory, 'sim.sock'),
    kubeconfig: join(directory, 'kubeconfig'),
    pki: join(directory, 'pki'),
    logs: join(directory, 'logs'),
    nodes: join(directory, 'nodes'),
    database: join(directory, 'api.db'),
    takenDown: join(directory, 'taken-down'),
  };
}

/** Root of the checkout: this file is sim/src/launcher/paths.ts. */
export function checkoutDirectory(): string {
  return dirname(dirname(dirname(import.meta.dirname)));
}
