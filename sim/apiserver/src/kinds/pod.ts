import type { Pod } from '@margay/model';
import { fieldAt } from '../selectors/field.ts';
import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { POD_COLUMNS } from './pod-columns.ts';
import { podSpecErrors, podUpdateErrors } from './pod-validation.ts';

/** What kubelets give a pod to end when it does not say so itself. */
export const DEFAULT_GRACE_PERIOD_SECONDS = 30;

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
  subresources: ['status', 'binding'],
  selectableFields: Object.fromEntries(FIELDS.map((path) => [path, fieldAt(path)] as const)),
  columns: POD_COLUMNS,
  strategy: {
    fill: fillPod,
    prepareCreate: (object) => {
      object.status = { phase: 'Pending', qosClass: 'BestEffort' };
    },
    validate: podSpecErrors,
    validateUpdate: podUpdateErrors,
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

/** The defaults of the Kubernetes API reference that tools rely on. */
function fillPod(object: ApiObject): void {
  const spec = object.spec as Record<string, unknown> | undefined;
  if (spec === undefined) return;
  setDefaults(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: DEFAULT_GRACE_PERIOD_SECONDS,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
  });
  for (const list of ['initContainers', 'containers']) {
    for (const container of (spec[list] ?? []) as Record<string, unknown>[]) fillContainer(container);
  }
}

function fillContainer(container: Record<string, unknown>): void {
  setDefaults(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  if (typeof container.image === 'string') {
    const latest =
      !/[:@]/.test(container.image.slice(container.image.lastIndexOf('/') + 1)) || container.image.endsWith(':latest');
    setDefaults(container, { imagePullPolicy: latest ? 'Always' : 'IfNotPresent' });
  }
}

function setDefaults(target: Record<string, unknown>, defaults: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(defaults)) target[name] ??= value;
}
