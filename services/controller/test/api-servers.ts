import { type ExecFileException, execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer } from '@margay/apiserver';
import { findKubernetesPrograms, startKubeApiserver } from '@margay/testkit';

export const TOKEN = 'token-of-the-test';

export interface TestServer {
  readonly url: string;
  readonly token: string;
  readonly ca?: string;
  readonly close: () => Promise<void>;
}

const programs = findKubernetesPrograms();

/** The servers that a program is tested on; without Margay's kinds. Those that are not there are to be skipped. */
export const API_SERVERS: readonly {
  readonly name: string;
  readonly there: boolean;
  readonly start: () => Promise<TestServer>;
}[] = [
  { name: "the simulator's server", start: startSimulator, there: true },
  { name: 'kube-apiserver', start: startKubernetes, there: programs !== undefined },
];

async function startSimulator(): Promise<TestServer> {
  const crdDir = mkdtempSync(join(tmpdir(), 'margay-no-crds-'));
  const server = await startApiServer({
    database: ':memory:',
    listen: [{ host: '127.0.0.1', port: 0 }],
    tokens: new Map([[TOKEN, 'tester']]),
    crdDir,
  });
  const close = async (): Promise<void> => {
    await server.close();
    rmSync(crdDir, { recursive: true });
  };
  return { url: `http://127.0.0.1:${server.port}`, token: TOKEN, close };
}

async function startKubernetes(): Promise<TestServer> {
  if (programs === undefined) throw new Error('kube-apiserver and etcd are not here');
  return await startKubeApiserver(programs);
}

export function writeKubeconfig(file: string, { url, token, ca }: Pick<TestServer, 'url' | 'token' | 'ca'>): void {
  const data = ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  const content = {
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server: url, ...data } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
}

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program of this service to its end. */
export function runProgram(file: string, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], (error: ExecFileException | null, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}
