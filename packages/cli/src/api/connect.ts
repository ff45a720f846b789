import { createThinTransport } from '@margay/kube';
import { withSimulation } from '../sim/simulation.ts';
import { ApiClient } from './client.ts';

/**
 * The API server of a simulation.
 *
 * @throws {SimError} `NOT_RUNNING`
 */
export async function connectApi(name: string): Promise<ApiClient> {
  const kubeconfig = await withSimulation(name, async ({ kubeconfigPath }) => kubeconfigPath);
  return new ApiClient(createThinTransport({ kubeconfig }));
}
