/** What a client needs to reach the API server, in kubectl's format. JSON is YAML. */
export interface KubeconfigOptions {
  readonly cluster: string;
  readonly server: string;
  readonly caPem: string;
  readonly user: string;
  readonly token: string;
}

export function renderKubeconfig({ cluster, server, caPem, user, token }: KubeconfigOptions): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      { name: cluster, cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } },
    ],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: cluster, context: { cluster, user } }],
    'current-context': cluster,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
