import { parseInterfaceAddress } from '@margay/ip';
import type { NetworkPolicy, NetworkPolicyPeer } from '@margay/model';
import { hasOnly, isNaiveSelector, isObject, naiveSelectorMatches } from './naive-selector.ts';

type Direction = 'ingress' | 'egress';

/** A rule of which every part is understood. No peers, or no ports, means any. */
export interface UnderstoodRule {
  readonly index: number;
  readonly peers: readonly NetworkPolicyPeer[];
  readonly ports: readonly UnderstoodPort[];
}

export interface UnderstoodPort {
  readonly protocol?: string;
  readonly port?: number;
}

export interface UnderstoodPolicy {
  selects(labels: Readonly<Record<string, string>>): boolean;
  isolates(direction: Direction): boolean;
  rules(direction: Direction): UnderstoodRule[];
}

/** What a policy says as far as Margay knows it; the rest allows nothing. */
export function understoodRules(policy: NetworkPolicy): UnderstoodPolicy {
  const given: unknown = policy.spec ?? {};
  const spec = isObject(given) ? given : {};
  const selector = spec.podSelector ?? {};
  const trusted =
    isObject(given) && hasOnly(spec, ['podSelector', 'policyTypes', 'ingress', 'egress']) && isNaiveSelector(selector);
  return {
    selects: (labels) => !isNaiveSelector(selector) || naiveSelectorMatches(selector, labels),
    isolates: (direction) => !isObject(given) || isolates(spec, direction),
    rules: (direction) => (trusted ? rulesOf(spec[direction], direction) : []),
  };
}

function isolates({ policyTypes, egress }: Record<string, unknown>, direction: Direction): boolean {
  const types: unknown = policyTypes ?? [];
  if (Array.isArray(types) && types.length === 0) {
    const rules: unknown = egress ?? [];
    return direction === 'ingress' || !(Array.isArray(rules) && rules.length === 0);
  }
  if (!Array.isArray(types) || types.some((type) => type !== 'Ingress' && type !== 'Egress')) return true;
  return types.includes(direction === 'ingress' ? 'Ingress' : 'Egress');
}

function rulesOf(list: unknown, direction: Direction): UnderstoodRule[] {
  if (!Array.isArray(list)) return [];
  const peersField = direction === 'ingress' ? 'from' : 'to';
  return list.flatMap((rule: unknown, index) => {
    if (!isObject(rule) || !hasOnly(rule, [peersField, 'ports'])) return [];
    const peers: unknown = rule[peersField] ?? [];
    const ports: unknown = rule.ports ?? [];
    if (!Array.isArray(peers) || !Array.isArray(ports)) return [];
    if (!peers.every(isUnderstoodPeer) || !ports.every(isUnderstoodPort)) return [];
    const numbered = ports.filter(({ port }) => typeof port !== 'string') as UnderstoodPort[];
    // Named ports alone: the rule allows nothing, and must not turn into "any port".
    if (ports.length > 0 && numbered.length === 0) return [];
    return [{ index, peers, ports: numbered.map(withoutNulls) }];
  });
}

function isUnderstoodPeer(peer: unknown): peer is NetworkPolicyPeer {
  if (!isObject(peer) || !hasOnly(peer, ['podSelector', 'namespaceSelector', 'ipBlock'])) return false;
  const { podSelector, namespaceSelector, ipBlock } = peer;
  if (ipBlock) {
    if (podSelector || namespaceSelector || !isObject(ipBlock) || !hasOnly(ipBlock, ['cidr', 'except'])) return false;
    const excepts: unknown = ipBlock.except ?? [];
    return Array.isArray(excepts) && [ipBlock.cidr, ...excepts].every(isCidr);
  }
  const selectors = [podSelector, namespaceSelector].filter(Boolean);
  return selectors.length > 0 && selectors.every(isNaiveSelector);
}

function isUnderstoodPort(entry: unknown): entry is Record<string, unknown> {
  if (!isObject(entry) || !hasOnly(entry, ['protocol', 'port', 'endPort'])) return false;
  const { protocol, port, endPort } = entry;
  if (!['TCP', 'UDP', 'SCTP'].includes((protocol ?? 'TCP') as string)) return false;
  if (port === undefined || port === null) return endPort === undefined || endPort === null;
  return typeof port === 'string' || (Number.isInteger(port) && Number(port) >= 1 && Number(port) <= 65_535);
}

function withoutNulls({ protocol, port }: UnderstoodPort): UnderstoodPort {
  return { ...(protocol ? { protocol } : {}), ...(typeof port === 'number' ? { port } : {}) };
}

function isCidr(text: unknown): boolean {
  if (typeof text !== 'string') return false;
  try {
    return parseInterfaceAddress(text).network !== undefined;
  } catch {
    return false;
  }
}
