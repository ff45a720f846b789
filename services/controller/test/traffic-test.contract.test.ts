import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createThinStore } from '@margay/kube';
import type { DaemonSet, Pod } from '@margay/model';
import type { ResourceStore } from '@margay/ports';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { API_SERVERS, type Ended, runProgram, type TestServer, writeKubeconfig } from './api-servers.ts';

const PROGRAM = join(import.meta.dirname, '../src/traffic-test/main.ts');
const INSTALL_CRDS = join(import.meta.dirname, '../src/crds/main.ts');
const MANIFESTS = join(import.meta.dirname, '../../../deploy/chart/crds');

const NAMESPACE = 'default';
const POD_ADDRESS = '10.244.0.5';
const NODE_ADDRESS = '192.0.2.1';
/** Whom the servers of the test say that they see, in pods and on nodes. */
const seen = { inside: POD_ADDRESS, outside: NODE_ADDRESS };

// On kube-apiserver alone: the simulator's server has no DaemonSets.
describe.each(API_SERVERS.filter(({ name }) => name === 'kube-apiserver'))(
  'traffic-test on $name',
  ({ start, there }) => {
    const folder = mkdtempSync(join(tmpdir(), 'margay-traffic-'));
    const kubeconfig = join(folder, 'kubeconfig');
    let server: TestServer;
    let store: ResourceStore;
    let inside: Server;
    let outside: Server;

    beforeAll(async () => {
      if (!there) return;
      server = await start();
      writeKubeconfig(kubeconfig, server);
      expect((await runProgram(INSTALL_CRDS, '--kubeconfig', kubeconfig, '--dir', MANIFESTS)).code).toBe(0);
      store = createThinStore({ kubeconfig });
      await store.create('IPPool', {
        metadata: { name: 'pods' },
        spec: { cidr: '10.244.0.0/16', blockSize: 26, ipipMode: 'Always', natOutgoing: true },
      } as never);
      inside = await listen('inside');
      outside = await listen('outside');
      for (const [component, node, address] of [
        ['test-inside', 'here', '127.0.0.1'],
        ['test-inside', 'there', '127.0.0.2'],
        ['test-outside', 'here', '127.0.0.1'],
        ['test-outside', 'there', '127.0.0.2'],
      ] as const) {
        await createPod(component, node, address);
      }
      for (const component of ['test-inside', 'test-outside']) await createDaemonSet(component, 2);
    });
    afterAll(async () => {
      if (there) {
        for (const each of [inside, outside]) each.close();
        await server.close();
      }
      rmSync(folder, { recursive: true });
    });
    afterEach(() => {
      Object.assign(seen, { inside: POD_ADDRESS, outside: NODE_ADDRESS });
    });

    async function createDaemonSet(component: string, wanted: number): Promise<void> {
      const labels = { 'app.kubernetes.io/component': component };
      const containers = [{ name: 'server', image: 'example.com/server' }];
      const daemonSet = {
        metadata: { namespace: NAMESPACE, name: `margay-${component}` },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
      };
      await store.create('DaemonSet', daemonSet as DaemonSet);
      await want(component, wanted);
    }

    /** As the controller of DaemonSets would, which is not here. */
    async function want(component: string, desiredNumberScheduled: number): Promise<void> {
      const none = { currentNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 };
      const status = { ...none, observedGeneration: 1, desiredNumberScheduled };
      const ref = { namespace: NAMESPACE, name: `margay-${component}` };
      await store.patch('DaemonSet', ref, { status }, { subresource: 'status' });
    }

    async function createPod(component: string, node: string, podIP: string): Promise<void> {
      const pod: Pod = {
        metadata: {
          namespace: NAMESPACE,
          name: `${component}-${node}`,
          labels: { 'app.kubernetes.io/name': 'margay', 'app.kubernetes.io/component': component },
        },
        spec: { nodeName: node, containers: [{ name: 'server', image: 'example.com/server' }] },
      };
      await store.create('Pod', pod);
      await setReady(`${component}-${node}`, true, podIP);
    }

    async function setReady(name: string, isReady: boolean, podIP = '127.0.0.1'): Promise<void> {
      const conditions = [{ type: 'Ready', status: isReady ? 'True' : 'False', message: 'the probe failed' }];
      const status = { podIP, podIPs: [{ ip: podIP }], conditions };
      await store.patch('Pod', { namespace: NAMESPACE, name }, { status }, { subresource: 'status' });
    }

    async function test(...more: readonly string[]): Promise<Ended> {
      const port = (of: Server): number => (of.address() as AddressInfo).port;
      return await runProgram(
        PROGRAM,
        `--kubeconfig=${kubeconfig}`,
        `--namespace=${NAMESPACE}`,
        '--node-name=here',
        `--pod-address=${POD_ADDRESS}`,
        `--node-address=${NODE_ADDRESS}`,
        `--inside-port=${port(inside)}`,
        `--outside-port=${port(outside)}`,
        `--service-url=http://localhost:${port(inside)}/hostname`,
        '--timeout-seconds=0.5',
        ...more,
      );
    }

    it.skipIf(!there)('says of each thing that it works, and ends with 0', async () => {
      const { port } = outside.address() as AddressInfo;
      const { code, out, err } = await test(`--outside-address=127.0.0.1:${port}`);
      expect(err).toBe('');
      expect(out.replaceAll(/localhost:\d+|127\.0\.0\.1:\d+/g, 'ADDRESS').split('\n')).toEqual([
        `From ${POD_ADDRESS} on here:`,
        'ok      the Kubernetes API through its Service, and a server on every node',
        'ok      to the pod 127.0.0.1 on the same node',
        'ok      to the pod 127.0.0.2 on there',
        'ok      to a Service by its name, http://ADDRESS/hostname',
        'ok      a server on the own address of every node',
        'ok      the pool of this pod',
        "ok      to the node there at 127.0.0.2, where it is seen as its node's address, 192.0.2.1",
        'ok      to the outside: ADDRESS',
        'The network works.',
        '',
      ]);
      expect(code).toBe(0);
    });

    it.skipIf(!there)('says what does not work and why, and ends with 1', async () => {
      Object.assign(seen, { inside: '10.244.0.6', outside: POD_ADDRESS });
      await setReady('test-outside-there', false);
      const { code, out } = await test('--outside-address=127.0.0.1:1');
      await setReady('test-outside-there', true, '127.0.0.2');
      const failed = out.split('\n').filter((line) => !line.startsWith('ok'));
      expect(failed).toEqual([
        `From ${POD_ADDRESS} on here:`,
        `FAILED  to the pod 127.0.0.1 on the same node: the server sees 10.244.0.6, not ${POD_ADDRESS}`,
        `FAILED  to the pod 127.0.0.2 on there: the server sees 10.244.0.6, not ${POD_ADDRESS}`,
        'FAILED  a server on the own address of every node: not ready: there (the probe failed)',
        'FAILED  to the outside: 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1',
        '4 of these do not work.',
        '',
      ]);
      expect(code).toBe(1);
    });

    it.skipIf(!there)('misses a node that has no pod of the test', async () => {
      await want('test-inside', 3);
      const { code, out } = await test();
      await want('test-inside', 2);
      expect(out).toContain(
        'FAILED  the Kubernetes API through its Service, and a server on every node: margay-test-inside: 2 of 3 pods are there',
      );
      expect(code).toBe(1);
    });
  },
);

async function listen(side: keyof typeof seen): Promise<Server> {
  const server = createServer((request, response) => {
    response.end(request.url === '/clientip' ? `${seen[side]}:12345` : 'name');
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  return server;
}
