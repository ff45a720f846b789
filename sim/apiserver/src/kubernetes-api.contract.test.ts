import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ApiClient,
  describeKubernetesApi,
  findKubernetesPrograms,
  loadManifests,
  startKubeApiserver,
} from '@margay/testkit';
import { describe } from 'vitest';
import { startTestServer } from './test-support/test-server.ts';

/** Short, so that a few writes make it forget. */
const HISTORY_LENGTH = 100;
const CRDS = join(import.meta.dirname, '../../../deploy/chart/crds');

describeKubernetesApi('sim/apiserver', async () => {
  const server = await startTestServer({ historyLength: HISTORY_LENGTH });
  const client = new ApiClient(server.address);
  const compact = async (): Promise<void> => {
    for (let count = 0; count <= HISTORY_LENGTH; count += 1) {
      const body = { metadata: { generateName: 'churn-', namespace: 'kube-public' } };
      await client.call('POST', '/api/v1/namespaces/kube-public/configmaps', { body });
    }
  };
  return { client, compact, close: () => server.close() };
});

const programs = findKubernetesPrograms();
describe.skipIf(programs === undefined)('with the real programs', () => {
  describeKubernetesApi('kube-apiserver', async () => {
    if (programs === undefined) throw new Error('kube-apiserver and etcd are not here');
    const server = await startKubeApiserver(programs);
    const manifests = readdirSync(CRDS).map((file) => readFileSync(join(CRDS, file), 'utf8'));
    await loadManifests(server.client, manifests);
    return server;
  });
});
