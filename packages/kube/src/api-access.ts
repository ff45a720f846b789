import { OptionError, type OptionSpecs } from '@margay/runtime';

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

/** The environment and the file system of a pod; those of this process by default. */
export interface InCluster {
  readonly env?: NodeJS.ProcessEnv;
  /** Before every path; empty by default. */
  readonly root?: string;
}

/** Which API server to use. */
export interface ApiOptions {
  /** A file; without it this is a pod, and its own cluster's API is meant. */
  readonly kubeconfig?: string | undefined;
  /** Where the pod's environment and files are. */
  readonly inCluster?: InCluster;
  /** Requests a second on the long run; 50 by default. Leases are not counted. */
  readonly qps?: number;
  /** Requests that may be sent at once after a quiet time; 100 by default. */
  readonly burst?: number;
  /** Silence after which a watch is taken for dead, milliseconds; 90 s by default. */
  readonly watchSilenceMs?: number;
}

/** How many requests are made unless the process is told otherwise. Source: what controllers of Kubernetes use. */
export const DEFAULT_REQUEST_RATE = { qps: 50, burst: 100 } as const;

/** The options of a process that uses the API; `readApiOptions` takes their values. */
export const KUBE_API_OPTIONS = {
  kubeconfig: {
    help: 'How to reach the Kubernetes API; not given: as the pod that this process runs in.',
    value: 'FILE',
    optional: true,
  },
  'kube-api-qps': {
    help: 'How many requests a second go to the Kubernetes API on the long run; Leases are not counted.',
    value: 'NUMBER',
    default: `${DEFAULT_REQUEST_RATE.qps}`,
  },
  'kube-api-burst': {
    help: 'How many requests may go to the Kubernetes API at once after a quiet time.',
    value: 'NUMBER',
    default: `${DEFAULT_REQUEST_RATE.burst}`,
  },
} as const satisfies OptionSpecs;

/** @throws {OptionError} a rate that is none */
export function readApiOptions(values: {
  readonly kubeconfig: string | undefined;
  readonly kubeApiQps: string;
  readonly kubeApiBurst: string;
}): ApiOptions {
  const qps = Number(values.kubeApiQps);
  if (!(qps > 0 && Number.isFinite(qps))) {
    throw new OptionError(`--kube-api-qps is '${values.kubeApiQps}', but must be a number above 0.`);
  }
  const burst = Number(values.kubeApiBurst);
  if (!(Number.isInteger(burst) && burst >= 1)) {
    throw new OptionError(`--kube-api-burst is '${values.kubeApiBurst}', but must be a whole number above 0.`);
  }
  return { kubeconfig: values.kubeconfig, qps, burst };
}
