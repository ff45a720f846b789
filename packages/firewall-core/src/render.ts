import type { PolicyRule } from '@margay/feed-core';
import { type IpAddress, versionOf } from '@margay/ip';
import type { FirewallEndpoint, FirewallModel, FirewallSet } from './model.ts';
import { hash64, kernelName } from './names.ts';
import { mergeRanges } from './ranges.ts';
import {
  type Chain,
  IP_PROTOCOL,
  type KernelSet,
  type Match,
  type Rule,
  type Ruleset,
  type Verdict,
} from './ruleset.ts';

/** Every pod link's host end starts with this, and nothing else does. */
export const POD_DEVICE_PREFIX = 'mgy';

const SETS = {
  podSources: 'pod-sources',
  fromPods: 'from-pods',
  toPods: 'to-pods',
  natOutgoing: 'nat-outgoing',
  clusterNetworks: 'cluster-networks',
  natToNodes: 'nat-to-nodes',
  nodes: 'nodes',
} as const;

const ACCEPT: Verdict = { kind: 'accept' };
const DROP: Verdict = { kind: 'drop' };

/** The base chain of address translation. */
export const TRANSLATION_CHAIN = 'postrouting';

export interface RenderOptions {
  /**
   * The kernel translates already. Then it goes on doing so, though no pool
   * asks for it any more: without a chain for it, the kernel would stop in the
   * middle of connections, and their packets would leave untranslated.
   */
  readonly keepTranslation?: boolean;
}

/**
 * The table for a model. Cost for a packet does not grow with the number of
 * pods or policies that are not its own: devices are looked up in maps.
 * A packet of a known connection leaves each hook in its first rule, and where
 * nothing is to be translated, no packet passes the kernel's translation.
 *
 * A packet between two pods passes two base chains of the same hook: what the
 * sender may send, then what the receiver may receive. `accept` ends the
 * first only, also from a chain that it jumped to, `drop` ends both, so neither needs a packet mark.
 *
 * What is from the node itself to its own pods passes: it never is forwarded
 * (Kubernetes NetworkPolicy: traffic from a pod's own node is always allowed).
 */
export function renderRuleset(model: FirewallModel, { keepTranslation = false }: RenderOptions = {}): Ruleset {
  const sets = new Map<string, KernelSet>();
  const chains = new Map<string, Chain>();
  for (const set of model.sets) sets.set(kernelName('set', set.id), memberSet(set));
  for (const policy of model.policies) {
    chains.set(kernelName('policy', policy.id, '-in'), policyChain(policy.ingress, 'source'));
    chains.set(kernelName('policy', policy.id, '-out'), policyChain(policy.egress, 'destination'));
  }
  sets.set(SETS.podSources, podSources(model.endpoints));
  sets.set(SETS.fromPods, verdictMap(model.endpoints, 'egress', chains));
  sets.set(SETS.toPods, verdictMap(model.endpoints, 'ingress', chains));
  for (const [name, chain] of Object.entries(FIXED_CHAINS)) chains.set(name, chain);
  if (model.natOutgoing.length > 0 || model.natToNodes.length > 0 || keepTranslation) {
    sets.set(SETS.natOutgoing, rangeSet(model.natOutgoing));
    sets.set(SETS.clusterNetworks, rangeSet(model.clusterNetworks));
    sets.set(SETS.natToNodes, rangeSet(model.natToNodes));
    sets.set(SETS.nodes, nodeSet(model.nodes));
    chains.set(TRANSLATION_CHAIN, TRANSLATION);
  }
  completeReferences(sets, chains);
  return { sets, chains };
}

/**
 * A set or policy that the model refers to but does not have is made empty: it
 * matches and allows nothing. The kernel would refuse the whole table, and
 * with it every other pod's policy.
 */
function completeReferences(sets: Map<string, KernelSet>, chains: Map<string, Chain>): void {
  for (const { rules } of [...chains.values()]) {
    for (const { matches, verdict } of rules) {
      if (verdict.kind === 'jump' && !chains.has(verdict.chain)) chains.set(verdict.chain, { rules: [] });
      for (const match of matches) {
        if (match.kind === 'address' && !sets.has(match.set))
          sets.set(match.set, { type: 'addresses', elements: new Map() });
      }
    }
  }
}

const fromPod: Match = { kind: 'device-prefix', direction: 'in', prefix: POD_DEVICE_PREFIX };
const toPod: Match = { kind: 'device-prefix', direction: 'out', prefix: POD_DEVICE_PREFIX };
const known: Match = { kind: 'connection', states: ['established', 'related'] };
const invalid: Match = { kind: 'connection', states: ['invalid'] };

/** UDP port of VXLAN. Source: RFC 7348 §5. */
const VXLAN_PORT = 4789;

/**
 * Every packet of the node passes the base chains, so what most packets need
 * comes first there: known connections leave the policy hooks by one look at
 * their state, and a device's name, which costs the kernel more than a jump,
 * is read once for each hook.
 */
const FIXED_CHAINS: Record<string, Chain> = {
  // Before connection tracking, so that a forged source cannot ride on another pod's connection.
  prerouting: {
    base: { type: 'filter', hook: 'prerouting', priority: -300 },
    rules: [{ matches: [fromPod], verdict: { kind: 'jump', chain: 'pod-packets' } }],
  },
  'pod-packets': {
    rules: [
      {
        matches: [{ kind: 'ipv4' }, { kind: 'device-source', set: SETS.podSources }],
        verdict: { kind: 'jump', chain: 'pod-protocols' },
      },
      { matches: [], verdict: DROP, comment: 'not an address of this pod' },
    ],
  },
  // A pod may not speak the node's own encapsulations: it would reach past the policy of other pods.
  'pod-protocols': {
    rules: [
      { matches: [{ kind: 'protocol', number: IP_PROTOCOL.tcp }], verdict: ACCEPT },
      {
        matches: [{ kind: 'protocol', number: IP_PROTOCOL.ipip }],
        verdict: DROP,
        comment: 'no IP-in-IP from pods',
      },
      {
        matches: [
          { kind: 'protocol', number: IP_PROTOCOL.udp },
          { kind: 'destination-port', port: VXLAN_PORT },
        ],
        verdict: DROP,
        comment: 'no VXLAN from pods',
      },
      { matches: [], verdict: ACCEPT },
    ],
  },
  'forward-from-pods': policyHook('forward', -2, fromPod, 'egress'),
  'forward-to-pods': policyHook('forward', -1, toPod, 'ingress'),
  // A pod's egress policy holds for its own node as a destination too.
  input: policyHook('input', -1, fromPod, 'egress'),
  egress: podPolicyChain('in', SETS.fromPods),
  ingress: podPolicyChain('out', SETS.toPods),
};

const TRANSLATION: Chain = {
  base: { type: 'nat', hook: 'postrouting', priority: 100 },
  rules: [
    {
      matches: [
        { kind: 'ipv4' },
        { kind: 'address', side: 'source', set: SETS.natOutgoing },
        { kind: 'address', side: 'destination', set: SETS.clusterNetworks, inverted: true },
      ],
      verdict: { kind: 'masquerade' },
      comment: 'natOutgoing',
    },
    {
      matches: [
        { kind: 'ipv4' },
        { kind: 'address', side: 'source', set: SETS.natToNodes },
        { kind: 'address', side: 'destination', set: SETS.nodes },
      ],
      verdict: { kind: 'masquerade' },
      comment: 'to a node, past the tunnel',
    },
  ],
};

/** What was allowed once goes on; of anything else, what is of a pod is for `chain`. */
function policyHook(hook: 'input' | 'forward', priority: number, ofPod: Match, chain: string): Chain {
  return {
    base: { type: 'filter', hook, priority },
    rules: [
      { matches: [known], verdict: ACCEPT },
      { matches: [ofPod], verdict: { kind: 'jump', chain } },
    ],
  };
}

/** For the pod's policies; a pod without an entry has no way. */
function podPolicyChain(direction: 'in' | 'out', map: string): Chain {
  return {
    rules: [
      { matches: [invalid], verdict: DROP },
      { matches: [], verdict: { kind: 'by-device', direction, map } },
      { matches: [], verdict: DROP, comment: 'pod without policy yet' },
    ],
  };
}

function memberSet({ type, members }: Omit<FirewallSet, 'id'>): KernelSet {
  if (type === 'cidrs') return rangeSet(members);
  const elements = new Map<string, undefined>();
  for (const member of members) if (versionOf(member) === 4) elements.set(member, undefined);
  return { type: 'addresses', elements };
}

const renderedNodes = new WeakMap<ReadonlySet<IpAddress>, KernelSet>();

/** The same set for the same nodes, so that nobody compares thousands of them when a pod comes or goes. */
function nodeSet(nodes: ReadonlySet<IpAddress>): KernelSet {
  const known = renderedNodes.get(nodes);
  if (known) return known;
  const set = memberSet({ type: 'addresses', members: nodes });
  renderedNodes.set(nodes, set);
  return set;
}

function rangeSet(members: Parameters<typeof mergeRanges>[0]): KernelSet {
  return { type: 'ranges', elements: new Map(mergeRanges(members).map((range) => [range, undefined])) };
}

function podSources(endpoints: readonly FirewallEndpoint[]): KernelSet {
  const pairs = endpoints.flatMap(({ device, addresses }) => addresses.map((address) => `${device} ${address}`));
  return { type: 'device-addresses', elements: new Map(pairs.map((pair) => [pair, undefined])) };
}

/** Pods with the same list of policies share a chain, which is added to `chains`. */
function verdictMap(
  endpoints: readonly FirewallEndpoint[],
  direction: 'ingress' | 'egress',
  chains: Map<string, Chain>,
): KernelSet {
  const suffix = direction === 'ingress' ? '-in' : '-out';
  const elements = new Map<string, Verdict>();
  for (const endpoint of endpoints) {
    const policies = endpoint[direction];
    if (policies === undefined) {
      elements.set(endpoint.device, ACCEPT);
      continue;
    }
    const name = kernelName('pods', hash64(policies.join('\n')), suffix);
    if (!chains.has(name)) {
      const rules = policies.map(
        (id): Rule => ({ matches: [], verdict: { kind: 'jump', chain: kernelName('policy', id, suffix) } }),
      );
      chains.set(name, { rules: [...rules, { matches: [], verdict: DROP, comment: 'no policy allows it' }] });
    }
    elements.set(endpoint.device, { kind: 'jump', chain: name });
  }
  return { type: 'device-verdicts', elements };
}

/** Policy entries do not change in place, so a rule list is rendered once however often the model is. */
const rendered = { source: new WeakMap<object, Chain>(), destination: new WeakMap<object, Chain>() };

function policyChain(rules: readonly PolicyRule[], peer: 'source' | 'destination'): Chain {
  const known = rendered[peer].get(rules);
  if (known) return known;
  const chain: Chain = { rules: rules.flatMap((rule) => policyRules(rule, peer)) };
  rendered[peer].set(rules, chain);
  return chain;
}

/** A policy rule is a union over its peers and its ports, so one kernel rule for each pair. */
function policyRules({ action, origin, peerSets, ports }: PolicyRule, side: 'source' | 'destination'): Rule[] {
  const verdict = action === 'allow' ? ACCEPT : DROP;
  const peers: Match[][] = peerSets
    ? peerSets.map((id) => [{ kind: 'ipv4' }, { kind: 'address', side, set: kernelName('set', id) }])
    : [[]];
  const transports: Match[][] = ports
    ? ports.map(({ protocol, port }) => [
        { kind: 'protocol', number: IP_PROTOCOL[protocol] },
        ...(port === undefined ? [] : [{ kind: 'destination-port', port } as const]),
      ])
    : [[]];
  return peers.flatMap((peer) =>
    transports.map((transport) => ({ matches: [...peer, ...transport], verdict, comment: origin })),
  );
}
