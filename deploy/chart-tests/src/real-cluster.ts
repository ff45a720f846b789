import { type ExecFileException, execFile } from 'node:child_process';
import { join } from 'node:path';
import { CHART, RELEASE_NAMESPACE } from './helm.ts';

const ROOT = join(import.meta.dirname, '../../..');

/** Of Margay's images in these tests: whoever builds others meanwhile does not change what is tested. */
const TAG = 'chart-tests';

export const IMAGES = ['control-plane', 'node-agent'].map((name) => `margay/${name}:${TAG}`);

export interface Ended {
  readonly code: number;
  /** Both streams. */
  readonly output: string;
  readonly stdout: string;
}

/** Runs a program of this machine to its end. */
export function run(program: string, parameters: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const limits = { timeout: 600_000, maxBuffer: 2 ** 26 };
    const child = execFile(program, parameters, limits, (error: ExecFileException | null, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      const output = `${stdout}${stderr}${code !== 0 && stdout + stderr === '' ? error?.message : ''}`;
      resolve({ code, output, stdout });
    });
    child.stdin?.end(input);
  });
}

/** The standard output of a program that must succeed. @throws {Error} with what it printed */
export async function must(program: string, parameters: readonly string[], input = ''): Promise<string> {
  const { code, output, stdout } = await run(program, parameters, input);
  if (code !== 0) throw new Error(`${program} ${parameters.join(' ')} ended with ${code}: ${output}`);
  return stdout;
}

/** Of a command as a person would type it: what is in single quotes is one word. */
export function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

/** Docker knows by the content of the sources what is up to date. */
export async function buildImages(): Promise<void> {
  await must(process.execPath, [join(ROOT, 'scripts/images.ts'), TAG]);
}

/** kubectl and Helm on one cluster. */
export class RealCluster {
  readonly #kubeconfig: string;

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  kubectl(...parameters: readonly string[]): Promise<string> {
    return must('kubectl', ['--kubeconfig', this.#kubeconfig, ...parameters]);
  }

  async apply(...objects: readonly object[]): Promise<void> {
    const list = { apiVersion: 'v1', kind: 'List', items: objects };
    await must('kubectl', ['--kubeconfig', this.#kubeconfig, 'apply', '--filename=-'], JSON.stringify(list));
  }

  /** Installs or upgrades the release, and waits for it and for the nodes. */
  async install(values: object): Promise<void> {
    const all = { image: { tag: TAG, pullPolicy: 'Never' }, ...values };
    const where = [...this.#release, '--create-namespace', '--values', '-', '--wait', '--timeout', '180s'];
    await must('helm', ['upgrade', '--install', 'margay', CHART, ...where], JSON.stringify(all));
    await this.kubectl('wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=60s');
  }

  uninstall(timeoutSeconds: number): Promise<Ended> {
    return run('helm', ['uninstall', 'margay', ...this.#release, '--timeout', `${timeoutSeconds}s`]);
  }

  get #release(): readonly string[] {
    return ['--kubeconfig', this.#kubeconfig, '--namespace', RELEASE_NAMESPACE];
  }
}
