import type { EndpointEntry, Replica } from '@margay/feed-core';
import type { FirewallEndpoint, FirewallModel } from '@margay/firewall-core';
import type { IpAddress } from '@margay/ip';
import type { NatPlan } from '@margay/routing-core';
import type { EndpointRecord } from '../endpoints/endpoint-record.ts';

export interface FirewallInput {
  readonly replica: Replica;
  readonly records: readonly EndpointRecord[];
  readonly plan: NatPlan;
  /** The addresses of the replica's nodes: the same set for as long as they are the same. */
  readonly nodes: ReadonlySet<IpAddress>;
  readonly entryOf: (record: EndpointRecord) => EndpointEntry | undefined;
}

const NO_NODES: ReadonlySet<IpAddress> = new Set();

/**
 * The firewall that the node wants. A pod whose policy is not known has no
 * endpoint, so that its link drops everything. A policy that is named but not
 * there allows nothing: its direction stays isolated without it.
 */
export function firewallModel({ replica, records, plan, nodes, entryOf }: FirewallInput): FirewallModel {
  const endpoints: FirewallEndpoint[] = [];
  const used = new Set<string>();
  for (const record of records) {
    const entry = entryOf(record);
    if (!entry) continue;
    const known = (policies: readonly string[]): string[] => {
      const present = policies.filter((id) => replica.policies.has(id));
      for (const id of present) used.add(id);
      return present;
    };
    endpoints.push({
      device: record.device,
      addresses: [record.address],
      ...(entry.ingress && { ingress: known(entry.ingress.policies) }),
      ...(entry.egress && { egress: known(entry.egress.policies) }),
    });
  }
  const policies = [...replica.policies.values()].filter(({ id }) => used.has(id));
  const wantedSets = new Set(policies.flatMap(({ ingress, egress }) => setsOf([...ingress, ...egress])));
  return {
    endpoints,
    policies: policies.map(({ id, ingress, egress }) => ({ id, ingress, egress })),
    sets: [...wantedSets].map((id) => {
      const set = replica.sets.get(id);
      // A set that is named but not there has no members, and matches nothing.
      return { id, type: set?.type ?? 'addresses', members: set?.members ?? new Set<never>() };
    }),
    natOutgoing: plan.natPools,
    clusterNetworks: plan.clusterNetworks,
    natToNodes: plan.natToNodes,
    nodes: plan.natToNodes.length > 0 ? nodes : NO_NODES,
  };
}

function setsOf(rules: readonly { readonly peerSets?: readonly string[] }[]): string[] {
  return rules.flatMap(({ peerSets }) => peerSets ?? []);
}
