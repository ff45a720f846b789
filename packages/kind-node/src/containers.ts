import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KindError } from './kind-error.ts';
import type { Programs } from './programs.ts';

/** The labels that kind gives its containers. Source: kind's pkg/cluster/constants and docker provider. */
const CLUSTER_LABEL = 'io.x-k8s.kind.cluster';
const ROLE_LABEL = 'io.x-k8s.kind.role';

export interface ClusterContainer {
  readonly id: string;
  readonly name: string;
  /** `control-plane`, `worker` or `external-load-balancer`. */
  readonly role: string;
}

/** Every container of a cluster, stopped ones too, by name. */
export async function listContainers(
  programs: Programs,
  cluster: string,
  signal?: AbortSignal,
): Promise<ClusterContainer[]> {
  const format = `{{.ID}}\t{{.Names}}\t{{.Label "${ROLE_LABEL}"}}`;
  const filter = `label=${CLUSTER_LABEL}=${cluster}`;
  const argv = ['ps', '--all', '--no-trunc', '--filter', filter, '--format', format];
  const text = await programs.check('docker', argv, signal ? { signal } : {});
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', name = '', role = ''] = line.split('\t');
      return { id, name, role };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * After a killed `docker run` its container may still appear, as Docker
 * finishes what it was asked. Milliseconds that nothing must appear for.
 */
const SETTLE_MS = 1500;

/** Milliseconds for all of it. */
const DELETE_TIMEOUT_MS = 180_000;

export interface DeleteOptions {
  /** kind was killed in the middle: look again until nothing appears any more. */
  readonly interrupted?: boolean;
}

/**
 * Deletes a cluster by name; one that is not there is fine. Leaves your
 * kubeconfig alone.
 * @throws {KindError} `DELETE_FAILED`, and what `Programs.check` throws.
 */
export async function deleteCluster(
  programs: Programs,
  cluster: string,
  { interrupted = false }: DeleteOptions = {},
): Promise<void> {
  const until = Date.now() + DELETE_TIMEOUT_MS;
  const remedy = `Try again, or remove its containers yourself: docker ps --all --filter label=${CLUSTER_LABEL}=${cluster}`;
  for (;;) {
    await withScratchFolder(async (folder) => {
      const argv = ['delete', 'cluster', '--name', cluster, '--kubeconfig', join(folder, 'kubeconfig')];
      await programs.check('kind', argv, { timeoutMs: DELETE_TIMEOUT_MS, code: 'DELETE_FAILED', remedy });
    });
    if (interrupted) await sleep(SETTLE_MS);
    const left = await listContainers(programs, cluster);
    if (left.length === 0) return;
    if (Date.now() > until) {
      const names = left.map(({ name }) => name).join(', ');
      throw new KindError('DELETE_FAILED', `The cluster ${cluster} was deleted, but ${names} came back. ${remedy}`);
    }
  }
}

/** For files that only one call of kind needs; removed whatever happens. */
export async function withScratchFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'kind-node-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
