import type { ApiClient } from '@margay/testkit';
import { type Fixture, POD_FIXTURES, TIME } from './fixture-pods.ts';
import { configMap, node, policy, pool } from './manifests.ts';
import type { KubectlPair } from './pair.ts';

const MERGE_PATCH = 'application/merge-patch+json';

function inShop(plural: string, body: object): Fixture {
  return { path: `/api/v1/namespaces/shop/${plural}`, body };
}

const READY_NODE = {
  addresses: [
    { type: 'InternalIP', address: '192.0.2.1' },
    { type: 'Hostname', address: 'localhost' },
  ],
  // Where no kubelet is: what is asked of it fails at once.
  daemonEndpoints: { kubeletEndpoint: { Port: 1 } },
  capacity: { cpu: '4', memory: '8Gi', pods: '110' },
  allocatable: { cpu: '3800m', memory: '7Gi', pods: '110' },
  conditions: [
    {
      type: 'NetworkUnavailable',
      status: 'False',
      reason: 'Up',
      message: 'the network is there',
      lastHeartbeatTime: TIME,
      lastTransitionTime: TIME,
    },
    {
      type: 'Ready',
      status: 'True',
      reason: 'KubeletReady',
      message: 'ready',
      lastHeartbeatTime: TIME,
      lastTransitionTime: TIME,
    },
  ],
  nodeInfo: {
    architecture: 'amd64',
    bootID: 'b',
    containerRuntimeVersion: 'containerd://2.0.0',
    kernelVersion: '6.12.0',
    kubeProxyVersion: '',
    kubeletVersion: 'v1.34.0',
    machineID: 'm',
    operatingSystem: 'linux',
    osImage: 'Debian',
    systemUUID: 's',
  },
};

const FIXTURES: readonly Fixture[] = [
  { path: '/api/v1/namespaces', body: { metadata: { name: 'shop', labels: { team: 'a' } } } },
  { path: '/api/v1/namespaces', body: { metadata: { name: 'empty' } } },
  {
    path: '/api/v1/nodes',
    body: node(
      'n1',
      { podCIDR: '10.244.1.0/24', podCIDRs: ['10.244.1.0/24'] },
      { labels: { 'node-role.kubernetes.io/worker': '', zone: 'east' } },
    ),
    status: READY_NODE,
  },
  {
    path: '/api/v1/nodes',
    body: node('n2', { unschedulable: true, taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] }),
    status: { conditions: [{ type: 'Ready', status: 'False', lastHeartbeatTime: TIME, lastTransitionTime: TIME }] },
  },
  ...POD_FIXTURES,
  inShop('services', {
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      clusterIP: 'None',
      selector: { app: 'web', tier: 'front' },
      ports: [
        { name: 'http', port: 80, targetPort: 8080 },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
    },
  }),
  inShop('services', {
    metadata: { name: 'outside' },
    spec: { type: 'ExternalName', externalName: 'shop.example.com' },
  }),
  inShop('serviceaccounts', { metadata: { name: 'robot' } }),
  inShop('configmaps', configMap('settings', { a: 'b', 'file.txt': 'one\ntwo\n' })),
  inShop('secrets', { metadata: { name: 'key' }, stringData: { token: 'secret' } }),
  inShop('endpoints', {
    metadata: { name: 'web' },
    subsets: [
      {
        addresses: [{ ip: '10.1.0.5' }, { ip: '10.1.0.6' }],
        notReadyAddresses: [{ ip: '10.1.0.7' }],
        ports: [
          { name: 'http', port: 8080 },
          { name: 'dns', port: 53, protocol: 'UDP' },
        ],
      },
    ],
  }),
  {
    path: '/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices',
    body: {
      metadata: { name: 'web-1', labels: { 'kubernetes.io/service-name': 'web' } },
      addressType: 'IPv4',
      endpoints: [
        {
          addresses: ['10.1.0.5'],
          conditions: { ready: true },
          nodeName: 'n1',
          targetRef: { kind: 'Pod', name: 'web', namespace: 'shop' },
        },
        { addresses: ['10.1.0.7'], conditions: { ready: false } },
      ],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    },
  },
  {
    path: '/apis/coordination.k8s.io/v1/namespaces/shop/leases',
    body: {
      metadata: { name: 'lead' },
      spec: { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.123456Z' },
    },
  },
  { path: '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies', body: policy('web') },
  {
    path: '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies',
    body: policy('rich', {
      podSelector: {
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['web', 'db'] },
          { key: 'old', operator: 'DoesNotExist' },
        ],
      },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { team: 'a' } }, podSelector: {} },
            { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] } },
          ],
          ports: [{ port: 'http' }, { port: 8000, endPort: 8010, protocol: 'UDP' }],
        },
      ],
      egress: [{}],
    }),
  },
  {
    path: '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies',
    body: policy('none', { podSelector: {}, ingress: undefined }),
  },
  { path: '/apis/networking.margay.dev/v1/ippools', body: pool('main', '10.8.0.0/16', { ipipMode: 'Always' }) },
  {
    path: '/apis/networking.margay.dev/v1/ippools',
    body: pool('off', '10.9.0.0/16', { disabled: true, natOutgoing: false }, { labels: { app: 'x' } }),
  },
  {
    path: '/apis/networking.margay.dev/v1/blockaffinities',
    body: {
      apiVersion: 'networking.margay.dev/v1',
      kind: 'BlockAffinity',
      metadata: { name: 'n1-10-8-0-0-26' },
      spec: { state: 'confirmed', node: 'n1', cidr: '10.8.0.0/26', type: 'host' },
    },
  },
  inShop('events', {
    metadata: { name: 'web.1' },
    type: 'Normal',
    reason: 'Started',
    message: 'Started container c',
    count: 2,
    firstTimestamp: TIME,
    lastTimestamp: TIME,
    source: { component: 'kubelet', host: 'n1' },
    involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web', apiVersion: 'v1', fieldPath: 'spec.containers{c}' },
  }),
  inShop('events', {
    metadata: { name: 'web.2' },
    type: 'Warning',
    reason: 'Unhealthy',
    message: 'the probe failed',
    eventTime: '2026-01-02T03:04:06.000000Z',
    reportingComponent: 'kubelet',
    reportingInstance: 'n1',
    action: 'Probe',
    involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web', apiVersion: 'v1' },
  }),
  inShop('events', {
    metadata: { name: 'db.1' },
    type: 'Warning',
    reason: 'FailedScheduling',
    message: 'no node',
    series: { count: 5, lastObservedTime: '2026-01-02T03:05:06.000000Z' },
    eventTime: '2026-01-02T03:04:06.000000Z',
    reportingComponent: 'scheduler',
    reportingInstance: 's-1',
    action: 'Scheduling',
    involvedObject: { kind: 'Pod', namespace: 'shop', name: 'db', apiVersion: 'v1' },
  }),
];

/** Makes the same objects on both servers. @throws {Error} one of them refuses */
export async function makeFixtures(pair: KubectlPair): Promise<void> {
  await pair.each(async ({ client }) => {
    for (const { path, body, status } of FIXTURES) {
      const made = await client.call('POST', path, { body });
      if (made.status !== 201) throw new Error(`${path}: ${made.status} ${made.body.message}`);
      const { name } = made.body.metadata;
      // Kubernetes marks a new node as not ready, and a controller takes the mark away: there is none here.
      if (path === '/api/v1/nodes') {
        const { taints = null } = (body as { spec: { taints?: object[] } }).spec;
        await client.call('PATCH', `${path}/${name}`, { body: { spec: { taints } }, type: MERGE_PATCH });
      }
      if (status === undefined) continue;
      const updated = await client.call('PATCH', `${path}/${name}/status`, { body: { status }, type: MERGE_PATCH });
      if (updated.status !== 200) throw new Error(`${path}/${name}: ${updated.status} ${updated.body.message}`);
    }
    await makeEventOf(client);
  });
}

/** An event that `kubectl describe` shows: it names the pod by its uid. */
async function makeEventOf(client: ApiClient): Promise<void> {
  const { body } = await client.call('GET', '/api/v1/namespaces/shop/pods/web');
  const involvedObject = { kind: 'Pod', namespace: 'shop', name: 'web', uid: body.metadata.uid, apiVersion: 'v1' };
  const times = { firstTimestamp: TIME, lastTimestamp: TIME };
  const event = { metadata: { name: 'web.3' }, type: 'Normal', reason: 'Pulled', message: 'it was there', ...times };
  const made = await client.call('POST', '/api/v1/namespaces/shop/events', { body: { ...event, involvedObject } });
  if (made.status !== 201) throw new Error(`the event of a pod: ${made.status} ${made.body.message}`);
}
