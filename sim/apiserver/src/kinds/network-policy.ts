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
  countsGenerations: true,
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
  object.spec ??= {};
  const { spec } = object as unknown as Required<NetworkPolicy>;
  spec.podSelector ??= {};
  if (spec.policyTypes === undefined || spec.policyTypes.length === 0) {
    spec.policyTypes = (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }
  for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])]) {
    for (const port of rule.ports ?? []) port.protocol ??= 'TCP';
  }
}

function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector = {}): string {
  const labels = Object.entries(matchLabels).map(([key, value]) => [key, `${key}=${value}`] as const);
  const expressions = matchExpressions.map(({ key, operator, values = [] }) => {
    if (operator === 'Exists') return [key, key] as const;
    if (operator === 'DoesNotExist') return [key, `!${key}`] as const;
    return [key, `${key} ${operator.toLowerCase()} (${[...values].sort().join(',')})`] as const;
  });
  const requirements = [...labels, ...expressions].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return requirements.map(([, text]) => text).join(',') || '<none>';
}
