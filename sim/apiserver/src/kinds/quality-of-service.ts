import { canonicalQuantity } from '../schema/quantity.ts';

interface Resources {
  readonly limits?: Readonly<Record<string, string | number>>;
  readonly requests?: Readonly<Record<string, string | number>>;
}

export interface QosSpec {
  readonly containers?: readonly { readonly resources?: Resources }[];
  readonly initContainers?: readonly { readonly resources?: Resources }[];
}

const COUNTED = ['cpu', 'memory'] as const;

/**
 * How the needs of a pod are guaranteed: wholly when every container has
 * limits for processor and memory and needs just these, not at all when none
 * says anything. Source: Kubernetes, "Pod Quality of Service Classes".
 */
export function qualityOfService({ containers = [], initContainers = [] }: QosSpec): string {
  const all = [...initContainers, ...containers].map(({ resources = {} }) => resources);
  const amounts = (resource: Resources['limits'], name: string): string => canonicalQuantity(resource?.[name] ?? '0');
  const says = all.some(({ limits, requests }) =>
    COUNTED.some((name) => amounts(limits, name) !== '0' || amounts(requests, name) !== '0'),
  );
  if (!says) return 'BestEffort';
  const isGuaranteed = all.every(({ limits, requests }) =>
    COUNTED.every((name) => amounts(limits, name) !== '0' && amounts(limits, name) === amounts(requests, name)),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
