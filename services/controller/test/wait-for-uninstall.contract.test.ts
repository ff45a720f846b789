import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createThinStore } from '@margay/kube';
import type { DaemonSet, KindName, Pod, Resource } from '@margay/model';
import type { ResourceStore } from '@margay/ports';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { API_SERVERS, type Ended, runProgram, type TestServer, writeKubeconfig } from './api-servers.ts';

// On kube-apiserver alone: the simulator's server has no workloads and no rights.

const PROGRAM = join(import.meta.dirname, '../src/uninstall/main.ts');
const INSTALL_CRDS = join(import.meta.dirname, '../src/crds/main.ts');
const MANIFESTS = join(import.meta.dirname, '../../../deploy/chart/crds');
const NAMESPACE = 'default';
const NAME = 'margay-uninstall';
const LABELS = { 'app.kubernetes.io/name': 'margay', 'app.kubernetes.io/component': 'uninstall' };

describe.each(API_SERVERS.filter(({ name }) => name === 'kube-apiserver'))(
  'wait-for-uninstall on $name',
  ({ start, there }) => {
    const folder = mkdtempSync(join(tmpdir(), 'margay-uninstall-'));
    const kubeconfig = join(folder, 'kubeconfig');
    let server: TestServer;
    let store: ResourceStore;

    beforeAll(async () => {
      if (!there) return;
      server = await start();
      writeKubeconfig(kubeconfig, server);
      store = createThinStore({ kubeconfig });
    });
    afterAll(async () => {
      if (there) await server.close();
      rmSync(folder, { recursive: true });
    });
    beforeEach(async () => {
      if (!there) return;
      const containers = [{ name: 'uninstall', image: 'example.com/agent' }];
      const template = { metadata: { labels: LABELS }, spec: { containers } };
      const daemonSet = {
        metadata: { namespace: NAMESPACE, name: NAME },
        spec: { selector: { matchLabels: LABELS }, template },
      };
      await store.create('DaemonSet', daemonSet as DaemonSet);
      await store.create('ClusterRole', { metadata: { name: NAME } });
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: NAME };
      await store.create('ClusterRoleBinding', { metadata: { name: NAME }, roleRef } as Resource);
      await store.create('ServiceAccount', { metadata: { namespace: NAMESPACE, name: NAME } });
    });

    function wait(seconds: string): Promise<Ended> {
      const options = [`--namespace=${NAMESPACE}`, `--kubeconfig=${kubeconfig}`, `--timeout-seconds=${seconds}`];
      return runProgram(PROGRAM, ...options, `--delete-crds=${MANIFESTS}`);
    }

    async function left(): Promise<KindName[]> {
      const kinds = ['DaemonSet', 'ClusterRole', 'ClusterRoleBinding', 'ServiceAccount'] as const;
      const found = await Promise.all(kinds.map((kind) => store.get(kind, { namespace: NAMESPACE, name: NAME })));
      return kinds.filter((_, index) => found[index] !== undefined);
    }

    /** As the controller of DaemonSets would, which is not here. */
    async function count(numberReady: number): Promise<void> {
      const status = {
        observedGeneration: 1,
        currentNumberScheduled: 1,
        desiredNumberScheduled: 1,
        numberReady,
        numberMisscheduled: 0,
      };
      await store.patch('DaemonSet', { namespace: NAMESPACE, name: NAME }, { status }, { subresource: 'status' });
    }

    it.skipIf(!there)('names the nodes that are late, then deletes what did the cleaning', async () => {
      expect((await runProgram(INSTALL_CRDS, '--kubeconfig', kubeconfig, '--dir', MANIFESTS)).code).toBe(0);
      await count(0);
      const pod: Pod = {
        metadata: { namespace: NAMESPACE, name: 'cleans', labels: LABELS },
        spec: { nodeName: 'node-a', containers: [{ name: 'uninstall', image: 'example.com/agent' }] },
      };
      await store.create('Pod', pod);
      const late = await wait('1');
      expect([late.code, late.err]).toEqual([1, '']);
      expect(late.out).toMatch(
        /^These nodes still .*\n- node-a: it has not started yet\n[\s\S]*\nAfter 1 s these nodes/,
      );
      expect(await left()).toEqual(['DaemonSet', 'ClusterRole', 'ClusterRoleBinding', 'ServiceAccount']);
      await store.delete('Pod', pod.metadata, { gracePeriodSeconds: 0 });
      await count(1);
      const { code, out, err } = await wait('30');
      expect([code, err]).toEqual([0, '']);
      expect(out).toMatch(/ippools\.networking\.margay\.dev: deleted\nEvery node is as it was before\.\n$/);
      expect(await left()).toEqual([]);
    });
  },
);
