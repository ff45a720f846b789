import type { InCluster } from './in-cluster.ts';

/** What a client needs to reach an API server: from a kubeconfig's current context, or from a pod's service account. */
export interface ApiAccess {
  /** URL without a slash at its end. */
  readonly server: string;
  /** PEM; absent: the system's authorities. */
  readonly certificateAuthority?: string;
  readonly serverName?: string;
  readonly skipTlsVerify: boolean;
  /** PEM, both or neither. */
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  /** Asked for at each request, since a token in a file is replaced before it expires. */
  readonly token: () => string | undefined;
}

/** Which API server to use. */
export interface ApiOptions {
  /** A file; without it this is a pod, and its own cluster's API is meant. */
  readonly kubeconfig?: string | undefined;
  /** Where the pod's environment and files are. */
  readonly inCluster?: InCluster;
}

/** The option of a process that names the file. */
export const KUBECONFIG_OPTION = {
  help: 'How to reach the Kubernetes API; not given: as the pod that this process runs in.',
  value: 'FILE',
  optional: true,
} as const;
