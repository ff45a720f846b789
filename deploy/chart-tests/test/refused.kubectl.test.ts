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
  [{ natOutgoing: false }, 'pools.ipv4[0]: natOutgoing: false with ipIpEncapsulation: Always comes later'],
  [
    { 'pools.ipv4': [POOL, { cidr: '10.9.0.0/16', natOutgoing: false }] },
    'pools.ipv4[1]: natOutgoing: false with ipIpEncapsulation: Always comes later',
  ],
  [{ interfaceDetectionMethod: 'interface=eth0,(' }, 'error parsing regexp: missing closing )'],
  [{ 'nodeAgent.cniConfDir': '/opt/cni/bin/' }, 'nodeAgent.cniConfDir: "/opt/cni/bin/" is nodeAgent.cniBinDir too'],
  [{ 'nodeAgent.cniBinDir': '/etc/../opt' }, 'nodeAgent.cniBinDir: "/etc/../opt" must not go up'],
  [
    { 'nodeAgent.podLabels': { 'app.kubernetes.io/component': 'x' } },
    'nodeAgent.podLabels: app.kubernetes.io/component',
  ],
  [{ replicas: 'two' }, "at '/replicas': 'two' does not match pattern '^auto$'"],
  [{ replicas: 0 }, "at '/replicas': minimum: got 0, want 1"],
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

describe('values', () => {
  it.each(REFUSED)('%j is refused with a sentence', (values, sentence) => {
    const { code, stderr } = template(values);
    expect(stderr).toContain(sentence);
    expect(code).toBe(1);
  });

  it.each<Values>([
    { interfaceDetectionMethod: 'first-found' },
    { interfaceDetectionMethod: 'interface=eth0,ens.*' },
    { 'pools.ipv4': [] },
    { 'pools.ipv4': [{ cidr: '10.244.0.0/32', blockSize: 32 }] },
    { global: { domain: 'example.com' } },
  ])('%j is accepted', (values) => {
    expect(template(values)).toMatchObject({ code: 0, stderr: '' });
  });
});
