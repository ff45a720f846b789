import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ApiAddress } from '@margay/testkit';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/** A kubectl that waits for what does not come is ended: its code is null then. */
const TIMEOUT_MS = 30_000;

/** The real kubectl (`$KUBECTL`, else from the path) with a kubeconfig and caches of its own. */
export class Kubectl {
  readonly #home: string;

  constructor({ url, ca, token }: Required<ApiAddress>) {
    this.#home = mkdtempSync(join(tmpdir(), 'margay-kubectl-'));
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'test',
      clusters: [
        { name: 'test', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
      ],
      users: [{ name: 'tester', user: { token } }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'tester' } }],
    };
    writeFileSync(join(this.#home, 'config'), JSON.stringify(config), { mode: 0o600 });
  }

  /**
   * Runs to the end.
   *
   * @param input what stands on its standard input
   * @param env more environment variables
   */
  async run(args: readonly string[], input = '', env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const child = this.#spawn(args, { env, timeoutMs: TIMEOUT_MS });
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

  #spawn(args: readonly string[], { env = {}, timeoutMs }: SpawnOptions = {}): ChildProcess {
    // It leaves copies of edits that failed where temporary files are.
    const own = { HOME: this.#home, TMPDIR: this.#home, KUBECONFIG: join(this.#home, 'config') };
    // kubectl runs for a tenth of a second: a third of it goes into collecting garbage, if it does.
    const all = { PATH: process.env.PATH, GOGC: 'off', ...own, ...env };
    return spawn(process.env.KUBECTL ?? 'kubectl', [...args], { env: all, timeout: timeoutMs });
  }
}
