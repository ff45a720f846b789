import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The programs of a Kubernetes API, by their full paths. */
export interface KubernetesPrograms {
  readonly etcd: string;
  readonly kubeApiserver: string;
}

/** Where envtest and its setup tool put them. */
const STANDARD_FOLDER = '/usr/local/kubebuilder/bin';

/**
 * Looks for etcd and kube-apiserver where envtest does: in the folder that
 * KUBEBUILDER_ASSETS names, in its standard folder, then on the path.
 *
 * @returns undefined when either is missing
 */
export function findKubernetesPrograms(env: NodeJS.ProcessEnv = process.env): KubernetesPrograms | undefined {
  const assets = env.KUBEBUILDER_ASSETS ?? '';
  const folders = [...(assets === '' ? [] : [assets]), STANDARD_FOLDER, ...(env.PATH ?? '').split(delimiter)];
  const etcd = findProgram('etcd', folders);
  const kubeApiserver = findProgram('kube-apiserver', folders);
  return etcd === undefined || kubeApiserver === undefined ? undefined : { etcd, kubeApiserver };
}

function findProgram(name: string, folders: readonly string[]): string | undefined {
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
