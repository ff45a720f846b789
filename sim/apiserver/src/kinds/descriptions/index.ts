import { CONTAINER_DESCRIPTIONS } from './container.ts';
import { META_DESCRIPTIONS } from './meta.ts';
import { NAMESPACE_DESCRIPTIONS } from './namespace.ts';
import { NETWORK_POLICY_DESCRIPTIONS } from './network-policy.ts';
import { NODE_DESCRIPTIONS } from './node.ts';
import { OTHER_DESCRIPTIONS } from './other.ts';
import { POD_DESCRIPTIONS } from './pod.ts';
import { SCHEDULING_DESCRIPTIONS } from './scheduling.ts';
import { SERVICE_DESCRIPTIONS } from './service.ts';
import { VOLUMES_DESCRIPTIONS } from './volumes.ts';

/** What `kubectl explain` says about Kubernetes' own types, in the notation of ../../schema/parse-descriptions.ts. */
export const DESCRIPTIONS: readonly string[] = [
  META_DESCRIPTIONS,
  NAMESPACE_DESCRIPTIONS,
  NODE_DESCRIPTIONS,
  POD_DESCRIPTIONS,
  CONTAINER_DESCRIPTIONS,
  SCHEDULING_DESCRIPTIONS,
  VOLUMES_DESCRIPTIONS,
  SERVICE_DESCRIPTIONS,
  NETWORK_POLICY_DESCRIPTIONS,
  OTHER_DESCRIPTIONS,
];
