import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export const CHART = join(import.meta.dirname, '../../chart');

/** As a manifest has it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Record<string, string>;
  };
  readonly [field: string]: unknown;
}

/** Values as `--set-json` takes them: by their dotted path. */
export type Values = Readonly<Record<string, unknown>>;

export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const RELEASE_NAMESPACE = 'margay-system';

/** Runs the real helm. Throws only when there is none. */
export function helm(...parameters: string[]): HelmResult {
  const { error, status, stdout, stderr } = spawnSync('helm', parameters, { encoding: 'utf8', timeout: 30_000 });
  if (error !== undefined) throw error;
  return { code: status ?? 1, stdout, stderr };
}

export function template(values: Values): HelmResult {
  const settings = Object.entries(values).flatMap(([path, value]) => [
    '--set-json',
    `${path}=${JSON.stringify(value)}`,
  ]);
  return helm('template', 'margay', CHART, '--namespace', RELEASE_NAMESPACE, ...settings);
}

/** The objects of a render, hooks and tests too, in the order of the output. */
export function render(values: Values): KubernetesObject[] {
  const { code, stdout, stderr } = template(values);
  if (code !== 0) throw new Error(stderr);
  return parseAllDocuments(stdout)
    .map((document) => {
      // A key that is there twice, say, of which the server would take one.
      for (const error of document.errors) throw error;
      return document.toJS() as KubernetesObject | null;
    })
    .filter((object) => object !== null);
}

/** `Deployment margay-ipam` and the like: no two objects of a render share it. */
export function nameOf({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.name}`;
}
