import type { LabelSelector, NetworkPolicy } from '@margay/model';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { AGE, NAME, textColumn } from './columns.ts';
import { networkPolicyErrors } from './network-policy-validation.ts';

export const NETWORK_POLICY = builtIn({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  namespaced: true,
  shortNames: ['netpol'],
  columns: [
    NAME,
    textColumn('Pod-Selector', 'The pods that it applies to.', (object) =>
      selectorText((object as unknown as NetworkPolicy).spec?.podSelector),
    ),
    AGE,
  ],
  strategy: { fill: fillNetworkPolicy, validate: networkPolicyErrors },
});

/** Policy types follow from the rules: always Ingress, and Egress when there are egress rules. Ports are TCP. */
function fillNetworkPolicy(object: ApiObject): void {
  const { spec } = object as unknown as NetworkPolicy;
  if (spec === undefined) return;
  spec.podSelector ??= {};
  if (spec.policyTypes === undefined || spec.policyTypes.length === 0) {
    spec.policyTypes = (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
  for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
    for (const port of rule.ports ?? []) port.protocol ??= 'TCP';
  }
}

function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.entries(matchLabels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return key;
    if (operator === 'DoesNotExist') return `!${key}`;
    return `${key} ${operator.toLowerCase()} (${values.join(',')})`;
  });
  return [...labels, ...expressions].join(',') || '<none>';
}
