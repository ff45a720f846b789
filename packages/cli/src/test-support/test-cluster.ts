import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startApiServer } from '@margay/apiserver';
import { createThinTransport } from '@margay/kube';
import { selfSigned } from '@margay/testkit';
import { ApiClient } from '../api/client.ts';
import { applyFiles } from '../apply/apply-files.ts';
import { deleteObjects } from '../delete/delete-objects.ts';
import type { GetOptions } from '../get/get-objects.ts';
import { getObjects } from '../get/get-objects.ts';
import { loadInput } from '../manifests/load.ts';

export interface Answer {
  readonly result: number | boolean | Error;
  readonly stdout: string;
  readonly stderr: string;
}

type DeleteOptions = Partial<Parameters<typeof deleteObjects>[2]>;

const DELETE_DEFAULTS = { namespace: 'default', wait: true, timeout: 60, output: 'text' } as const;

/** The real API server with a directory for manifests; the commands run against it in this process. */
export class TestCluster {
  readonly api: ApiClient;
  readonly kubeconfig: string;
  readonly #directory: string;
  readonly #close: () => Promise<void>;

  private constructor(directory: string, kubeconfig: string, close: () => Promise<void>) {
    this.#directory = directory;
    this.#close = close;
    this.kubeconfig = kubeconfig;
    this.api = new ApiClient(createThinTransport({ kubeconfig }));
  }

  static async start(): Promise<TestCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'margay-cli-'));
    const tls = await selfSigned();
    const server = await startApiServer({
      tls,
      database: join(directory, 'state.sqlite'),
      listen: [{ host: '127.0.0.1', port: 0 }],
      tokens: new Map([['a-token', 'tester']]),
    });
    const kubeconfig = join(directory, 'kubeconfig');
    writeFileSync(kubeconfig, kubeconfigFor(server.port, tls.certificate));
    return new TestCluster(directory, kubeconfig, () => server.close());
  }

  /** Writes a manifest; returns its path. */
  file(name: string, text: string): string {
    const path = join(this.#directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  apply(...filename: string[]): Promise<Answer> {
    return recorded(() => applyFiles(this.api, loadInput(filename), { timeout: 1, output: 'text' }));
  }

  applyAndWait(...filename: string[]): Promise<Answer> {
    return recorded(() => applyFiles(this.api, loadInput(filename), { timeout: 0.3, output: 'text', wait: true }));
  }

  deleteFiles(filename: string[], options: DeleteOptions = {}): Promise<Answer> {
    return recorded(() => deleteObjects(this.api, loadInput(filename), { ...DELETE_DEFAULTS, ...options }));
  }

  delete(kind: string, names: string[], options: DeleteOptions = {}): Promise<Answer> {
    return recorded(() => deleteObjects(this.api, { kind, names }, { ...DELETE_DEFAULTS, ...options }));
  }

  get(kind: string, name?: string, options: Partial<GetOptions> = {}): Promise<Answer> {
    const question = { kind, ...(name !== undefined && { name }) };
    return recorded(() => getObjects(this.api, question, { namespace: 'default', output: 'table', ...options }));
  }

  async close(): Promise<void> {
    await this.#close();
    rmSync(this.#directory, { recursive: true });
  }
}

function kubeconfigFor(port: number, authority: string): string {
  const certificate = Buffer.from(authority).toString('base64');
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [
      { name: 'test', cluster: { server: `https://127.0.0.1:${port}`, 'certificate-authority-data': certificate } },
    ],
    users: [{ name: 'tester', user: { token: 'a-token' } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'tester' } }],
  });
}

/** What the command printed, and what it ended with. */
async function recorded(run: () => Promise<number | boolean>): Promise<Answer> {
  const texts = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const write = stream.write;
    stream.write = (chunk: string | Uint8Array): boolean => {
      texts[name] += chunk.toString();
      return true;
    };
    return () => {
      stream.write = write;
    };
  });
  try {
    return { result: await run(), ...texts };
  } catch (error) {
    return { result: error as Error, ...texts };
  } finally {
    for (const undo of restore) undo();
  }
}
