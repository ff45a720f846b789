/** A Service of Kubernetes, and the port that its pods listen on. */
export interface ServiceTarget {
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
}

/** The IP addresses of the pods that serve a Service now; empty when none is ready. Rejects when that cannot be told. */
export type FindEndpoints = (target: ServiceTarget, signal: AbortSignal) => Promise<readonly string[]>;
