import { describe, expect, it } from 'vitest';
import { template, type Values } from '../src/helm.ts';

const POOL = { cidr: '10.244.0.0/16' };

const REFUSED: readonly (readonly [Values, string])[] = [
  [{ provider: 'azure' }, 'provider: azure is not possible, since the Azure fabric drops IP-in-IP'],
  [{ provider: 'aws' }, 'provider: aws comes later'],
  [{ provider: 'gcp' }, "at '/provider': value must be one of 'bare-metal', 'aws', 'azure'"],
  [{ 'aws.region': 'eu-west-1' }, 'aws: region is an option of provider aws, which comes later'],
  [{ ipIpEncapsulation: 'CrossSubnet' }, 'ipIpEncapsulation: CrossSubnet comes later'],
  [{ ipIpEncapsulation: 'always' }, "at '/ipIpEncapsulation': value must be one of 'Always', 'Never', 'CrossSubnet'"],
  [{ natOutgoing: 'yes' }, "at '/natOutgoing': got string, want boolean"],
  [{ natOutgiong: true }, "additional properties 'natOutgiong' not allowed"],
  [{ interfaceDetectionMethod: 'can-reach=192.0.2.1' }, 'interfaceDetectionMethod: can-reach= comes later'],
  [{ interfaceDetectionMethod: 'skip-interface=eth0' }, 'interfaceDetectionMethod: skip-interface= comes later'],
  [
    { interfaceDetectionMethod: 'eth0' },
    'interfaceDetectionMethod: "eth0" is not a method. Use kubernetes-internal-ip',
  ],
  [{ interfaceDetectionMethod: 'cidr=10.0.0.0/8,10.1' }, '"10.1" is not an IPv4 CIDR'],
  [{ interfaceDetectionMethod: 'interface=' }, 'interface= needs the names of interfaces'],
  [{ mtu: 1400 }, 'mtu: 1400 is not possible yet; only auto'],
  [{ dataplane: 'iptables' }, 'dataplane: iptables comes later. Use nftables'],
  [{ 'bgp.enabled': true }, 'bgp.enabled: true comes later. Use false'],
  [{ 'pools.ipv6': ['2001:db8::/48'] }, 'pools.ipv6: IPv6 comes later'],
  [{ 'pools.ipv4': [{ cidr: '2001:db8::/48' }] }, 'pools.ipv4[0].cidr: "2001:db8::/48" is IPv6, which comes later'],
  [{ 'pools.ipv4': [{ cidr: '10.244.0.0' }] }, 'pools.ipv4[0].cidr: "10.244.0.0" is not an IPv4 CIDR'],
  [
    { 'pools.ipv4': [{ cidr: '10.244.1.0/16' }] },
    '"10.244.1.0/16" has bits behind its prefix. The network is 10.244.0.0/16.',
  ],
  [{ 'pools.ipv4': [{ cidr: '255.255.255.255/31' }] }, 'The network is 255.255.255.254/31.'],
  [
    { 'pools.ipv4': [{ cidr: '10.244.0.0/27' }] },
    'pools.ipv4[0].blockSize: a block of /26 does not fit into 10.244.0.0/27',
  ],
  [{ 'pools.ipv4': [{ ...POOL, blockSize: 33 }] }, "at '/pools/ipv4/0/blockSize': maximum: got 33, want 32"],
  [{ 'pools.ipv4': [{ ...POOL, blockSize: 19 }] }, "at '/pools/ipv4/0/blockSize': minimum: got 19, want 20"],
  [{ 'pools.ipv4': [{ ...POOL, blokSize: 26 }] }, "at '/pools/ipv4/0': additional properties 'blokSize' not allowed"],
  [
    { 'pools.ipv4': [{ ...POOL, ipIpEncapsulation: 'CrossSubnet' }] },
    'pools.ipv4[0].ipIpEncapsulation: CrossSubnet comes later',
  ],
  [
    { 'pools.ipv4': [POOL, { cidr: '10.244.255.0/24' }] },
    'pools.ipv4[1].cidr: 10.244.255.0/24 overlaps with 10.244.0.0/16 of pools.ipv4[0]',
  ],
  [{ 'pools.ipv4': [POOL, { cidr: '10.0.0.0/8' }] }, 'pools.ipv4[1].cidr: 10.0.0.0/8 overlaps with 10.244.0.0/16'],
  [
    {
      'pools.ipv4': [
        { ...POOL, name: 'a' },
        { cidr: '10.9.0.0/16', name: 'a' },
      ],
    },
    '"a" is the name of pools.ipv4[0] too',
  ],
  [{ 'pools.ipv4': [{ cidr: '127.0.0.0/8' }] }, 'pools.ipv4[0].cidr: 127.0.0.0/8 has loopback addresses'],
  [{ 'pools.ipv4': [{ cidr: '224.1.0.0/16' }] }, 'pools.ipv4[0].cidr: 224.1.0.0/16 has multicast addresses'],
  [{ 'pools.ipv4': [{ cidr: '169.254.0.0/16' }] }, 'pools.ipv4[0].cidr: 169.254.0.0/16 has link-local addresses'],
  [{ 'pools.ipv4': [{ cidr: '0.0.0.0/0' }] }, 'pools.ipv4[0].cidr: 0.0.0.0/0 has unspecified addresses'],
  [
    { interfaceDetectionMethod: 'interface=eth0,(' },
    'interfaceDetectionMethod: "(" is not a regular expression that can be used',
  ],
  [{ 'nodeAgent.cniConfDir': '/opt/cni/bin/' }, 'nodeAgent.cniConfDir: "/opt/cni/bin/" is nodeAgent.cniBinDir too'],
  [{ 'nodeAgent.cniBinDir': '/etc/../opt' }, 'nodeAgent.cniBinDir: "/etc/../opt" must not go up'],
  [
    { 'nodeAgent.podLabels': { 'app.kubernetes.io/component': 'x' } },
    'nodeAgent.podLabels: app.kubernetes.io/component',
  ],
  [{ logLevel: 'verbose' }, "at '/logLevel': value must be one of 'debug'"],
  [
    { 'image.pullPolicy': 'Sometimes' },
    "at '/image/pullPolicy': value must be one of 'Always', 'IfNotPresent', 'Never'",
  ],
  [{ 'controlPlane.podDisruptionBudget.maxUnavailable': 0 }, 'minimum: got 0, want 1'],
  [{ 'metrics.podMonitor.enabled': true }, 'need metrics.enabled: true'],
  [{ 'metrics.serviceMonitor.enabled': true }, 'need metrics.enabled: true'],
  [{ 'tests.outside': '192.0.2.1' }, 'tests.outside: "192.0.2.1" must be HOST:PORT'],
];

const PODS: readonly (readonly [Values, string])[] = [
  [{ 'ipam.resources.limits.memory': 'lots' }, 'ipam.resources.limits.memory: "lots" is not an amount'],
  [
    { 'controller.resources.requests.memory': '10 Mi' },
    'controller.resources.requests.memory: "10 Mi" is not an amount',
  ],
  [{ 'policy.resources.requests.cpu': -1 }, 'policy.resources.requests.cpu: "-1" is not an amount'],
  [{ 'fanout.resources.requests.cpu': '1.2.3' }, 'fanout.resources.requests.cpu: "1.2.3" is not an amount'],
  [
    { 'nodeAgent.resources': { requests: { cpu: '1' }, limits: { cpu: '500m' } } },
    'nodeAgent.resources.requests.cpu: 1 is more than limits.cpu, 500m. Lower the request, or raise the limit.',
  ],
  [{ 'ipam.resources.limits.memory': '90M' }, 'ipam.resources.requests.memory: 96Mi is more than limits.memory, 90M'],
  [{ 'ipam.resources.limits.ram': '1Gi' }, 'ipam.resources.limits: "ram" is not something that Margay uses'],
  [{ 'ipam.resources.claims': [] }, "at '/ipam/resources': additional properties 'claims' not allowed"],
  [{ 'ipam.resources.limits.memory': ['1Gi'] }, "at '/ipam/resources/limits/memory': got array, want number or string"],
  [{ 'controlPlane.tolerations': [{ operator: 'Has' }] }, "operator': value must be one of 'Exists', 'Equal'"],
  [{ 'controlPlane.tolerations': [{ effect: 'None' }] }, "effect': value must be one of 'NoSchedule'"],
  [
    { 'nodeAgent.tolerations': [{ operator: 'Exists' }, { value: 'a' }] },
    'nodeAgent.tolerations[1]: a toleration without a key needs operator: Exists',
  ],
  [
    { 'controlPlane.tolerations': [{ key: 'a', operator: 'Exists', value: 'b' }] },
    'controlPlane.tolerations[0].value: "b" does not go with operator: Exists',
  ],
  [
    { 'controlPlane.tolerations': [{ key: 'a', value: 'b c' }] },
    'tolerations[0].value: "b c" is not a value for a label',
  ],
  [{ 'controlPlane.tolerations': [{ key: 'a b' }] }, 'controlPlane.tolerations[0].key: "a b" is not a name'],
  [
    { 'controlPlane.tolerations': [{ key: 'a', tolerationSeconds: 5 }] },
    'controlPlane.tolerations[0].tolerationSeconds: only effect: NoExecute ends a pod',
  ],
  [{ 'controlPlane.podLabels': { 'my team': 'a' } }, 'controlPlane.podLabels: "my team" is not a name for a label'],
  [{ 'controlPlane.podLabels': { 'A.b/c': 'a' } }, 'controlPlane.podLabels: "A.b/c" is not a name for a label'],
  [{ 'controlPlane.podLabels': { 'a/b/c': 'a' } }, 'controlPlane.podLabels: "a/b/c" is not a name for a label'],
  [{ 'controlPlane.podLabels': { '/c': 'a' } }, 'controlPlane.podLabels: "/c" is not a name for a label'],
  [{ 'nodeAgent.podLabels': { team: 'a b' } }, 'nodeAgent.podLabels.team: "a b" is not a value for a label'],
  [{ 'nodeAgent.podLabels': { team: 'a'.repeat(64) } }, 'is not a value for a label. Use up to 63 letters'],
  [{ 'nodeAgent.podLabels': { team: 1 } }, "at '/nodeAgent/podLabels/team': got number, want string"],
  [{ 'nodeAgent.nodeSelector': { 'a b': 'c' } }, 'nodeAgent.nodeSelector: "a b" is not a name for a label'],
  [
    { 'controlPlane.nodeSelector': { disk: 'c d' } },
    'controlPlane.nodeSelector.disk: "c d" is not a value for a label',
  ],
  [{ 'controlPlane.podAnnotations': { 'a b': 'any text' } }, 'controlPlane.podAnnotations: "a b" is not a name'],
  [{ 'metrics.podMonitor.labels': { 'a b': 'c' } }, 'metrics.podMonitor.labels: "a b" is not a name for a label'],
  [{ 'metrics.serviceMonitor.labels': { a: '-' } }, 'metrics.serviceMonitor.labels.a: "-" is not a value for a label'],
  [{ 'metrics.podMonitor.labels': { 'helm.sh/chart': 'c' } }, "helm.sh/chart is Margay's own label"],
  [{ 'nodeAgent.priorityClassName': 'High' }, 'nodeAgent.priorityClassName: "High" is not a name'],
  [
    { 'nodeAgent.affinity': { podAffinity: { required: [] } } },
    "at '/nodeAgent/affinity/podAffinity': additional properties 'required' not allowed",
  ],
  [{ extraEnv: [{ name: 'A=B', value: 'c' }] }, 'extraEnv[0].name: "A=B" is not a name for a variable'],
  [{ extraEnv: [{ name: '' }] }, 'extraEnv[0].name: "" is not a name for a variable'],
  [{ extraEnv: [{ name: 'A', value: 1 }] }, "at '/extraEnv/0/value': got number, want string"],
  [{ 'nodeAgent.extraEnv': [{ name: 'NODE_NAME', value: 'a' }] }, 'nodeAgent.extraEnv[0].name: Margay sets NODE_NAME'],
  [{ extraEnv: [{ name: 'HOST_IP', value: 'a' }] }, 'extraEnv[0].name: Margay sets HOST_IP itself'],
  [{ extraEnv: [{ name: 'KUBERNETES_SERVICE_HOST', value: 'a' }] }, 'is set by kubernetesApi.host'],
  [{ extraEnv: [{ name: 'A' }, { name: 'A' }] }, 'extraEnv[1].name: A is in extraEnv too'],
  [{ extraEnv: [{ name: 'A' }], 'ipam.extraEnv': [{ name: 'A' }] }, 'ipam.extraEnv[0].name: A is in extraEnv too'],
  [
    { extraEnv: [{ name: 'A', value: 'b', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] },
    'extraEnv[0]: A has both value and valueFrom',
  ],
  [{ extraEnv: [{ name: 'A', valueFrom: {} }] }, 'extraEnv[0].valueFrom: A needs one source'],
  [{ extraEnv: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'spec' } } }] }, 'fieldPath: "spec" is not a field'],
  [
    { extraEnv: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'cpu' } } }] },
    'extraEnv[0].valueFrom.resourceFieldRef.resource: "cpu" is not known',
  ],
  [
    { extraEnv: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'My', key: 'a' } } }] },
    'extraEnv[0].valueFrom.secretKeyRef.name: "My" is not a name',
  ],
  [
    { extraEnv: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'my', key: 'a b' } } }] },
    'extraEnv[0].valueFrom.configMapKeyRef.key: "a b" is not a key',
  ],
];

const NAMES: readonly (readonly [Values, string])[] = [
  ...['https://api.example.com', 'api.example.com:6443', 'api.example.com/v1', '[2001:db8::1]'].map(
    (host) =>
      [{ 'kubernetesApi.host': host }, `kubernetesApi.host: "${host}" is not an address or a DNS name`] as const,
  ),
  [{ 'kubernetesApi.port': 65536 }, "at '/kubernetesApi/port': maximum: got 65,536, want 65,535"],
  [{ 'kubernetesApi.port': 0 }, "at '/kubernetesApi/port': minimum: got 0, want 1"],
  [{ 'image.registry': 'https://registry.example.com' }, 'is not a registry. Write its host'],
  [{ 'image.registry': 'registry.example.com//' }, 'image.registry: "registry.example.com//" is not a registry'],
  [{ 'image.tag': 'v1:2' }, 'image.tag: "v1:2" is not a tag'],
  [{ 'image.tag': 'v1 2' }, 'image.tag: "v1 2" is not a tag'],
  [{ 'image.nodeAgent.repository': 'Margay/agent' }, 'image.nodeAgent.repository: "Margay/agent" is not a repository'],
  [{ 'image.controlPlane.repository': 'a/b:1' }, 'image.controlPlane.repository: "a/b:1" is not a repository'],
  [{ 'image.pullSecrets': [{ name: 'My_Secret' }] }, 'image.pullSecrets[0].name: "My_Secret" is not a name'],
  [{ 'tests.image': 'my image' }, 'tests.image: "my image" is not an image'],
  [{ 'tests.outside': '192.0.2.1:65536' }, 'tests.outside: port 65536 of "192.0.2.1:65536" is not between 1 and 65535'],
  [{ 'tests.outside': '192.0.2.1:0' }, 'tests.outside: port 0 of "192.0.2.1:0" is not between 1 and 65535'],
  [{ 'tests.outside': 'http://192.0.2.1:80' }, 'must be HOST:PORT'],
  ...[7461, 7465, 7471, 7475].map(
    (port) => [{ 'tests.hostPort': port }, `tests.hostPort: ${port} is a port of Margay's own`] as const,
  ),
  [{ 'tests.hostPort': 10250 }, 'tests.hostPort: 10250 is the port of the kubelet'],
  [{ 'tests.hostPort': 80 }, 'tests.hostPort: 80 is below 1024'],
  [{ 'nodeAgent.cniBinDir': 'opt/cni' }, 'nodeAgent.cniBinDir: "opt/cni" is not the path of a folder'],
  [{ 'nodeAgent.cniBinDir': '/' }, 'nodeAgent.cniBinDir: "/" is not the path of a folder'],
  [{ 'nodeAgent.cniConfDir': '/etc/cni:ro' }, 'nodeAgent.cniConfDir: "/etc/cni:ro" is not the path of a folder'],
  [{ 'nodeAgent.cniConfDir': '/run/margay/' }, 'nodeAgent.cniConfDir: "/run/margay/" is a folder that Margay uses'],
  [{ 'pools.ipv4': [{ ...POOL, name: 'a..b' }] }, 'pools.ipv4[0].name: "a..b" is not a name'],
  [
    { 'pools.ipv4': [{ cidr: '255.255.255.255/32', blockSize: 32 }] },
    'pools.ipv4[0].cidr: 255.255.255.255/32 has broadcast',
  ],
  [{ interfaceDetectionMethod: 'cidr=192.0.2.1/24' }, 'interfaceDetectionMethod: "192.0.2.1/24" has bits behind'],
  [{ interfaceDetectionMethod: 'cidr=10.0.0.0/8, 192.0.2.0/24' }, '" 192.0.2.0/24" is not an IPv4 CIDR'],
  [{ interfaceDetectionMethod: 'interface=eth0, ens.*' }, 'with commas between them and no spaces'],
  [{ interfaceDetectionMethod: 'interface=(?i)eth' }, '"(?i)eth" is not a regular expression that can be used'],
];

const COUNTS: readonly (readonly [Values, string])[] = [
  [{ replicas: 'two' }, 'replicas: "two" is not possible. Use auto, or a number from 1 to 100.'],
  [{ replicas: 0 }, 'replicas: "0" is not possible'],
  [{ 'fanout.replicas': 101 }, 'fanout.replicas: "101" is not possible'],
  [{ 'ipam.replicas': -1 }, 'ipam.replicas: "-1" is not possible'],
  [{ 'nodeAgent.maxUnavailable': '0%' }, 'nodeAgent.maxUnavailable: "0%" is not possible. Use a number from 1 to 5000'],
  [{ 'nodeAgent.maxUnavailable': 'all' }, 'nodeAgent.maxUnavailable: "all" is not possible'],
  [{ 'nodeAgent.maxUnavailable': 0 }, 'nodeAgent.maxUnavailable: "0" is not possible'],
  [{ 'nodeAgent.maxUnavailable': 5001 }, 'nodeAgent.maxUnavailable: "5001" is not possible'],
  [{ 'nodeAgent.policyTimeoutSeconds': 0 }, "at '/nodeAgent/policyTimeoutSeconds': minimum: got 0, want 1"],
  [{ 'nodeAgent.policyTimeoutSeconds': 601 }, "at '/nodeAgent/policyTimeoutSeconds': maximum: got 601, want 600"],
  [{ 'controller.leakGraceSeconds': -1 }, "at '/controller/leakGraceSeconds': minimum: got -1, want 0"],
  [{ 'controller.leakGraceSeconds': 604_801 }, "at '/controller/leakGraceSeconds': maximum: got 604,801, want 604,800"],
  [{ 'controller.leakGraceSeconds': null }, "at '/controller': missing property 'leakGraceSeconds'"],
  [{ 'uninstall.timeoutSeconds': 0 }, "at '/uninstall/timeoutSeconds': minimum: got 0, want 1"],
  [{ 'tests.timeoutSeconds': 3601 }, "at '/tests/timeoutSeconds': maximum: got 3,601, want 3,600"],
  [{ 'controlPlane.podDisruptionBudget.maxUnavailable': 101 }, 'maximum: got 101, want 100'],
  [{ 'controlPlane.podDisruptionBudget.maxUnavailable': '10%' }, "maxUnavailable': got string, want integer"],
  [{ 'metrics.podMonitor.interval': '0s' }, 'metrics.podMonitor.interval: "0s" is not a time'],
  [{ 'metrics.serviceMonitor.interval': 'often' }, 'metrics.serviceMonitor.interval: "often" is not a time'],
  [{ 'ipam.logLevel': 'loud' }, "at '/ipam/logLevel': value must be one of '', 'debug'"],
];

describe('values', () => {
  it.each([...REFUSED, ...PODS, ...NAMES, ...COUNTS])('%j is refused with a sentence', (values, sentence) => {
    const { code, stderr } = template(values);
    expect(stderr).toContain(sentence);
    expect(code).toBe(1);
  });

  it.each<Values>([
    { interfaceDetectionMethod: 'first-found' },
    { interfaceDetectionMethod: 'interface=eth0,ens.*' },
    { natOutgoing: false },
    { 'pools.ipv4': [POOL, { cidr: '10.9.0.0/16', natOutgoing: false }] },
    { 'pools.ipv4': [] },
    { 'pools.ipv4': [{ cidr: '10.244.0.0/32', blockSize: 32 }] },
    { global: { domain: 'example.com' } },
    { interfaceDetectionMethod: 'interface=^eth(?:0|1)$,[a-z]+[0-9]' },
    { 'nodeAgent.resources': { requests: { cpu: '0.5', memory: 1e8 }, limits: { cpu: '500m', memory: '0.1G' } } },
    { 'ipam.resources': { requests: { 'ephemeral-storage': '1Gi' }, limits: null } },
    { 'nodeAgent.tolerations': [{ key: 'a', value: 'b', effect: 'NoExecute', tolerationSeconds: 0 }] },
    { 'nodeAgent.podLabels': { 'example.com/Team.a_b': '' }, 'nodeAgent.podAnnotations': { 'example.com/a': 'a b' } },
    { 'kubernetesApi.host': '2001:db8::1' },
    { 'kubernetesApi.host': '192.0.2.1', 'kubernetesApi.port': 65535 },
    { 'image.registry': 'registry.example.com:5000/team_a/b', 'image.tag': 'V1.2-rc_1' },
    { 'tests.outside': 'example.com:65535', 'tests.hostPort': 7466 },
    { 'tests.image': `agnhost@sha256:${'0'.repeat(64)}` },
    { 'nodeAgent.maxUnavailable': '100%', replicas: 'auto', 'ipam.replicas': 100 },
    { 'controlPlane.affinity': null, 'nodeAgent.affinity': null, 'controlPlane.podAnnotations': null },
    {
      'controlPlane.nodeSelector': null,
      'nodeAgent.tolerations': null,
      'ipam.resources': null,
      extraEnv: null,
      aws: null,
    },
    {
      extraEnv: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['team']" } } }],
      'ipam.extraEnv': [{ name: 'b.c-D', valueFrom: { secretKeyRef: { name: 'a', key: 'b', optional: true } } }],
    },
  ])('%j is accepted', (values) => {
    expect(template(values)).toMatchObject({ code: 0, stderr: '' });
  });
});
