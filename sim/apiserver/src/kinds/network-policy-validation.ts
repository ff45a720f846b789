import { type Cidr, cidrContains, parseInterfaceAddress } from '@margay/ip';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '@margay/model';
import type { FieldError } from '../error.ts';
import { invalidValue } from '../registry/metadata.ts';
import type { ApiObject } from '../storage/entry.ts';
import { forbidden, required } from './field-errors.ts';
import { portNameErrors, portNumberErrors } from './port-validation.ts';
import { selectorErrors } from './selector-validation.ts';

/** What is wrong with a NetworkPolicy, beyond its schema (Kubernetes API reference, networking.k8s.io/v1). */
export function networkPolicyErrors(object: ApiObject): FieldError[] {
  const { spec } = object as unknown as NetworkPolicy;
  if (spec === undefined) return [];
  const types = spec.policyTypes ?? [];
  return [
    ...(types.length > 2 ? [invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes')] : []),
    ...selectorErrors(spec.podSelector, 'spec.podSelector'),
    ...(spec.ingress ?? []).flatMap(({ from, ports }, index) => [
      ...portsErrors(ports, `spec.ingress[${index}].ports`),
      ...peersErrors(from, `spec.ingress[${index}].from`),
    ]),
    ...(spec.egress ?? []).flatMap(({ to, ports }, index) => [
      ...portsErrors(ports, `spec.egress[${index}].ports`),
      ...peersErrors(to, `spec.egress[${index}].to`),
    ]),
  ];
}

function portsErrors(ports: readonly NetworkPolicyPort[] = [], path: string): FieldError[] {
  return ports.flatMap(({ port, endPort }, index) => {
    const place = `${path}[${index}]`;
    const errors: FieldError[] = [];
    if (typeof port === 'number') errors.push(...portNumberErrors(port, `${place}.port`));
    if (typeof port === 'string') errors.push(...portNameErrors(port, `${place}.port`));
    if (endPort === undefined) return errors;
    errors.push(...portNumberErrors(endPort, `${place}.endPort`));
    if (port === undefined || typeof port === 'string') {
      const why =
        port === undefined
          ? 'may not be specified when `port` is not specified'
          : 'may not be specified when `port` is non-numeric';
      errors.push(invalidValue(`${place}.endPort`, endPort, why));
    } else if (endPort < port)
      errors.push(invalidValue(`${place}.endPort`, endPort, 'must be greater than or equal to `port`'));
    return errors;
  });
}

function peersErrors(peers: readonly NetworkPolicyPeer[] = [], path: string): FieldError[] {
  return peers.flatMap((peer, index) => {
    const place = `${path}[${index}]`;
    const { podSelector, namespaceSelector, ipBlock } = peer;
    if (podSelector === undefined && namespaceSelector === undefined && ipBlock === undefined) {
      return [required(place)];
    }
    if (ipBlock !== undefined && (podSelector !== undefined || namespaceSelector !== undefined)) {
      return [forbidden(place, 'a peer is either an ipBlock or selectors')];
    }
    return [
      ...selectorErrors(podSelector, `${place}.podSelector`),
      ...selectorErrors(namespaceSelector, `${place}.namespaceSelector`),
      ...(ipBlock === undefined ? [] : ipBlockErrors(ipBlock, `${place}.ipBlock`)),
    ];
  });
}

function ipBlockErrors({ cidr, except = [] }: { cidr: string; except?: string[] }, path: string): FieldError[] {
  if (cidr === '') return [required(`${path}.cidr`)];
  const block = networkIn(cidr);
  if (block === undefined) return [notCidr(`${path}.cidr`, cidr)];
  return except.flatMap((text, index) => {
    const place = `${path}.except[${index}]`;
    const inner = networkIn(text);
    if (inner === undefined) return [notCidr(place, text)];
    // Kubernetes: a strict subset.
    const strict = cidrContains(block, inner) && block !== inner;
    return strict ? [] : [invalidValue(place, text, `must be a strict subset of \`cidr\` (${cidr})`)];
  });
}

/** Kubernetes takes host bits as they come here; the network is what counts. */
function networkIn(text: string): Cidr | undefined {
  try {
    return parseInterfaceAddress(text).network;
  } catch {
    return undefined;
  }
}

function notCidr(field: string, text: string): FieldError {
  return invalidValue(field, text, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)');
}
