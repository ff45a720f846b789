/** Group and version of Margay's own kinds. */
export const MARGAY_GROUP = 'networking.margay.dev';
export const MARGAY_API_VERSION = `${MARGAY_GROUP}/v1`;

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
}

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
}

/** What every API object has. */
export interface Resource {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMeta;
}

/**
 * Annotations that Margay writes. On a Node by its agent: how peers reach it.
 * On a Pod by its node's agent: the address, as soon as it is allocated, which
 * is before the kubelet reports it in the status (an empty value: released).
 */
export const ANNOTATION = {
  nodeAddress: `${MARGAY_GROUP}/ipv4-address`,
  nodeIpipTunnelAddress: `${MARGAY_GROUP}/ipv4-ipip-tunnel-address`,
  podAddress: `${MARGAY_GROUP}/pod-ip`,
  podContainerId: `${MARGAY_GROUP}/container-id`,
} as const;

/** A time as Kubernetes' `metav1.Time` has it: whole seconds, UTC. */
export function toKubernetesTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
