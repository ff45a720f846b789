import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Topology } from '../topology/types.ts';

/** What the launcher tells the daemon: nothing in it is secret. */
export interface LaunchPlan {
  readonly name: string;
  readonly topology: Topology;
  /** Port of the API server's listener on the host's loopback. */
  readonly hostPort: number;
  /** Milliseconds since 1970 at which `up` was called. */
  readonly startedAtMs: number;
}

/** Descriptor of that listener in the daemon. */
export const LISTENER_FD = 3;

/** Whole or not at all. */
export function writePlan(path: string, plan: LaunchPlan): void {
  writeFileSync(`${path}.new`, JSON.stringify(plan), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** Waits for the launcher, which writes it last. The file is its own, in a directory that is its user's alone. */
export async function readPlan(path: string): Promise<LaunchPlan> {
  for (;;) {
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as LaunchPlan;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      await delay(5);
    }
  }
}
