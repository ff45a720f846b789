import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createThinTransport, type Transport } from '@margay/kube';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ApiObjects } from '../src/uninstall/api-objects.ts';
import { hookPaths, NODE_HOOK, WAIT_HOOK, waitAccount } from '../src/uninstall/hook-objects.ts';
import { removeOwnAccount } from '../src/uninstall/remove-account.ts';
import { API_SERVERS, type Ended, runProgram, type TestServer, writeKubeconfig } from './api-servers.ts';

// On kube-apiserver alone: the simulator's server has no workloads and no rights.

const PROGRAM = join(import.meta.dirname, '../src/uninstall/end/main.ts');
const NAMESPACE = 'default';
const RBAC = 'rbac.authorization.k8s.io';

describe.each(API_SERVERS.filter(({ name }) => name === 'kube-apiserver'))(
  'an old uninstall on $name',
  ({ start, there }) => {
    const folder = mkdtempSync(join(tmpdir(), 'margay-end-'));
    const kubeconfig = join(folder, 'kubeconfig');
    const { running, rest } = hookPaths(NAMESPACE);
    let server: TestServer;
    let transport: Transport;
    let objects: ApiObjects;

    beforeAll(async () => {
      if (!there) return;
      server = await start();
      writeKubeconfig(kubeconfig, server);
      transport = createThinTransport({ kubeconfig });
      objects = new ApiObjects(transport);
    });
    afterAll(async () => {
      if (there) await server.close();
      rmSync(folder, { recursive: true });
    });
    beforeEach(async () => {
      if (!there) return;
      for (const path of [...running, ...rest]) await create(path);
    });

    async function create(path: string): Promise<void> {
      const [collection, name] = [path.slice(0, path.lastIndexOf('/')), path.slice(path.lastIndexOf('/') + 1)];
      const text = JSON.stringify({ metadata: { name }, ...contentOf(collection, name) });
      const body = { type: 'application/json', text };
      const response = await transport.send({
        method: 'POST',
        path: collection,
        body,
        signal: AbortSignal.timeout(9_000),
      });
      // One that was there is as good.
      expect([201, 409], await response.text()).toContain(response.status);
    }

    function contentOf(collection: string, name: string): object {
      const kind = collection.slice(collection.lastIndexOf('/') + 1);
      const labels = { app: name };
      const template = {
        metadata: { labels },
        spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'example.com/c' }] },
      };
      switch (kind) {
        case 'jobs':
          return { spec: { template } };
        case 'daemonsets':
          return {
            spec: {
              selector: { matchLabels: labels },
              template: { ...template, spec: { ...template.spec, restartPolicy: 'Always' } },
            },
          };
        case 'rolebindings':
          return { roleRef: { apiGroup: RBAC, kind: 'Role', name } };
        case 'clusterrolebindings':
          return { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name } };
        default:
          return {};
      }
    }

    async function left(): Promise<string[]> {
      const paths = [...running, ...rest];
      const found = await Promise.all(paths.map((path) => objects.get(path)));
      return paths.filter((_, index) => found[index] !== undefined);
    }

    function end(seconds: string): Promise<Ended> {
      const options = [`--namespace=${NAMESPACE}`, `--kubeconfig=${kubeconfig}`, `--timeout-seconds=${seconds}`];
      return runProgram(PROGRAM, ...options);
    }

    it.skipIf(!there)('is ended, and what runs is gone only with all that it owns', async () => {
      const first = await end('1');
      expect([first.code, first.err]).toEqual([0, '']);
      // The cluster's garbage collector, which would let them go, is not here.
      expect(first.out).toContain(`pods of jobs/${WAIT_HOOK} and daemonsets/${NODE_HOOK} have not ended yet`);
      expect(await left()).toEqual([...running]);
      for (const path of running) await objects.patch(path, { metadata: { finalizers: null } });
      expect(await left()).toEqual([]);
      expect(await end('5')).toEqual({ code: 0, out: '', err: '' });
    });

    it.skipIf(!there)('is told by the program that cannot reach the API', async () => {
      const nowhere = join(folder, 'nowhere');
      writeKubeconfig(nowhere, { url: 'https://127.0.0.1:9', token: 'none' });
      const { code, err } = await runProgram(
        PROGRAM,
        '--namespace=a',
        `--kubeconfig=${nowhere}`,
        '--timeout-seconds=1',
      );
      expect([code, err]).toEqual([3, expect.stringMatching(/^The old uninstall could not be ended: .*ECONNREFUSED/)]);
    });

    it.skipIf(!there)('takes its own account away by making all of it belong to what it deletes', async () => {
      const { clusterRights, rights } = waitAccount(NAMESPACE);
      const owner = await objects.get(clusterRights);
      await removeOwnAccount(objects, NAMESPACE);
      expect(await objects.get(clusterRights)).toBeUndefined();
      for (const path of rights) {
        const ownerReferences = [{ kind: 'ClusterRoleBinding', name: WAIT_HOOK, uid: owner?.metadata.uid }];
        expect(await objects.get(path), path).toMatchObject({ metadata: { ownerReferences } });
      }
      await removeOwnAccount(objects, NAMESPACE);
    });
  },
);
