import type { EndpointEntry, PolicyEntry, PolicyRule, PortMatch } from '@margay/feed-core';
import type { Endpoint, EndpointInput } from '../generated/margay/feed/v1/Endpoint.ts';
import type { Policy, PolicyInput } from '../generated/margay/feed/v1/Policy.ts';
import type { PolicyListInput } from '../generated/margay/feed/v1/PolicyList.ts';
import type { PortMatchInput, PortMatch as WirePort } from '../generated/margay/feed/v1/PortMatch.ts';
import type { Rule, RuleInput } from '../generated/margay/feed/v1/Rule.ts';
import { bad, readEnum, readText } from './fields.ts';

const PROTOCOL_TO_WIRE = { tcp: 'PROTOCOL_TCP', udp: 'PROTOCOL_UDP', sctp: 'PROTOCOL_SCTP' } as const;
const PROTOCOL_FROM_WIRE = { PROTOCOL_TCP: 'tcp', PROTOCOL_UDP: 'udp', PROTOCOL_SCTP: 'sctp' } as const;
const ACTION_TO_WIRE = { allow: 'ACTION_ALLOW', deny: 'ACTION_DENY' } as const;
const ACTION_FROM_WIRE = { ACTION_ALLOW: 'allow', ACTION_DENY: 'deny' } as const;

const MAX_PORT = 65_535;

export function encodePolicy({ id, ingress, egress }: PolicyEntry): PolicyInput {
  return { id, ingress: ingress.map(encodeRule), egress: egress.map(encodeRule) };
}

export function decodePolicy({ id, ingress, egress }: Policy): PolicyEntry {
  return {
    kind: 'policy',
    id: readText(id, 'policy.id'),
    ingress: ingress.map((rule, index) => decodeRule(rule, `policy.ingress[${index}]`)),
    egress: egress.map((rule, index) => decodeRule(rule, `policy.egress[${index}]`)),
  };
}

export function encodeEndpoint({ namespace, pod, uid, ingress, egress }: EndpointEntry): EndpointInput {
  return {
    namespace,
    pod,
    uid,
    ...(ingress && { ingress: encodePolicies(ingress) }),
    ...(egress && { egress: encodePolicies(egress) }),
  };
}

export function decodeEndpoint({ namespace, pod, uid, ingress, egress }: Endpoint): EndpointEntry {
  return {
    kind: 'endpoint',
    namespace: readText(namespace, 'endpoint.namespace'),
    pod: readText(pod, 'endpoint.pod'),
    uid: readText(uid, 'endpoint.uid'),
    ...(ingress && { ingress: { policies: ingress.policies } }),
    ...(egress && { egress: { policies: egress.policies } }),
  };
}

function encodePolicies({ policies }: { readonly policies: readonly string[] }): PolicyListInput {
  return { policies: [...policies] };
}

function encodeRule({ origin, action, peerSets, ports }: PolicyRule): RuleInput {
  return {
    origin,
    action: ACTION_TO_WIRE[action],
    ...(peerSets && { peers: { sets: [...peerSets] } }),
    ...(ports && { ports: { ports: ports.map(encodePort) } }),
  };
}

function decodeRule({ origin, action, peers, ports }: Rule, field: string): PolicyRule {
  return {
    origin,
    action: readEnum(action, ACTION_FROM_WIRE, `${field}.action`),
    ...(peers && { peerSets: peers.sets }),
    ...(ports && { ports: ports.ports.map((port, index) => decodePort(port, `${field}.ports[${index}]`)) }),
  };
}

function encodePort({ protocol, port }: PortMatch): PortMatchInput {
  if (port !== undefined && (!Number.isInteger(port) || port < 1 || port > MAX_PORT)) {
    throw bad('port', `${port} is not a port number`);
  }
  return { protocol: PROTOCOL_TO_WIRE[protocol], ...(port !== undefined && { port }) };
}

function decodePort({ protocol, port }: WirePort, field: string): PortMatch {
  if (port > MAX_PORT) throw bad(`${field}.port`, `${port} is not a port number`);
  return {
    protocol: readEnum(protocol, PROTOCOL_FROM_WIRE, `${field}.protocol`),
    ...(port !== 0 && { port }),
  };
}
