import type { BlockAffinity, IPAMBlock, IPPool } from './ipam.ts';
import type {
  ConfigMap,
  DaemonSet,
  EndpointSlice,
  Event,
  Lease,
  Namespace,
  NetworkPolicy,
  Node,
  Pod,
} from './kubernetes.ts';
import { MARGAY_API_VERSION, type Resource } from './meta.ts';

/** The kinds that Margay reads or writes, with where the API serves them. */
export const KINDS = {
  Namespace: { apiVersion: 'v1', plural: 'namespaces', namespaced: false },
  Node: { apiVersion: 'v1', plural: 'nodes', namespaced: false },
  Pod: { apiVersion: 'v1', plural: 'pods', namespaced: true },
  Event: { apiVersion: 'v1', plural: 'events', namespaced: true },
  ConfigMap: { apiVersion: 'v1', plural: 'configmaps', namespaced: true },
  ServiceAccount: { apiVersion: 'v1', plural: 'serviceaccounts', namespaced: true },
  DaemonSet: { apiVersion: 'apps/v1', plural: 'daemonsets', namespaced: true },
  ClusterRole: { apiVersion: 'rbac.authorization.k8s.io/v1', plural: 'clusterroles', namespaced: false },
  ClusterRoleBinding: { apiVersion: 'rbac.authorization.k8s.io/v1', plural: 'clusterrolebindings', namespaced: false },
  Lease: { apiVersion: 'coordination.k8s.io/v1', plural: 'leases', namespaced: true },
  EndpointSlice: { apiVersion: 'discovery.k8s.io/v1', plural: 'endpointslices', namespaced: true },
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', plural: 'networkpolicies', namespaced: true },
  IPPool: { apiVersion: MARGAY_API_VERSION, plural: 'ippools', namespaced: false },
  IPAMBlock: { apiVersion: MARGAY_API_VERSION, plural: 'ipamblocks', namespaced: false },
  BlockAffinity: { apiVersion: MARGAY_API_VERSION, plural: 'blockaffinities', namespaced: false },
} as const satisfies Record<string, { apiVersion: string; plural: string; namespaced: boolean }>;

export type KindName = keyof typeof KINDS;

interface ResourceTypes {
  Namespace: Namespace;
  Node: Node;
  Pod: Pod;
  Event: Event;
  ConfigMap: ConfigMap;
  ServiceAccount: Resource;
  DaemonSet: DaemonSet;
  ClusterRole: Resource;
  ClusterRoleBinding: Resource;
  Lease: Lease;
  EndpointSlice: EndpointSlice;
  NetworkPolicy: NetworkPolicy;
  IPPool: IPPool;
  IPAMBlock: IPAMBlock;
  BlockAffinity: BlockAffinity;
}

export type ResourceOf<K extends KindName> = ResourceTypes[K];

/** The collection's path below the server's root; `namespace` for namespaced kinds. */
export function collectionPath(kind: KindName, namespace?: string): string {
  const { apiVersion, plural, namespaced } = KINDS[kind];
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  if (!namespaced || namespace === undefined) return `${root}/${plural}`;
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
}
