import type { EndpointEntry, Scope } from '@margay/feed-core';
import type { Direction } from '../network-policy/compile-network-policy.ts';
import type { PodRecord } from './inventory.ts';

/** A pod is isolated in a direction as soon as one policy of that type selects it. */
export function endpointEntry({ namespace, name, facts, policies }: PodRecord): EndpointEntry {
  const isolation = (direction: Direction): Pick<EndpointEntry, Direction> => {
    const ids = [...policies].filter(({ compiled }) => compiled?.isolates[direction]).map(({ id }) => id);
    return ids.length === 0 ? {} : { [direction]: { policies: ids.sort() } };
  };
  return {
    kind: 'endpoint',
    namespace: namespace.name,
    pod: name,
    uid: facts.uid,
    ...isolation('ingress'),
    ...isolation('egress'),
  };
}

export function policyScope(id: string): Scope {
  return `policy:${id}`;
}

/** For entries, which are made with their fields in one order. */
export function sameJson(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
