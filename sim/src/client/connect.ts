import { existsSync } from 'node:fs';
import { clientCredentials } from '@margay/runtime';
import { createClient, type ServiceClient, unary } from '@margay/wire';
import { SimError } from '../error.ts';
import { type StatePaths, statePaths } from '../launcher/paths.ts';
import { checkName } from '../launcher/question.ts';
import { isAlive, readRecord } from '../launcher/record.ts';
import { checkStateDirectory } from '../launcher/state-lock.ts';
import { RemoteSimulation } from './remote-simulation.ts';
import type { Simulation } from './types.ts';

/** See `connect` in the package's index. */
export async function connectSimulation(name: string): Promise<Simulation> {
  checkName(name);
  const paths = statePaths(name);
  checkStateDirectory(paths.directory);
  if (!isAlive(readRecord(paths.record)) || !existsSync(paths.socket)) {
    throw new SimError(
      'NOT_RUNNING',
      `simulation '${name}' is not running: start it with margay sim up --name ${name}`,
    );
  }
  return new RemoteSimulation(name, paths, openClient(paths));
}

/** Asks the daemon to end everything in order. False: it did not answer. */
export async function shutdownSimulation(paths: StatePaths): Promise<boolean> {
  if (!existsSync(paths.socket)) return false;
  const client = openClient(paths);
  try {
    await unary(client, 'shutdown', {}, { timeoutMs: 5_000 });
    return true;
  } catch {
    return false;
  } finally {
    client.close();
  }
}

function openClient(paths: StatePaths): ServiceClient<'margay.sim.v1.Simulator'> {
  return createClient('margay.sim.v1.Simulator', `unix:${paths.socket}`, {
    credentials: clientCredentials(),
    // A machine under full load may be slow to answer.
    keepaliveTimeoutMs: 20_000,
  });
}
