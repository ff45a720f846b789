import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer } from '@margay/apiserver';
import type { ResourceStore } from '@margay/ports';
import type { StoreUnderTest } from '@margay/testkit';

/** How few changes the server remembers, so that a test can make it forget. */
const HISTORY_LENGTH = 40;

const TOKEN = 'token-of-the-test';

/** A simulator's API server in this process, on the loopback, and a store that speaks to it. */
export async function startTestServer(
  connect: (options: { readonly kubeconfig: string }) => ResourceStore | Promise<ResourceStore>,
): Promise<StoreUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'margay-kube-'));
  const server = await startApiServer({
    database: ':memory:',
    listen: [{ host: '127.0.0.1', port: 0 }],
    tokens: new Map([[TOKEN, 'tester']]),
    historyLength: HISTORY_LENGTH,
  });
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(`http://127.0.0.1:${server.port}`)), { mode: 0o600 });
  const store = await connect({ kubeconfig });
  return {
    store,
    namespace: 'default',
    async compact() {
      // The server forgets in strides, so it may keep somewhat more.
      for (let step = 0; step <= 2 * HISTORY_LENGTH; step++) {
        await store.patch('Namespace', { name: 'default' }, { metadata: { labels: { step: `${step}` } } });
      }
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function kubeconfigOf(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    // The official client speaks plain HTTP only to a cluster whose certificate it would not check.
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token: TOKEN } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
}
