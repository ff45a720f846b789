import type { Pod } from '@margay/model';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { POD_COLUMNS } from './pod-columns.ts';
import { DEFAULT_GRACE_PERIOD_SECONDS, fillPod } from './pod-defaults.ts';
import { podUpdateErrors } from './pod-update-validation.ts';
import { podSpecErrors, podWarnings } from './pod-validation.ts';
import { type QosSpec, qualityOfService } from './quality-of-service.ts';

const FIELDS = [
  'spec.nodeName',
  'spec.restartPolicy',
  'spec.schedulerName',
  'spec.serviceAccountName',
  'spec.hostNetwork',
  'status.phase',
  'status.podIP',
  'status.nominatedNodeName',
];

export const POD = builtIn({
  kind: 'Pod',
  plural: 'pods',
  namespaced: true,
  shortNames: ['po'],
  categories: ['all'],
  subresources: ['status', 'binding', 'eviction'],
  countsGenerations: true,
  selectableFields: Object.fromEntries(FIELDS.map((path) => [path, fieldAt(path)] as const)),
  columns: POD_COLUMNS,
  strategy: {
    fill: fillPod,
    prepareCreate: (object) => {
      object.status = firstStatus(object);
    },
    validate: podSpecErrors,
    validateUpdate: podUpdateErrors,
    warnings: podWarnings,
    gracePeriodSeconds: gracePeriodOf,
  },
});

/** A pod that no node has yet, or that is over, goes at once; else its kubelet ends it first. */
function gracePeriodOf(object: ApiObject, requested: number | undefined): number {
  const { spec, status } = object as unknown as Pod;
  if (spec?.nodeName === undefined || spec.nodeName === '') return 0;
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0;
  return Math.max(requested ?? spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_PERIOD_SECONDS, 0);
}

function firstStatus(object: ApiObject): object {
  const { spec } = object as unknown as { spec?: QosSpec & { schedulingGates?: unknown[] } };
  const gated = {
    type: 'PodScheduled',
    status: 'False',
    reason: 'SchedulingGated',
    lastTransitionTime: object.metadata.creationTimestamp,
    message: 'the pod is not placed while it has scheduling gates',
  };
  return {
    phase: 'Pending',
    qosClass: qualityOfService(spec ?? {}),
    ...((spec?.schedulingGates ?? []).length > 0 && { conditions: [gated] }),
  };
}
