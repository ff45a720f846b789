import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient } from '../kubernetes-api/api-client.ts';
import { compactEtcd } from './compact.ts';
import type { KubernetesPrograms } from './find-programs.ts';
import { type Guard, startGuard } from './guard.ts';
import { Program } from './program.ts';

const START_TIMEOUT_MS = 60_000;

/** A kube-apiserver with an etcd of its own, on the loopback. */
export interface KubeApiserver {
  readonly url: string;
  /** PEM; the server's own certificate. */
  readonly ca: string;
  /** A bearer token of the user `tester` in the group `system:masters`. */
  readonly token: string;
  readonly client: ApiClient;
  /** Forgets all history up to now, as etcd does every five minutes. */
  compact(): Promise<void>;
  /** Kills kube-apiserver and starts it again on the same data and port; resolves when it answers. */
  restart(): Promise<void>;
  /** Ends both programs and removes their data. */
  close(): Promise<void>;
}

/**
 * Starts etcd and kube-apiserver with data, certificates and keys in a
 * temporary folder, and waits until the API answers. Both end with this
 * process, however it ends.
 *
 * @throws {Error} with the program's last output when one of them does not start
 */
export async function startKubeApiserver(programs: KubernetesPrograms): Promise<KubeApiserver> {
  const folder = mkdtempSync(join(tmpdir(), 'margay-kube-apiserver-'));
  const guard = startGuard(folder);
  const started: Program[] = [];
  const close = async (): Promise<void> => {
    for (const program of started.reverse()) await program.kill();
    await guard.release();
  };
  try {
    return { ...(await startIn(folder, programs, { guard, started })), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startIn(
  folder: string,
  { etcd, kubeApiserver }: KubernetesPrograms,
  { guard, started }: { readonly guard: Guard; readonly started: Program[] },
): Promise<Omit<KubeApiserver, 'close'>> {
  const run = (name: string, file: string, args: readonly string[]): Program => {
    const program = new Program(name, file, args);
    guard.watch(program.pid);
    started.push(program);
    return program;
  };
  const [client = 0, peer = 0, port = 0] = await freePorts(3);
  const etcdUrl = `http://127.0.0.1:${client}`;
  const database = run('etcd', etcd, etcdOptions(folder, etcdUrl, `http://127.0.0.1:${peer}`));
  const token = randomBytes(24).toString('hex');
  const runServer = (): Program =>
    run('kube-apiserver', kubeApiserver, serverOptions(folder, { etcdUrl, port, token }));
  let server = runServer();
  await database.untilReady(async () => (await fetch(`${etcdUrl}/health`)).ok, START_TIMEOUT_MS);
  const url = `https://127.0.0.1:${port}`;
  const certificate = join(folder, 'certs/apiserver.crt');
  let api: ApiClient | undefined;
  const untilServerReady = (): Promise<void> =>
    server.untilReady(async () => {
      api ??= new ApiClient({ url, ca: readFileSync(certificate, 'utf8'), token });
      return (await api.call('GET', '/readyz')).status === 200;
    }, START_TIMEOUT_MS);
  await untilServerReady();
  const ca = readFileSync(certificate, 'utf8');
  return {
    url,
    ca,
    token,
    client: new ApiClient({ url, ca, token }),
    compact: () => compactEtcd(etcdUrl),
    restart: async () => {
      await server.kill();
      server = runServer();
      await untilServerReady();
    },
  };
}

function etcdOptions(folder: string, clientUrl: string, peerUrl: string): string[] {
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=default=${peerUrl}`,
    // The data end with the test: nothing has to survive a power failure.
    '--unsafe-no-fsync',
    '--log-level=error',
  ];
}

function serverOptions(
  folder: string,
  { etcdUrl, port, token }: { readonly etcdUrl: string; readonly port: number; readonly token: string },
): string[] {
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, `${token},tester,tester,"system:masters"\n`, { mode: 0o600 });
  const key = join(folder, 'service-accounts.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${join(folder, 'certs')}`,
    `--token-auth-file=${tokens}`,
    '--authorization-mode=RBAC',
    `--service-account-signing-key-file=${key}`,
    `--service-account-key-file=${key}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-cluster-ip-range=10.0.0.0/24',
    '--endpoint-reconciler-type=none',
    // No controller makes service accounts here, and pods must be admitted without.
    '--disable-admission-plugins=ServiceAccount',
    // As every installer does: network agents need it.
    '--allow-privileged=true',
    // A compaction is what a test asks for.
    '--etcd-compaction-interval=0',
    '--profiling=false',
  ];
}

/** Ports that nobody has now; all differ. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer();
          server.once('error', reject).listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
