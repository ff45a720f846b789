import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiAccess, InCluster } from './api-access.ts';
import { KubeError } from './error.ts';

/** Where Kubernetes mounts a pod's credential. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * How a pod reaches the API of its own cluster: by the address in its
 * environment, so that no DNS is needed, and as its service account. The token
 * is read anew for each request, since the kubelet replaces it.
 *
 * @throws {KubeError} `BAD_KUBECONFIG`: this is no pod, or it has no service account
 */
export function readInCluster({ env = process.env, root = '' }: InCluster = {}): ApiAccess {
  const folder = `${root}${SERVICE_ACCOUNT_FOLDER}`;
  const server = serverOf(env);
  const certificateAuthority = read(join(folder, 'ca.crt'));
  const tokenFile = join(folder, 'token');
  read(tokenFile);
  return { server, skipTlsVerify: false, certificateAuthority, token: () => read(tokenFile).trim() };
}

function serverOf({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' }: NodeJS.ProcessEnv): string {
  if (!host) {
    throw new KubeError(
      'BAD_KUBECONFIG',
      'No kubeconfig was given, and this is no pod of a cluster (KUBERNETES_SERVICE_HOST is not set): give --kubeconfig',
    );
  }
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = (error as Error).message;
    throw new KubeError('BAD_KUBECONFIG', `The pod's service account cannot be read: ${reason}`, { cause: error });
  }
}
