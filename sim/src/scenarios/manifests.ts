/** A pod that listens on tcp and udp 80 unless told otherwise. */
export function pod(
  name: string,
  {
    namespace = 'default',
    labels = {},
    node,
    ports = [
      { port: 80, protocol: 'TCP' },
      { port: 80, protocol: 'UDP' },
    ],
    hostNetwork = false,
    nodeName,
    command,
  }: {
    namespace?: string;
    labels?: Record<string, string>;
    node?: string;
    ports?: { port: number; protocol: string; name?: string }[];
    hostNetwork?: boolean;
    /** Binds it without a scheduler. */
    nodeName?: string;
    /** Runs in place of listeners. */
    command?: readonly string[];
  } = {},
): string {
  return document({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels },
    spec: {
      ...(node === undefined ? {} : { nodeSelector: { 'kubernetes.io/hostname': node } }),
      ...(hostNetwork ? { hostNetwork } : {}),
      ...(nodeName === undefined ? {} : { nodeName }),
      containers: [
        {
          name: 'main',
          image: 'example.com/server:1',
          ...(command === undefined ? {} : { command }),
          ports: ports.map(({ port, protocol, name: portName }) => ({
            containerPort: port,
            protocol,
            ...(portName ? { name: portName } : {}),
          })),
        },
      ],
    },
  });
}

export function namespace(name: string, labels: Record<string, string> = {}): string {
  return document({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
}

export function networkPolicy(name: string, ns: string, spec: object): string {
  return document({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: ns },
    spec,
  });
}

export function pool(name: string, spec: object): string {
  return document({ apiVersion: 'networking.margay.dev/v1', kind: 'IPPool', metadata: { name }, spec });
}

export function node(name: string, labels: Record<string, string> = {}): string {
  return document({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
}

/** JSON is YAML; `kind:` stands on a line of its own so that a step can say what it applies. */
function document(object: { kind: string; [field: string]: unknown }): string {
  const { kind, ...rest } = object;
  const fields = Object.entries(rest).map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
  return `---\nkind: ${kind}\n${fields.join('\n')}\n`;
}
