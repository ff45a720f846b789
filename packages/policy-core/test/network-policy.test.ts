import type { Namespace, NetworkPolicy, Pod } from '@margay/model';
import { describe, expect, it } from 'vitest';
import { type Cluster, evaluate, PolicyCompiler, type Question } from '../src/index.ts';
import { FeedState } from './node-feed.ts';

// What Kubernetes' documentation of NetworkPolicy says (concepts/services-networking/network-policies
// and the API reference of networking.k8s.io/v1), each checked on the evaluator and on the compiled feed.

const namespace = (name: string, labels: Record<string, string>): Namespace => ({ metadata: { name, labels } });

const pod = (path: string, address: string, labels: Record<string, string> = {}): Pod => {
  const [space = '', name = ''] = path.split('/');
  return {
    metadata: { name, namespace: space, uid: path, labels },
    spec: { nodeName: address.endsWith('1') ? 'node-1' : 'node-2' },
    status: { phase: 'Running', podIP: address },
  };
};

const NAMESPACES = [namespace('shop', { team: 'shop' }), namespace('bank', { team: 'bank' })];
const PODS = [
  pod('shop/web', '10.8.0.1', { app: 'web' }),
  pod('shop/db', '10.8.0.2', { app: 'db' }),
  pod('bank/web', '10.8.1.1', { app: 'web' }),
  pod('bank/db', '10.8.1.2', { app: 'db' }),
];

const policy = (spec: object, name = 'p'): NetworkPolicy =>
  ({ metadata: { name, namespace: 'shop', uid: `uid-${name}`, generation: 1 }, spec }) as NetworkPolicy;

const party = (text: string): Question['from'] => {
  const [first = '', second] = text.split('/');
  return second === undefined ? { ip: first } : { pod: { namespace: first, name: second } };
};

/** Like `bank/web -> shop/db:80`, or with `/UDP` at its end. */
function question(text: string): Question {
  const [, from = '', to = '', port = '', protocol = 'TCP'] = /^(\S+) -> (\S+):(\d+)(?:\/(\w+))?$/.exec(text) ?? [];
  return { from: party(from), to: party(to), port: Number(port), protocol: protocol as Question['protocol'] };
}

function build(policies: NetworkPolicy[]): { cluster: Cluster; state: FeedState; compiler: PolicyCompiler } {
  const compiler = new PolicyCompiler();
  for (const object of NAMESPACES) compiler.upsertNamespace(object);
  for (const object of PODS) compiler.upsertPod(object);
  for (const object of policies) compiler.upsertNetworkPolicy(object);
  const state = new FeedState();
  state.apply(compiler.flush());
  return { cluster: { namespaces: NAMESPACES, pods: PODS, policies }, state, compiler };
}

/** By the nodes of both ends. */
function enforced(state: FeedState, { from, to, protocol, port }: Question): boolean {
  const find = (side: Question['from']): Pod | undefined =>
    'pod' in side
      ? PODS.find(({ metadata }) => metadata.namespace === side.pod.namespace && metadata.name === side.pod.name)
      : undefined;
  const allows = (side: Question['from'], direction: 'ingress' | 'egress', other: Question['from']): boolean => {
    const subject = find(side);
    if (subject === undefined) return true;
    const peer = find(other)?.status?.podIP ?? ('ip' in other ? other.ip : '');
    return state
      .node(subject.spec?.nodeName ?? '')
      .allows(`${subject.metadata.namespace}/${subject.metadata.name}`, direction, {
        peer: peer as never,
        protocol: protocol.toLowerCase() as 'tcp',
        port,
      });
  };
  return allows(from, 'egress', to) && allows(to, 'ingress', from);
}

function check(policies: NetworkPolicy[], expected: Record<string, boolean>): void {
  const { cluster, state } = build(policies);
  for (const [text, allowed] of Object.entries(expected)) {
    const asked = question(text);
    expect({ text, allowed: evaluate(cluster, asked).allowed }).toEqual({ text, allowed });
    expect({ text, enforced: enforced(state, asked) }).toEqual({ text, enforced: allowed });
  }
}

const DB = { matchLabels: { app: 'db' } };
const WEB = { matchLabels: { app: 'web' } };

describe('NetworkPolicy', () => {
  it('by default leaves a pod that no policy selects open in both directions', () => {
    check([], { 'bank/web -> shop/db:80': true, 'shop/db -> 192.0.2.1:53/UDP': true });
    check([policy({ podSelector: WEB })], { 'bank/web -> shop/db:80': true });
  });

  it('podSelector: an empty one selects every pod of the namespace, and no other namespace', () => {
    const all = policy({ podSelector: {} });
    check([all], { 'shop/web -> shop/db:80': false, 'shop/db -> shop/web:80': false, 'shop/web -> bank/db:80': true });
  });

  it('policyTypes: defaults to Ingress, and to Egress too if there are egress rules', () => {
    check([policy({ podSelector: DB })], { 'shop/web -> shop/db:80': false, 'shop/db -> bank/db:80': true });
    check([policy({ podSelector: DB, egress: [] })], { 'shop/db -> bank/db:80': true });
    check([policy({ podSelector: DB, egress: [{ ports: [{ port: 53 }] }] })], {
      'shop/db -> bank/db:53': true,
      'shop/db -> bank/db:80': false,
      'shop/web -> shop/db:53': false,
    });
  });

  it('policyTypes: Egress alone does not isolate for ingress, and ingress rules then have no effect', () => {
    const egressOnly = policy({
      podSelector: DB,
      policyTypes: ['Egress'],
      ingress: [{ from: [{ podSelector: WEB }] }],
    });
    check([egressOnly], { 'bank/web -> shop/db:80': true, 'shop/db -> shop/web:80': false });
  });

  it('ingress: an empty rule allows every source and port', () => {
    check([policy({ podSelector: DB, ingress: [{}] })], {
      'bank/web -> shop/db:80': true,
      '192.0.2.1 -> shop/db:9': true,
    });
    check([policy({ podSelector: DB, ingress: [{ from: [], ports: [] }] })], { '192.0.2.1 -> shop/db:9/UDP': true });
  });

  it('policies add up: what any of them allows is allowed', () => {
    check(
      [
        policy({ podSelector: {} }, 'deny'),
        policy({ podSelector: DB, ingress: [{ ports: [{ port: 80 }] }] }, 'a'),
        policy({ podSelector: DB, ingress: [{ ports: [{ port: 443 }] }] }, 'b'),
      ],
      { 'bank/web -> shop/db:80': true, 'bank/web -> shop/db:443': true, 'bank/web -> shop/db:22': false },
    );
  });

  it('a connection needs both the egress of its source and the ingress of its destination', () => {
    const out = policy({ podSelector: WEB, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: DB }] }] }, 'out');
    const into = policy({ podSelector: DB, ingress: [{ ports: [{ port: 80 }] }] }, 'into');
    check([out, into], {
      'shop/web -> shop/db:80': true,
      'shop/web -> shop/db:81': false,
      'shop/web -> bank/db:80': false,
    });
  });

  it('from.podSelector: pods of the policy’s own namespace', () => {
    const own = policy({ podSelector: DB, ingress: [{ from: [{ podSelector: WEB }] }] });
    check([own], { 'shop/web -> shop/db:80': true, 'bank/web -> shop/db:80': false, '10.8.9.9 -> shop/db:80': false });
  });

  it('from.namespaceSelector: all pods of the namespaces it selects; empty: of all namespaces', () => {
    const bank = policy({
      podSelector: DB,
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'bank' } } }] }],
    });
    check([bank], { 'bank/db -> shop/db:80': true, 'shop/web -> shop/db:80': false });
    const every = policy({ podSelector: DB, ingress: [{ from: [{ namespaceSelector: {} }] }] });
    check([every], { 'bank/db -> shop/db:80': true, 'shop/web -> shop/db:80': true, '192.0.2.1 -> shop/db:80': false });
  });

  it('from: both selectors in one element must hold together, in two elements either', () => {
    const namespaceSelector = { matchLabels: { team: 'bank' } };
    check([policy({ podSelector: DB, ingress: [{ from: [{ namespaceSelector, podSelector: WEB }] }] })], {
      'bank/web -> shop/db:80': true,
      'bank/db -> shop/db:80': false,
      'shop/web -> shop/db:80': false,
    });
    check([policy({ podSelector: DB, ingress: [{ from: [{ namespaceSelector }, { podSelector: WEB }] }] })], {
      'bank/web -> shop/db:80': true,
      'bank/db -> shop/db:80': true,
      'shop/web -> shop/db:80': true,
    });
  });

  it('ipBlock: the CIDR without its exceptions, for IPv4 and IPv6', () => {
    const from = [
      { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/25'] } },
      { ipBlock: { cidr: '2001:db8::/32' } },
    ];
    check([policy({ podSelector: DB, ingress: [{ from }] })], {
      '192.0.2.1 -> shop/db:80': true,
      '192.0.2.129 -> shop/db:80': false,
      '2001:db8::1 -> shop/db:80': true,
      '2001:db9::1 -> shop/db:80': false,
      'shop/web -> shop/db:80': false,
    });
  });

  it('ports.protocol: TCP when absent; a port absent: every port of the protocol', () => {
    check([policy({ podSelector: DB, ingress: [{ ports: [{ port: 53 }, { protocol: 'UDP' }] }] })], {
      'shop/web -> shop/db:53': true,
      'shop/web -> shop/db:54': false,
      'shop/web -> shop/db:54/UDP': true,
      'shop/web -> shop/db:53/SCTP': false,
    });
  });

  it('a pod always reaches itself', () => {
    const { cluster } = build([policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })]);
    expect(evaluate(cluster, question('shop/db -> shop/db:80')).allowed).toBe(true);
    expect(evaluate(cluster, question('10.8.0.2 -> shop/db:80')).allowed).toBe(true);
  });
});

describe('what is not understood', () => {
  const ALLOW_ALL = {};
  const CASES: { name: string; spec: object; path: string; allowed?: string[]; denied: string[] }[] = [
    {
      name: 'endPort counts as its port alone',
      spec: { podSelector: DB, ingress: [{ ports: [{ port: 80, endPort: 90 }] }] },
      path: 'spec.ingress[0].ports[0].endPort',
      allowed: ['shop/web -> shop/db:80'],
      denied: ['shop/web -> shop/db:81'],
    },
    {
      name: 'a port name allows nothing',
      spec: { podSelector: DB, ingress: [{ ports: [{ port: 'http' }] }] },
      path: 'spec.ingress[0].ports[0].port',
      denied: ['shop/web -> shop/db:80'],
    },
    {
      name: 'a port name leaves the numbers beside it',
      spec: { podSelector: DB, ingress: [{ ports: [{ port: 'http' }, { port: 80 }] }] },
      path: 'spec.ingress[0].ports[0].port',
      allowed: ['shop/web -> shop/db:80'],
      denied: ['shop/web -> shop/db:81'],
    },
    {
      name: 'an unknown field of a rule drops that rule alone',
      spec: { podSelector: DB, ingress: [{ action: 'Allow' }, { ports: [{ port: 80 }] }] },
      path: 'spec.ingress[0].action',
      allowed: ['shop/web -> shop/db:80'],
      denied: ['shop/web -> shop/db:81'],
    },
    {
      name: 'an unknown field of a peer drops the rule',
      spec: { podSelector: DB, ingress: [{ from: [{ podSelector: {}, node: 'x' }] }] },
      path: 'spec.ingress[0].from[0].node',
      denied: ['shop/web -> shop/db:80'],
    },
    {
      name: 'an unknown field of the spec drops every rule',
      spec: { podSelector: DB, order: 5, ingress: [ALLOW_ALL] },
      path: 'spec.order',
      denied: ['shop/web -> shop/db:80'],
    },
    {
      name: 'an unknown protocol drops the rule',
      spec: { podSelector: DB, ingress: [{ ports: [{ protocol: 'ICMP' }, { port: 80 }] }] },
      path: 'spec.ingress[0].ports[0].protocol',
      denied: ['shop/web -> shop/db:80'],
    },
    {
      name: 'a port out of range drops the rule',
      spec: { podSelector: DB, ingress: [{ ports: [{ port: 70_000 }] }] },
      path: 'spec.ingress[0].ports[0].port',
      denied: ['shop/web -> shop/db:80'],
    },
    {
      name: 'endPort without port drops the rule',
      spec: { podSelector: DB, ingress: [{ ports: [{ endPort: 90 }] }] },
      path: 'spec.ingress[0].ports[0].endPort',
      denied: ['shop/web -> shop/db:80'],
    },
    {
      name: 'a peer of nothing drops the rule',
      spec: { podSelector: DB, ingress: [{ from: [{}] }] },
      path: 'spec.ingress[0].from[0]',
      denied: ['shop/web -> shop/db:80'],
    },
    {
      name: 'ipBlock beside a selector drops the rule',
      spec: { podSelector: DB, ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0' }, podSelector: {} }] }] },
      path: 'spec.ingress[0].from[0]',
      denied: ['192.0.2.1 -> shop/db:80'],
    },
    {
      name: 'a malformed exception drops the rule, and does not except nothing',
      spec: { podSelector: DB, ingress: [{ from: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['192.0.2'] } }] }] },
      path: 'spec.ingress[0].from[0].ipBlock.except[0]',
      denied: ['192.0.2.1 -> shop/db:80'],
    },
    {
      name: 'a malformed peer selector drops the rule',
      spec: {
        podSelector: DB,
        ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'a', operator: 'Near' }] } }] }],
      },
      path: 'spec.ingress[0].from[0].podSelector.matchExpressions[0].operator',
      denied: ['shop/web -> shop/db:80'],
    },
    {
      name: 'a malformed podSelector isolates the namespace and allows nothing',
      spec: { podSelector: { matchLabels: { app: 7 } }, ingress: [ALLOW_ALL] },
      path: 'spec.podSelector.matchLabels.app',
      allowed: ['shop/web -> bank/db:80'],
      denied: ['shop/web -> shop/db:80', 'shop/db -> shop/web:80'],
    },
    {
      name: 'an unknown policy type isolates both directions',
      spec: { podSelector: DB, policyTypes: ['Ingress', 'Sideways'], ingress: [ALLOW_ALL] },
      path: 'spec.policyTypes',
      allowed: ['shop/web -> shop/db:80'],
      denied: ['shop/db -> shop/web:80'],
    },
    {
      name: 'rules that are no list allow nothing',
      spec: { podSelector: DB, ingress: { from: [] } },
      path: 'spec.ingress',
      denied: ['shop/web -> shop/db:80'],
    },
  ];

  it.each(CASES)('$name', ({ spec, path, allowed = [], denied }) => {
    const verdicts = [...allowed.map((text) => [text, true]), ...denied.map((text) => [text, false])];
    check([policy(spec)], Object.fromEntries(verdicts) as Record<string, boolean>);
    const [problem, ...more] = build([policy(spec)]).compiler.problems();
    expect(more).toEqual([]);
    expect(problem).toMatchObject({
      policy: { namespace: 'shop', name: 'p' },
      uid: 'uid-p',
      generation: 1,
      fieldPath: path,
    });
    expect(problem?.message).toMatch(/^['"A-Z{[\d].*\.$/);
  });

  it('is reported once a place, and no more after it is corrected', () => {
    const { compiler } = build([policy({ podSelector: DB, ingress: [{ x: 1, y: 2 }, { ports: [{ port: 'a' }] }] })]);
    expect(compiler.problems().map(({ fieldPath }) => fieldPath)).toEqual([
      'spec.ingress[0].x',
      'spec.ingress[0].y',
      'spec.ingress[1].ports[0].port',
    ]);
    expect(compiler.upsertNetworkPolicy(policy({ podSelector: DB }))).toEqual([]);
    expect(compiler.problems()).toEqual([]);
  });
});
