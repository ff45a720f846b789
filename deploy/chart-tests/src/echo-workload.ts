// What needs the network in the tests with a real cluster.

/** Inside of the node image, or to be pulled. */
const SERVER_IMAGE = 'registry.k8s.io/e2e-test-images/agnhost:2.56';
export const HOST_PORT = 8085;

const LABELS = { app: 'echo' };
/** A pod on every node that says its name, by its address, a host port and a Service. */
export const ECHO = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'echo', namespace: 'default' },
  spec: {
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        terminationGracePeriodSeconds: 0,
        tolerations: [{ operator: 'Exists' }],
        containers: [
          {
            name: 'server',
            image: SERVER_IMAGE,
            args: ['netexec', '--http-port=8080', '--udp-port=8081'],
            ports: [
              { containerPort: 8080, hostPort: HOST_PORT },
              { containerPort: 8081, hostPort: HOST_PORT, protocol: 'UDP' },
            ],
            readinessProbe: { httpGet: { path: '/hostname', port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
};
export const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'echo', namespace: 'default' },
  spec: { type: 'NodePort', selector: LABELS, ports: [{ port: 80, targetPort: 8080, nodePort: 30_080 }] },
};
