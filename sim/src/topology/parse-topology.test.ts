import { cidrContains } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultTopology } from './default-topology.ts';
import { TopologyError } from './error.ts';
import { parseTopology } from './parse-topology.ts';

/** The problems of a text, each as `line:column path: message`. */
function problemsOf(text: string): string[] {
  try {
    parseTopology(text, 't.yaml');
  } catch (error) {
    if (error instanceof TopologyError) return error.message.split('\n').map((line) => line.replace(/^t\.yaml:/, ''));
    throw error;
  }
  return [];
}

const NODES = 'nodes: [{name: n1}]\n';

describe('parseTopology', () => {
  it.each([
    ['malformed YAML', 'nodes: [a\nb: 1', /^2:1: not valid YAML: /],
    ['a document that is no map', '- 1', /^1:1: must be a map with the fields profile, /],
    ['an empty document', '', /^1:1: must be a map .* not nothing$/],
    [
      'a key that stands twice',
      'nodes: []\nnodes: []',
      /^2:1: not valid YAML: the key stands twice in one map; keep one/,
    ],
    [
      'a second document',
      `${NODES}---\nnodes: []`,
      /^2:1: not valid YAML: a second document begins here, and there can be only one; remove the line ---/,
    ],
    ['a tab', 'nodes:\n\t- {name: a}', /^2:1: not valid YAML: a tab stands where indentation is wanted/],
    ['an unknown field', `${NODES}nods: []`, /^2:1: nods: unknown field 'nods'; the fields here are profile, mode/],
    ['a wrong type', 'nodes: [{name: 7}]', /^1:16: nodes\[0\]\.name: must be text, not '7'; put it in quotes$/],
    ['no nodes', 'nodes: []', /^1:8: nodes: there are no nodes; list at least one/],
    ['nodes left out', 'mode: direct', /: there are no nodes; list at least one/],
    ['a duplicate name', 'nodes:\n- name: a\n- name: a', /^3:9: nodes\[1\]\.name: there are two nodes named 'a'/],
    [
      'a bad name',
      'nodes: [{name: N_1}]',
      /^1:16: nodes\[0\]\.name: 'N_1' cannot be the name of a node; use at most 63/,
    ],
    ['a later mode', `${NODES}mode: bgp`, /^2:7: mode: mode bgp is not there yet in this version/],
    ['an unknown mode', `${NODES}mode: fast`, /^2:7: mode: there is no mode 'fast'; choose encapsulated or direct$/],
    ['azure', `${NODES}profile: azure`, /profile azure is refused: the Azure fabric drops IP-in-IP packets/],
    ['aws', `${NODES}profile: aws`, /profile aws is not there yet/],
    [
      'overlapping pools',
      `${NODES}pools:\n- {name: a, cidr: 10.1.0.0/16}\n- {name: b, cidr: 10.1.2.0/24}`,
      /^4:19: pools\[1\]\.cidr: 10\.1\.2\.0\/24 overlaps with pool a \(10\.1\.0\.0\/16\)/,
    ],
    [
      'a pool smaller than its block',
      `${NODES}pools: [{name: a, cidr: 10.1.0.0/27, blockSize: 26}]`,
      /^2:49: pools\[0\]\.blockSize: 10\.1\.0\.0\/27: the pool is smaller than one of its blocks \(\/26\): set blockSize to 27 or more/,
    ],
    [
      'a small pool without a block size',
      `${NODES}pools: [{name: a, cidr: 10.1.0.0/28}]`,
      /^2:25: pools\[0\]\.cidr: 10\.1\.0\.0\/28: the pool is smaller than one of its blocks \(\/26\): set blockSize to 28 or more/,
    ],
    [
      'a pool over a segment',
      `${NODES}pools: [{name: a, cidr: 192.0.2.0/24}]`,
      /pools\[0\]\.cidr: 192\.0\.2\.0\/24 overlaps with rack rack-1 \(192\.0\.2\.0\/25\)/,
    ],
    [
      'a pool with host bits',
      `${NODES}pools: [{name: a, cidr: 10.1.0.1/16}]`,
      /'10\.1\.0\.1\/16' has bits set beyond its prefix of 16: write 10\.1\.0\.0\/16$/,
    ],
    [
      'an address outside of its segment',
      'nodes: [{name: a, address: 10.9.9.9}]',
      /^1:28: nodes\[0\]\.address: 10\.9\.9\.9 is outside of rack rack-1, which has 192\.0\.2\.0\/25$/,
    ],
    [
      'the gateway as an address',
      'nodes: [{name: a, address: 192.0.2.1}]',
      /192\.0\.2\.1 is the gateway of rack rack-1/,
    ],
    [
      'the broadcast as an address',
      'nodes: [{name: a, address: 192.0.2.127}]',
      /is the network's own or its broadcast/,
    ],
    [
      'an address used twice',
      'nodes: [{name: a, address: 192.0.2.9}, {name: b, address: 192.0.2.9}]',
      /192\.0\.2\.9 is the address of node a already/,
    ],
    [
      'overlapping segments',
      `${NODES}racks: [{name: r, cidr: 192.0.2.0/24}, {name: s, cidr: 192.0.2.64/26}]`,
      /racks\[1\]\.cidr: 192\.0\.2\.64\/26 overlaps with rack r \(192\.0\.2\.0\/24\)/,
    ],
    [
      'a segment of the fabric itself',
      `${NODES}racks: [{name: r, cidr: 203.0.113.0/25}]`,
      /overlaps with the outside host \(203\.0\.113\.0\/24\)/,
    ],
    [
      'a pod on an unknown node',
      `${NODES}pods: [{name: p, node: zz}]`,
      /^2:24: pods\[0\].node: there is no node 'zz'; the nodes are n1$/,
    ],
    [
      'a port out of range',
      `${NODES}pods: [{name: p, ports: [{port: 0}]}]`,
      /must be a whole number from 1 to 65535, not '0'$/,
    ],
    ['a bad label', `${NODES}pods: [{name: p, labels: {"a b": c}}]`, /'a b' cannot be the key of a label/],
    [
      "an interface that looks like Margay's",
      'nodes: [{name: a, interfaces: [{name: mgy1}]}]',
      /looks like one of Margay's own/,
    ],
    ['a rack that is not there', 'nodes: [{name: a, rack: r9}]', /there is no rack 'r9'; the racks are rack-1$/],
    ['IPv6', `${NODES}pools: [{name: a, cidr: "2001:db8::/64"}]`, /is IPv6, which is not there yet/],
  ])('refuses %s, with its place', (_, text, expected) => {
    const problems = problemsOf(text);
    expect(problems).toContainEqual(expect.stringMatching(expected));
    for (const problem of problems) expect(problem).toMatch(/^[0-9]+:[0-9]+: /);
  });

  it('finds all problems at once, in the order of the text', () => {
    const text = 'mode: bgp\nnodes:\n- {name: A, foo: 1}\n- {name: b, rack: zz}\npools: [{name: p, cidr: x}]\n';
    expect(problemsOf(text).map((problem) => Number(problem.split(':')[0]))).toEqual([1, 3, 3, 4, 5]);
  });

  it('fills in everything that is left out', () => {
    const topology = parseTopology('nodes: [{name: a}, {name: b}, {name: c}]', 't.yaml');
    expect(topology).toEqual({
      ...defaultTopology({ nodes: 3, podsPerNode: 2, mode: 'encapsulated' }),
      nodes: ['a', 'b', 'c'].map((name, index) => ({
        name,
        interfaces: [
          {
            name: 'eth0',
            rack: index < 2 ? 'rack-1' : 'rack-2',
            address: ['192.0.2.2', '192.0.2.3', '192.0.2.130'][index],
          },
        ],
      })),
      pods: topology.pods,
    });
    expect(topology.pods.map(({ name, node }) => `${name}@${node}`)).toEqual([
      'pod-1-1@a',
      'pod-1-2@a',
      'pod-2-1@b',
      'pod-2-2@b',
      'pod-3-1@c',
      'pod-3-2@c',
    ]);
  });

  it('lets a mode from outside win, and pools follow it where they say nothing', () => {
    const text =
      'mode: encapsulated\nnodes: [{name: a}]\npools: [{name: p, cidr: 10.1.0.0/16}, {name: q, cidr: 10.2.0.0/16, natOutgoing: true}]';
    const { mode, pools } = parseTopology(text, 't.yaml', { mode: 'direct' });
    expect(mode).toBe('direct');
    expect(pools.map(({ ipipMode, natOutgoing }) => [ipipMode, natOutgoing])).toEqual([
      ['Never', false],
      ['Never', true],
    ]);
  });

  it('gives every node an address of its own in its rack, whatever was written', () => {
    const written = fc.uniqueArray(fc.integer({ min: 2, max: 126 }), { maxLength: 40 });
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 60 }), (hosts, free) => {
        const nodes = [
          ...hosts.map((host, index) => `  - {name: w${index}, rack: rack-1, address: 192.0.2.${host}}`),
          ...Array.from({ length: free }, (_, index) => `  - {name: f${index}, rack: rack-1}`),
        ];
        const topology = parseTopology(`nodes:\n${nodes.join('\n')}`, 't.yaml');
        const addresses = topology.nodes.map(({ interfaces }) => interfaces[0].address);
        expect(new Set(addresses).size).toBe(nodes.length);
        const [rack] = topology.racks;
        for (const address of addresses) {
          expect(address).not.toBe(rack?.gateway);
          expect(rack && cidrContains(rack.cidr, address)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('reads 250 nodes', () => {
    const nodes = Array.from({ length: 250 }, (_, index) => `  - name: n${index}`);
    const topology = parseTopology(`podsPerNode: 0\nnodes:\n${nodes.join('\n')}`, 't.yaml');
    expect(topology.nodes).toHaveLength(250);
    expect(problemsOf(`nodes:\n${[...nodes, '  - name: one-more'].join('\n')}`)).toContainEqual(
      expect.stringMatching(/there are 251 nodes; at most 250 fit/),
    );
  });
});
