import type { PolicyRule } from '@margay/feed-core';
import type { NetworkPolicy } from '@margay/model';
import { compileLabelSelector, EVERYTHING, type Selector, SelectorError } from '@margay/selector';
import type { PolicyProblem } from '../problem.ts';
import type { SetSource } from '../set-source.ts';
import { readPeers } from './peers.ts';
import { readPorts } from './ports.ts';
import { type Fields, isAbsent, isFields, quoted, Report } from './report.ts';

/** A NetworkPolicy by itself, without the cluster around it. */
export interface CompiledPolicy {
  readonly namespace: string;
  readonly podSelector: Selector;
  readonly isolates: Readonly<Record<Direction, boolean>>;
  /** Allow rules; empty where the direction is not isolated. */
  readonly rules: Readonly<Record<Direction, readonly PolicyRule[]>>;
  /** The sets that the rules name. */
  readonly sets: ReadonlyMap<string, SetSource>;
  readonly problems: readonly PolicyProblem[];
}

export type Direction = 'ingress' | 'egress';

/**
 * Compiles one NetworkPolicy. Never throws for what the policy says: what is
 * not understood allows nothing and is reported.
 *
 * - An unknown or malformed part of a rule: the rule allows nothing.
 * - An unknown field of the spec, or a malformed list of rules: the policy
 *   allows nothing.
 * - A malformed `spec.podSelector`: every pod of the namespace is isolated and
 *   the policy allows nothing, since it may have meant any of them.
 * - A malformed `policyTypes`: both directions are isolated.
 * - `endPort`: the port alone counts. A named port: it allows nothing.
 */
export function compileNetworkPolicy(policy: NetworkPolicy): CompiledPolicy {
  const namespace = policy.metadata.namespace ?? '';
  const report = new Report();
  const spec = readSpec(policy.spec, report);
  const isolates = readPolicyTypes(spec, report);
  const sets = new Map<string, SetSource>();
  let podSelector = EVERYTHING;
  const rules = report.unlessRefused(() => {
    refuseUnknownFields(spec, report);
    podSelector = readPodSelector(spec.podSelector, report);
    const read = (direction: Direction): PolicyRule[] =>
      isolates[direction] ? readRules({ list: spec[direction], direction, namespace, sets, report }) : [];
    return { ingress: read('ingress'), egress: read('egress') };
  });
  if (rules === undefined) sets.clear();
  return {
    namespace,
    podSelector,
    isolates,
    rules: rules ?? { ingress: [], egress: [] },
    sets,
    problems: report.problems.map(({ fieldPath, message }) => ({
      policy: { namespace, name: policy.metadata.name },
      uid: policy.metadata.uid ?? '',
      ...(policy.metadata.generation === undefined ? {} : { generation: policy.metadata.generation }),
      fieldPath,
      message,
    })),
  };
}

const SPEC_FIELDS = ['podSelector', 'policyTypes', 'ingress', 'egress'];
const POLICY_ALLOWS_NOTHING = 'This policy allows nothing until it is corrected.';
const RULE_ALLOWS_NOTHING = 'This rule allows nothing until it is corrected.';

function readSpec(spec: unknown, report: Report): Fields {
  if (isAbsent(spec)) return {};
  if (isFields(spec)) return spec;
  report.note('spec', `The spec must be an object. ${POLICY_ALLOWS_NOTHING} It isolates every pod of its namespace.`);
  // Both directions, no rule: what was meant cannot be known.
  return { policyTypes: ['Ingress', 'Egress'] };
}

function refuseUnknownFields(spec: Fields, report: Report): void {
  for (const field of Object.keys(spec)) {
    if (!SPEC_FIELDS.includes(field)) {
      report.refuse(`spec.${field}`, `Margay does not know the field '${field}'. ${POLICY_ALLOWS_NOTHING}`);
    }
  }
}

/** Absent is the empty selector, which selects every pod of the namespace. */
function readPodSelector(selector: unknown, report: Report): Selector {
  try {
    return isAbsent(selector) ? EVERYTHING : compileLabelSelector(selector, 'spec.podSelector');
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error;
    report.refuse(
      error.path,
      `The pod selector is not understood: ${error.message}. Until it is corrected, this policy isolates every pod of its namespace and allows nothing.`,
    );
    return EVERYTHING;
  }
}

/** Kubernetes' default: Ingress always, and Egress when the policy has any egress rule. */
function readPolicyTypes(spec: Fields, report: Report): Record<Direction, boolean> {
  const types = spec.policyTypes;
  if (isAbsent(types) || (Array.isArray(types) && types.length === 0)) {
    const { egress } = spec;
    return { ingress: true, egress: !isAbsent(egress) && !(Array.isArray(egress) && egress.length === 0) };
  }
  const known = Array.isArray(types) && types.every((type) => type === 'Ingress' || type === 'Egress');
  if (known) return { ingress: types.includes('Ingress'), egress: types.includes('Egress') };
  report.note(
    'spec.policyTypes',
    `${quoted(types)} is not understood: the types are Ingress and Egress. Until it is corrected, this policy isolates its pods in both directions.`,
  );
  return { ingress: true, egress: true };
}

interface RuleContext {
  readonly direction: Direction;
  readonly namespace: string;
  readonly sets: Map<string, SetSource>;
  readonly report: Report;
}

function readRules({ list, ...context }: RuleContext & { readonly list: unknown }): PolicyRule[] {
  const { direction, report } = context;
  const path = `spec.${direction}`;
  if (isAbsent(list)) return [];
  if (!Array.isArray(list)) {
    report.note(path, `The rules must be a list. This policy allows no ${direction} until that is corrected.`);
    return [];
  }
  return list.flatMap((rule: unknown, index) => readRule(rule, `${path}[${index}]`, context) ?? []);
}

function readRule(
  rule: unknown,
  path: string,
  { direction, namespace, sets, report }: RuleContext,
): PolicyRule | undefined {
  const problems = new Report();
  const peersField = direction === 'ingress' ? 'from' : 'to';
  const read = problems.unlessRefused(() => {
    const fields = isFields(rule) ? rule : {};
    if (!isFields(rule)) problems.refuse(path, 'A rule must be an object.');
    for (const field of Object.keys(fields)) {
      if (field !== peersField && field !== 'ports') {
        problems.refuse(`${path}.${field}`, `Margay does not know the field '${field}' of a rule.`);
      }
    }
    return {
      peers: readPeers(fields[peersField], { path: `${path}.${peersField}`, namespace, report: problems }),
      ports: readPorts(fields.ports, { path: `${path}.ports`, report: problems }),
    };
  });
  const dropped = read === undefined;
  for (const { fieldPath, message } of problems.problems) {
    report.note(fieldPath, dropped ? `${message} ${RULE_ALLOWS_NOTHING}` : message);
  }
  if (dropped) return undefined;
  for (const source of read.peers ?? []) sets.set(source.id, source);
  return {
    origin: path,
    action: 'allow',
    ...(read.peers === undefined ? {} : { peerSets: [...new Set(read.peers.map(({ id }) => id))] }),
    ...(read.ports === undefined ? {} : { ports: read.ports }),
  };
}
