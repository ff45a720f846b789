import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiServer, startApiServer } from '@margay/apiserver';
import { type KubernetesPrograms, loadManifests, selfSigned, startKubeApiserver } from '@margay/testkit';
import { SERVICE_ACCOUNT_FOLDER } from '../src/in-cluster.ts';
import type { ApiOptions } from '../src/index.ts';

/** How few changes the simulator's server remembers, so that a test can make it forget. */
const HISTORY_LENGTH = 40;

/** Of the simulator's server. */
const TOKEN = 'token-of-the-test';

/** An API server that a test may maltreat. */
export interface ApiUnderTest {
  readonly port: number;
  readonly ca: string;
  readonly token: string;
  /** Makes it forget the history before now; `churn` writes something. */
  compact(churn: () => Promise<unknown>): Promise<void>;
  /** It goes away and comes back, with its data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function startSimApi(): Promise<ApiUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'margay-kube-'));
  const { certificate, privateKey } = await selfSigned();
  const start = (port: number): Promise<ApiServer> =>
    startApiServer({
      database: join(folder, 'database'),
      listen: [{ host: '127.0.0.1', port }],
      tls: { certificate, privateKey },
      tokens: new Map([[TOKEN, 'tester']]),
      historyLength: HISTORY_LENGTH,
    });
  let server = await start(0);
  const { port } = server;
  return {
    port,
    ca: certificate,
    token: TOKEN,
    async compact(churn) {
      // It forgets in strides, so it may keep somewhat more.
      for (let step = 0; step <= 2 * HISTORY_LENGTH; step++) await churn();
    },
    async restart() {
      await server.close();
      server = await start(port);
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export async function startRealApi(programs: KubernetesPrograms): Promise<ApiUnderTest> {
  const server = await startKubeApiserver(programs);
  const folder = join(import.meta.dirname, '../../../deploy/chart/crds');
  await loadManifests(
    server.client,
    readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  return {
    port: Number(new URL(server.url).port),
    ca: server.ca,
    token: server.token,
    async compact(churn) {
      await churn();
      await server.compact();
      // Its watch cache remembers what etcd has forgotten; a server that has just started has none.
      await server.restart();
    },
    restart: () => server.restart(),
    close: () => server.close(),
  };
}

/** What a pod finds on its machine to reach a server on the loopback. */
export interface PodFiles {
  readonly options: ApiOptions;
  setToken(token: string): void;
  remove(): void;
}

export function makePodFiles({ ca, token }: ApiUnderTest, port: number): PodFiles {
  const root = mkdtempSync(join(tmpdir(), 'margay-pod-'));
  const folder = join(root, SERVICE_ACCOUNT_FOLDER);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ca.crt'), ca);
  const setToken = (text: string): void => writeFileSync(join(folder, 'token'), text);
  setToken(token);
  const env = { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: `${port}` };
  return {
    options: { inCluster: { env, root } },
    setToken,
    remove: () => rmSync(root, { recursive: true }),
  };
}
