import type { Resource } from './meta.ts';

/** The Kubernetes whose API is spoken: of the simulator's API server and of its nodes. */
export const KUBERNETES_VERSION = { major: 1, minor: 34, patch: 0 } as const;

/** As `v1.34.0`. */
export const KUBERNETES_VERSION_TEXT =
  `v${KUBERNETES_VERSION.major}.${KUBERNETES_VERSION.minor}.${KUBERNETES_VERSION.patch}` as const;

// The fields of Kubernetes' own kinds that Margay reads or writes; other
// fields pass through untouched.

export interface Namespace extends Resource {
  status?: { phase?: string };
}

export interface Node extends Resource {
  spec?: { podCIDR?: string; taints?: { key: string; effect: string; value?: string }[]; unschedulable?: boolean };
  status?: {
    addresses?: { type: string; address: string }[];
    conditions?: Condition[];
    [field: string]: unknown;
  };
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  reason?: string;
  message?: string;
  /** `metadata.generation` of the object that was looked at. */
  observedGeneration?: number;
  lastHeartbeatTime?: string;
  lastTransitionTime?: string;
}

export interface Pod extends Resource {
  spec?: {
    nodeName?: string;
    hostNetwork?: boolean;
    containers?: Container[];
    nodeSelector?: Record<string, string>;
    terminationGracePeriodSeconds?: number;
    [field: string]: unknown;
  };
  status?: {
    phase?: string;
    reason?: string;
    message?: string;
    hostIP?: string;
    podIP?: string;
    podIPs?: { ip: string }[];
    conditions?: Condition[];
    startTime?: string;
    [field: string]: unknown;
  };
}

export interface Container {
  name: string;
  image?: string;
  command?: string[];
  args?: string[];
  ports?: ContainerPort[];
  [field: string]: unknown;
}

export interface ContainerPort {
  name?: string;
  containerPort: number;
  protocol?: string;
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: LabelSelectorRequirement[];
}

export interface LabelSelectorRequirement {
  key: string;
  operator: string;
  values?: string[];
}

export interface NetworkPolicy extends Resource {
  spec?: {
    podSelector?: LabelSelector;
    policyTypes?: string[];
    ingress?: NetworkPolicyIngressRule[];
    egress?: NetworkPolicyEgressRule[];
  };
}

export interface NetworkPolicyIngressRule {
  from?: NetworkPolicyPeer[];
  ports?: NetworkPolicyPort[];
}

export interface NetworkPolicyEgressRule {
  to?: NetworkPolicyPeer[];
  ports?: NetworkPolicyPort[];
}

export interface NetworkPolicyPeer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface NetworkPolicyPort {
  protocol?: string;
  port?: number | string;
  endPort?: number;
}

/** core/v1 Event. */
export interface Event extends Resource {
  involvedObject: {
    apiVersion?: string;
    kind?: string;
    name?: string;
    namespace?: string;
    uid?: string;
    fieldPath?: string;
  };
  reason?: string;
  message?: string;
  type?: 'Normal' | 'Warning';
  count?: number;
  firstTimestamp?: string;
  lastTimestamp?: string;
  source?: { component?: string; host?: string };
  reportingComponent?: string;
}

/** core/v1 ConfigMap. */
export interface ConfigMap extends Resource {
  data?: Record<string, string>;
}

/** apps/v1 DaemonSet. */
export interface DaemonSet extends Resource {
  status?: { observedGeneration?: number; desiredNumberScheduled?: number; numberReady?: number };
}

/** coordination.k8s.io/v1 Lease: that its holder lives. A node's is in the namespace kube-node-lease. */
export interface Lease extends Resource {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    /** RFC 3339 with microseconds, as `renewTime`. */
    acquireTime?: string;
    renewTime?: string;
    /** How often the holder has changed. */
    leaseTransitions?: number;
  };
}

/** discovery.k8s.io/v1 EndpointSlice: a part of the addresses behind a Service. */
export interface EndpointSlice extends Resource {
  addressType: 'IPv4' | 'IPv6' | 'FQDN';
  endpoints?: ServiceEndpoint[];
}

export interface ServiceEndpoint {
  addresses: string[];
  /** One that is absent is unknown: `ready` counts as true then, `terminating` as false. */
  conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
}
