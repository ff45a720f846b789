import type { ApiObject } from '../storage/entry.ts';
import { fillVolumes } from './volume-defaults.ts';

type Fields = Record<string, unknown>;

/** What kubelets give a pod to end when it does not say so itself. */
export const DEFAULT_GRACE_PERIOD_SECONDS = 30;

/** How long a pod stays on a node that fails, when it does not say so itself. */
const STAY_SECONDS = 300;

/** Taints of a node that fails. */
const FAILURE_TAINTS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** Classes that every cluster has. */
const SYSTEM_PRIORITIES: Readonly<Record<string, number>> = {
  'system-cluster-critical': 2_000_000_000,
  'system-node-critical': 2_000_001_000,
};

/** What a pod has when it does not say so itself. Source: the defaults of the Kubernetes API reference, and what its admission adds. */
export function fillPod(object: ApiObject): void {
  const spec = object.spec as Fields | undefined;
  if (spec === undefined) return;
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  setDefaults(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: DEFAULT_GRACE_PERIOD_SECONDS,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    enableServiceLinks: true,
    priority: SYSTEM_PRIORITIES[String(spec.priorityClassName)] ?? 0,
    preemptionPolicy: 'PreemptLowerPriority',
    // Both names of the field are told.
    ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
  });
  fillTolerations(spec);
  fillVolumes(listOf(spec.volumes));
  for (const container of [...listOf(spec.initContainers), ...listOf(spec.containers)]) {
    fillContainer(container, spec.hostNetwork === true);
  }
}

function fillTolerations(spec: Fields): void {
  const tolerations = listOf(spec.tolerations);
  const missing = FAILURE_TAINTS.filter(
    (taint) =>
      !tolerations.some(
        ({ key = '', effect = '' }) => (key === taint || key === '') && (effect === 'NoExecute' || effect === ''),
      ),
  );
  if (missing.length === 0) return;
  const added = missing.map((key) => ({
    effect: 'NoExecute',
    key,
    operator: 'Exists',
    tolerationSeconds: STAY_SECONDS,
  }));
  spec.tolerations = [...tolerations, ...added];
}

function fillContainer(container: Fields, hostNetwork: boolean): void {
  setDefaults(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...(typeof container.image === 'string' && { imagePullPolicy: pullPolicyOf(container.image) }),
  });
  const resources = container.resources as { limits?: Fields; requests?: Fields };
  if (resources.limits !== undefined) resources.requests = { ...resources.limits, ...resources.requests };
  for (const port of listOf(container.ports)) if (hostNetwork) port.hostPort ??= port.containerPort;
  for (const { valueFrom } of listOf(container.env)) {
    const reference = (valueFrom as Fields | undefined)?.fieldRef as Fields | undefined;
    if (reference !== undefined) setDefaults(reference, { apiVersion: 'v1' });
  }
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) fillProbe(container[name]);
  const { postStart, preStop } = (container.lifecycle ?? {}) as Fields;
  fillHandler(postStart);
  fillHandler(preStop);
}

/** The tag `latest`, which moves, is asked for each time. */
function pullPolicyOf(image: string): string {
  const isLatest = !/[:@]/.test(image.slice(image.lastIndexOf('/') + 1)) || image.endsWith(':latest');
  return isLatest ? 'Always' : 'IfNotPresent';
}

function fillProbe(probe: unknown): void {
  if (typeof probe !== 'object' || probe === null) return;
  setDefaults(probe as Fields, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  fillHandler(probe);
  const { grpc } = probe as Fields;
  if (grpc !== undefined) setDefaults(grpc as Fields, { service: '' });
}

function fillHandler(handler: unknown): void {
  const { httpGet } = (handler ?? {}) as Fields;
  if (httpGet !== undefined) setDefaults(httpGet as Fields, { path: '/', scheme: 'HTTP' });
}

function listOf(value: unknown): Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}

/** Values that Go cannot tell from absent ones get the default, too. */
function setDefaults(target: Fields, defaults: Fields): void {
  for (const [name, value] of Object.entries(defaults)) {
    if (target[name] === undefined || target[name] === '') target[name] = value;
  }
}
