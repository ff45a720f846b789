import { configMap, container, manifest, objectOf, pod, policy, pool } from './manifests.ts';
import { describeSteps, fails, ok, type PairContext, type Step } from './steps.ts';

const IN = 'create -n shop -f -';

function created(says: string, object: object): Step {
  return ok(`${IN} -o yaml`, says, { input: manifest(object) });
}

const PROBES = {
  livenessProbe: { httpGet: { port: 'http' } },
  readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3 },
  startupProbe: { grpc: { port: 80 } },
  lifecycle: { preStop: { httpGet: { port: 80, path: 'bye' } }, postStart: { exec: { command: ['true'] } } },
};

const VOLUMES = [
  { name: 'cm', configMap: { name: 'settings', items: [{ key: 'a', path: 'a' }] } },
  { name: 's', secret: { secretName: 'key' } },
  { name: 'e', emptyDir: { sizeLimit: '1024Mi' } },
  { name: 'h', hostPath: { path: '/tmp' } },
  { name: 'd', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
  {
    name: 'p',
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token' } },
        { configMap: { name: 'settings' } },
        { downwardAPI: { items: [{ path: 'cpu', resourceFieldRef: { containerName: 'c', resource: 'limits.cpu' } }] } },
      ],
    },
  },
  { name: 'n' },
];

const FULL_POD = pod('full', {
  serviceAccountName: 'robot',
  hostNetwork: true,
  nodeSelector: { a: 'b' },
  tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 5 }],
  affinity: {
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight: 1, podAffinityTerm: { topologyKey: 'zone', labelSelector: {} } },
      ],
    },
  },
  topologySpreadConstraints: [
    { maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: {} },
  ],
  dnsConfig: { nameservers: ['192.0.2.53'], options: [{ name: 'ndots', value: '2' }] },
  hostAliases: [{ ip: '192.0.2.9', hostnames: ['a'] }],
  volumes: VOLUMES,
  containers: [
    {
      name: 'c',
      image: 'example.com:5000/a/b',
      ports: [{ containerPort: 80, name: 'http' }],
      resources: { limits: { cpu: '0.5', memory: '1024Mi' }, requests: { cpu: 0.1, memory: '100000Ki' } },
      env: [
        { name: 'B', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
        { name: 'C', value: '' },
      ],
      volumeMounts: [{ name: 'cm', mountPath: '/cm' }],
      securityContext: { runAsUser: 0, privileged: false },
      stdin: false,
      tty: true,
      ...PROBES,
    },
  ],
});

const GUARANTEED_POD = pod(
  'guaranteed',
  {
    priorityClassName: 'system-node-critical',
    serviceAccount: 'robot',
    containers: [
      {
        name: 'c',
        image: 'i:latest',
        resources: { limits: { cpu: '1.5', memory: '1e3', 'ephemeral-storage': '1.5Gi' } },
      },
    ],
  },
  { finalizers: ['example.com/hold'] },
);

export function describeCreate(context: PairContext): void {
  describeSteps(context, 'create', [
    created('hostPort: 80', FULL_POD),
    ok('describe pod full -n shop', 'Optional:'),
    created('qosClass: Guaranteed', GUARANTEED_POD),
    created('- Egress', policy('made', { egress: [{ ports: [{ protocol: 'UDP' }] }, {}] })),
    created('policyTypes', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'no-spec' },
    }),
    created(
      'sessionAffinity: ClientIP',
      objectOf('v1', 'Service', {
        spec: {
          clusterIP: 'None',
          selector: { a: 'b' },
          sessionAffinity: 'ClientIP',
          ports: [
            { name: 'a', port: 80, targetPort: 'http' },
            { name: 'b', port: 81 },
          ],
        },
      }),
    ),
    created(
      'generation: 1',
      objectOf('discovery.k8s.io/v1', 'EndpointSlice', {
        addressType: 'IPv4',
        endpoints: [{ addresses: ['192.0.2.1'] }],
        ports: [{ port: 80 }],
      }),
    ),
    created('spec: {}', objectOf('coordination.k8s.io/v1', 'Lease', {})),
    created(
      'source: {}',
      objectOf('v1', 'Event', {
        involvedObject: { kind: 'Pod', name: 'a', namespace: 'shop' },
        reason: 'R',
        type: 'Normal',
      }),
    ),
    created('imagePullSecrets', objectOf('v1', 'ServiceAccount', { imagePullSecrets: [{ name: 'x' }] })),
    created(
      'protocol: TCP',
      objectOf('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }] }),
    ),
    created('example.com/x', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'finalized' },
      spec: { finalizers: ['example.com/x'] },
    }),
    ok(IN, 'Warning: spec.containers[0].env[1]: <reason>', {
      input: manifest(
        pod(
          'warned',
          container({ env: [{ name: 'A' }, { name: 'A' }], ports: [{ containerPort: 80 }, { containerPort: 80 }] }),
        ),
      ),
    }),
    ok(`${IN} --dry-run=server -o yaml`, 'name: dry', { input: manifest(configMap('dry', { a: 'b' })) }),
    ok(`${IN} -o name`, 'ippool.networking.margay.dev/made', { input: manifest(pool('made', '10.22.0.0/16')) }),
    ok(`${IN} --save-config -o yaml`, 'last-applied-configuration', { input: manifest(configMap('saved')) }),
    fails(IN, 'configmaps "saved" already exists', { input: manifest(configMap('saved')) }),
  ]);

  describeSteps(context, 'create by words', [
    ok('create namespace made', 'namespace/made created'),
    fails('create namespace made', 'namespaces "made" already exists'),
    fails('create namespace Made', 'metadata.name: Invalid value'),
    ok('create configmap words -n shop --from-literal=a=b', 'configmap/words created'),
    fails('create configmap words -n nowhere --from-literal=a=b', 'namespaces "nowhere" not found'),
    ok('create secret generic words -n shop --from-literal=a=b', 'secret/words created'),
    ok(
      'create secret docker-registry registry -n shop --docker-username=u --docker-password=p',
      'secret/registry created',
    ),
    ok('create sa words -n shop', 'serviceaccount/words created'),
    ok('create service clusterip words -n shop --clusterip=None', 'service/words created'),
    ok('create service externalname elsewhere -n shop --external-name=a.example.com', 'service/elsewhere created'),
    ok('get svc words elsewhere -n shop -o yaml', 'externalName: a.example.com'),
    ok('run runner -n shop --image=nginx --port=80 --labels=a=b --env=X=y', 'pod/runner created'),
    ok('get pod runner -n shop -o yaml', 'imagePullPolicy: Always'),
    fails('run runner -n shop --image=nginx', 'pods "runner" already exists'),
    ok('expose pod runner --port=80 --name=exposed --cluster-ip=None -n shop', 'service/exposed exposed'),
    ok('set image pod/runner runner=nginx:9 -n shop', 'pod/runner image updated'),
    fails('set image pod/runner nope=nginx:9 -n shop', 'unable to find container named "nope"'),
    fails('set env pod/runner A=b -n shop', 'spec: Forbidden'),
    ok('set selector svc exposed a=c -n shop', 'service/exposed selector updated'),
    fails('scale pod runner --replicas=2 -n shop', 'the server could not find the requested resource'),
    fails('scale ippool main --replicas=2', 'ippools.networking.margay.dev "main" not found'),
  ]);
}
