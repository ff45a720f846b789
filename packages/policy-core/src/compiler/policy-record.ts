import type { PolicyEntry } from '@margay/feed-core';
import type { CompiledPolicy } from '../network-policy/compile-network-policy.ts';
import type { NamespaceRecord, PodRecord } from './inventory.ts';

export interface PolicyRecord {
  readonly id: string;
  namespace: NamespaceRecord;
  /** Absent once the policy is removed, until the flush that tells so. */
  compiled?: CompiledPolicy;
  /** The pods it selects that have an endpoint. */
  readonly pods: Set<PodRecord>;
  /** How many of them each node has. The policy is needed where there is one. */
  readonly podsByNode: Map<string, number>;
  /** What the feed holds. */
  emitted?: PolicyEntry;
}

/** Unique among policies, and stable: the name is all there is to it. */
export function policyId(namespace: string, name: string): string {
  return `networkpolicy/${namespace}/${name}`;
}
