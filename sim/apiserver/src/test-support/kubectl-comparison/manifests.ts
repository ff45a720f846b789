/** JSON is YAML: what kubectl reads with `-f -`. */
export function manifest(...objects: readonly object[]): string {
  return objects.map((object) => `---\n# a document\n${JSON.stringify(object)}\n`).join('');
}

export function configMap(name: string, data: object = {}, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

export function pod(name: string, spec: object = {}, metadata: object = {}): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name }, ...metadata },
    spec: { containers: [{ name: 'c', image: 'nginx:1', ports: [{ containerPort: 80 }] }], ...spec },
  };
}

export function policy(name: string, spec: object = {}, metadata: object = {}): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, ...metadata },
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ ports: [{ port: 80, protocol: 'TCP' }] }],
      ...spec,
    },
  };
}

export function pool(name: string, cidr: string, spec: object = {}, metadata: object = {}): Manifest {
  return {
    apiVersion: 'networking.margay.dev/v1',
    kind: 'IPPool',
    metadata: { name, ...metadata },
    spec: { cidr, natOutgoing: true, ...spec },
  };
}

export function node(name: string, spec: object = {}, metadata: object = {}): Manifest {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, ...metadata }, spec };
}

/** Part of a pod's spec: its one container, that is complete without the rest. */
export function container(more: object): object {
  return { containers: [{ name: 'c', image: 'i', ...more }] };
}

/** An object of any kind, called `made`. */
export function objectOf(apiVersion: string, kind: string, more: object): object {
  return { apiVersion, kind, metadata: { name: 'made' }, ...more };
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly spec: object;
}
