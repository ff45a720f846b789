import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TEST_TOKEN, type TestServer } from './test-server.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real kubectl (`$KUBECTL`, else from the path) with a kubeconfig and caches of its own. */
export class Kubectl {
  readonly #home: string;

  constructor(server: TestServer) {
    this.#home = mkdtempSync(join(tmpdir(), 'margay-kubectl-'));
    const authority = Buffer.from(server.authority.certificate).toString('base64');
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      clusters: [
        {
          name: 'test',
          cluster: { server: `https://127.0.0.1:${server.port}`, 'certificate-authority-data': authority },
        },
      ],
      users: [{ name: 'tester', user: { token: TEST_TOKEN } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'tester' } }],
    };
    writeFileSync(join(this.#home, 'config'), JSON.stringify(config), { mode: 0o600 });
  }

  /** Runs to the end; `input` is what stands on its standard input. */
  async run(args: readonly string[], input = ''): Promise<Outcome> {
    const child = this.#spawn(args);
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin?.end(input);
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    });
  }

  /** Lines as they come; the program ends when the caller breaks off. */
  async *lines(args: readonly string[]): AsyncGenerator<string> {
    const child = this.#spawn(args);
    try {
      if (child.stdout !== null) yield* createInterface({ input: child.stdout });
    } finally {
      child.kill();
    }
  }

  close(): void {
    rmSync(this.#home, { recursive: true });
  }

  #spawn(args: readonly string[]): ChildProcess {
    const env = { PATH: process.env.PATH, HOME: this.#home, KUBECONFIG: join(this.#home, 'config') };
    return spawn(process.env.KUBECTL ?? 'kubectl', [...args], { env });
  }
}
