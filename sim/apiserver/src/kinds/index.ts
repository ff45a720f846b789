import type { ServedResource } from '../registry/served-resource.ts';
import { CUSTOM_RESOURCE_DEFINITION } from './custom-resource-definition.ts';
import { EVENT } from './event.ts';
import { NAMESPACE } from './namespace.ts';
import { NETWORK_POLICY } from './network-policy.ts';
import { NODE } from './node.ts';
import { PLAIN_KINDS } from './plain.ts';
import { POD } from './pod.ts';
import { REVIEWS } from './reviews.ts';

/** All kinds that are served without a CustomResourceDefinition. */
export const BUILT_IN_RESOURCES: readonly ServedResource[] = [
  NAMESPACE,
  NODE,
  POD,
  EVENT,
  ...PLAIN_KINDS,
  NETWORK_POLICY,
  CUSTOM_RESOURCE_DEFINITION,
  ...REVIEWS,
];
