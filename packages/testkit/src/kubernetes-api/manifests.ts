/** Objects that the suite makes; names are documentation names. */
export const MAPS = '/api/v1/namespaces/default/configmaps';
/** The one kind that a kube-apiserver keeps no copy of: what etcd forgets is forgotten at once. */
export const EVENTS = '/api/v1/namespaces/default/events';
export const PODS = '/api/v1/namespaces/default/pods';
export const NAMESPACES = '/api/v1/namespaces';
export const POLICIES = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
export const POOLS = '/apis/networking.margay.dev/v1/ippools';
export const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
export const NODES = '/api/v1/nodes';
export const SERVICES = '/api/v1/namespaces/default/services';
export const SECRETS = '/api/v1/namespaces/default/secrets';
export const SLICES = '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices';

export const JSON_PATCH = 'application/json-patch+json';
export const MERGE_PATCH = 'application/merge-patch+json';
export const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';

export function configMap(name: string, more: object = {}): { metadata: object } & Record<string, unknown> {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...more };
}

export function pod(name: string, spec: object = {}, metadata: object = {}): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...metadata },
    spec: { containers: [{ name: 'web', image: 'nginx:1' }], ...spec },
  };
}

export function pool(name: string, cidr: string, spec: object = {}): object {
  return { apiVersion: 'networking.margay.dev/v1', kind: 'IPPool', metadata: { name }, spec: { cidr, ...spec } };
}

export function policy(name: string, spec: object): object {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec };
}
