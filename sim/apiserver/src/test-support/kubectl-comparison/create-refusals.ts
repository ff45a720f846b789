import { configMap, container, manifest, node, objectOf, pod, policy, pool } from './manifests.ts';
import { describeSteps, fails, type PairContext, type Step } from './steps.ts';

function refused(says: string, object: object): Step {
  return fails('create -n shop -f -', says, { input: manifest(object) });
}

export function describeCreateRefusals(context: PairContext): void {
  describeSteps(context, 'create refuses', [
    refused(
      'spec.containers[0].ports[0].containerPort: Invalid value: 70000',
      pod('bad', container({ ports: [{ containerPort: 70_000 }] })),
    ),
    refused('cannot be handled as a Pod', pod('bad', container({ ports: [{ containerPort: 'http' }] }))),
    refused(
      'spec.restartPolicy: Unsupported value',
      pod('bad', {
        restartPolicy: 'Sometimes',
        containers: [{ name: 'c', ports: [{ containerPort: 80, protocol: 'ICMP' }] }],
      }),
    ),
    refused('spec.containers: Required value', pod('bad', { containers: [] })),
    refused('spec.containers[0].name: Required value', pod('bad', { containers: [{ image: 'i' }] })),
    refused(
      'volumeMounts[0].name: Not found: "nope"',
      pod('bad', container({ volumeMounts: [{ name: 'nope', mountPath: '/a' }] })),
    ),
    refused('cannot be handled as a Pod', pod('bad', container({ resources: { limits: { cpu: 'lots' } } }))),
    refused(
      'resources.requests: Invalid value: "2"',
      pod('bad', container({ resources: { limits: { cpu: '1' }, requests: { cpu: '2' } } })),
    ),
    refused('env[0].name: Required value', pod('bad', container({ env: [{ name: '', value: 'x' }] }))),
    refused(
      'hostPort: Invalid value: 81',
      pod('bad', { hostNetwork: true, ...container({ ports: [{ containerPort: 80, hostPort: 81 }] }) }),
    ),
    refused(
      'ports[1].name: Duplicate value: "a"',
      pod(
        'bad',
        container({
          ports: [
            { containerPort: 1, name: 'a' },
            { containerPort: 2, name: 'a' },
            { containerPort: 3, name: 'A' },
          ],
        }),
      ),
    ),
    refused('livenessProbe: Required value', pod('bad', container({ livenessProbe: {} }))),
    refused(
      'tolerations[2].operator: Invalid value',
      pod('bad', {
        tolerations: [
          { key: 'a', operator: 'Nope' },
          { key: 'a', operator: 'Exists', value: 'x' },
          { operator: 'Equal' },
          { key: 'a', effect: 'NoSchedule', tolerationSeconds: 3 },
        ],
        ...container({}),
      }),
    ),
    refused(
      'volumes[1].name: Duplicate value: "a"',
      pod('bad', {
        volumes: [
          { name: 'a' },
          { name: 'a' },
          { name: 'b', emptyDir: {}, hostPath: { path: '/' } },
          { name: 'B_' },
          { name: 'c', hostPath: {} },
        ],
        ...container({}),
      }),
    ),
    refused(
      'spec.activeDeadlineSeconds: Invalid value: 0',
      pod('bad', { activeDeadlineSeconds: 0, terminationGracePeriodSeconds: -1, ...container({}) }),
    ),
    refused('metadata.labels: Invalid value', pod('bad', container({}), { labels: { 'a b': 'c' } })),
    refused(
      'spec.ingress[0].from[0].ipBlock.cidr: Invalid value',
      policy('bad', { ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0' } }] }] }),
    ),
    refused(
      'spec.policyTypes[0]: Unsupported value',
      policy('bad', { ingress: [{ from: [{}] }], policyTypes: ['Both'] }),
    ),
    refused(
      'matchExpressions[0].values: Required value',
      policy('bad', {
        podSelector: {
          matchLabels: { 'a b': 'c' },
          matchExpressions: [
            { key: 'x', operator: 'In' },
            { key: 'y', operator: 'Exists', values: ['a'] },
            { key: 'z', operator: 'Is' },
          ],
        },
      }),
    ),
    refused(
      'except[0]: Invalid value',
      policy('bad', {
        egress: [
          {
            to: [
              { ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] } },
              { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } },
            ],
          },
        ],
      }),
    ),
    refused('spec.cidr: Invalid value', pool('bad', '10.20.0.1/16')),
    refused('spec.ipipMode: Unsupported value', pool('bad', '10.20.0.0/16', { ipipMode: 'Sometimes' })),
    refused('spec.natOutgoing: Invalid value', pool('bad', '10.20.0.0/16', { natOutgoing: 'yes' })),
    refused('spec.cidr: Required value', {
      apiVersion: 'networking.margay.dev/v1',
      kind: 'IPPool',
      metadata: { name: 'bad' },
      spec: {},
    }),
    refused('spec.ports: Required value', objectOf('v1', 'Service', { spec: {} })),
    refused(
      'spec.ports[1].name: Duplicate value: "a"',
      objectOf('v1', 'Service', {
        metadata: { name: '9bad' },
        spec: {
          clusterIP: 'None',
          ports: [
            { name: 'a', port: 80 },
            { name: 'a', port: 81 },
            { port: 0, targetPort: 'A_' },
          ],
        },
      }),
    ),
    refused('spec.externalName: Required value', objectOf('v1', 'Service', { spec: { type: 'ExternalName' } })),
    refused('data[a b]: Invalid value', configMap('bad', { 'a b': 'c' })),
    refused('cannot be handled as a ConfigMap', configMap('bad', { a: true })),
    refused('cannot be handled as a Secret', objectOf('v1', 'Secret', { data: { a: 'not base64!' } })),
    refused(
      'data[tls.key]: Required value',
      objectOf('v1', 'Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'YQ==' } }),
    ),
    refused(
      'metadata.ownerReferences.kind: Invalid value',
      configMap('bad', {}, { ownerReferences: [{ apiVersion: '', kind: '', name: '', uid: '' }] }),
    ),
    refused('metadata.finalizers[0]: Invalid value', configMap('bad', {}, { finalizers: ['x'] })),
    refused(
      'metadata.annotations: Invalid value',
      configMap('bad', {}, { annotations: { 'a b': 'c' }, labels: { x: '-bad-' } }),
    ),
    refused('addressType: Required value', objectOf('discovery.k8s.io/v1', 'EndpointSlice', {})),
    refused(
      'endpoints[1].addresses: Required value',
      objectOf('discovery.k8s.io/v1', 'EndpointSlice', {
        metadata: { name: 'bad' },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['x'] }, { addresses: [] }],
        ports: [{ port: 80, name: 'A_' }, { port: 81 }, { port: 82 }],
      }),
    ),
    refused(
      'spec.leaseDurationSeconds: Invalid value: 0',
      objectOf('coordination.k8s.io/v1', 'Lease', {
        metadata: { name: 'bad' },
        spec: { leaseDurationSeconds: 0, leaseTransitions: -1 },
      }),
    ),
    refused(
      'cannot be handled as a Lease',
      objectOf('coordination.k8s.io/v1', 'Lease', { metadata: { name: 'bad' }, spec: { renewTime: 'yesterday' } }),
    ),
    refused(
      'involvedObject.namespace: Invalid value',
      objectOf('v1', 'Event', { metadata: { name: 'bad' }, involvedObject: { namespace: 'other' } }),
    ),
    refused(
      'subsets[0].addresses[0].ip: Invalid value',
      objectOf('v1', 'Endpoints', {
        metadata: { name: 'bad' },
        subsets: [{ addresses: [{ ip: 'x' }], ports: [{ port: 0 }] }, {}],
      }),
    ),
    refused('spec.podCIDRs[0]: Invalid value', node('bad', { podCIDR: 'nonsense' })),
    refused('metadata.name: Invalid value', node('N_', { podCIDRs: ['10.0.0.0/24', '10.0.1.0/24'] })),
  ]);
}
