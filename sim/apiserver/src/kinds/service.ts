import type { ApiObject } from '../storage/entry.ts';
import { builtIn } from './built-in.ts';
import { SERVICE_COLUMNS } from './service-columns.ts';
import { serviceErrors, serviceUpdateErrors, serviceWarnings } from './service-validation.ts';

interface Spec {
  type?: string;
  clusterIP?: string;
  clusterIPs?: string[];
  externalIPs?: string[];
  externalTrafficPolicy?: string;
  internalTrafficPolicy?: string;
  allocateLoadBalancerNodePorts?: boolean;
  ipFamilies?: string[];
  ipFamilyPolicy?: string;
  ports?: { port?: number; protocol?: string; targetPort?: number | string }[];
  selector?: Record<string, string>;
  sessionAffinity?: string;
  sessionAffinityConfig?: { clientIP?: { timeoutSeconds?: number } };
}

const AFFINITY_SECONDS = 10_800;

export const SERVICE = builtIn({
  kind: 'Service',
  plural: 'services',
  namespaced: true,
  shortNames: ['svc'],
  categories: ['all'],
  subresources: ['status'],
  strategy: {
    nameRule: 'letter-label',
    fill: fillService,
    prepareCreate: (object) => {
      object.status = {};
    },
    prepareUpdate: dropAddresses,
    validate: serviceErrors,
    validateUpdate: serviceUpdateErrors,
    warnings: serviceWarnings,
  },
  columns: SERVICE_COLUMNS,
});

/**
 * The defaults of the Kubernetes API reference. Addresses and node ports are
 * not given out: nothing in a simulation would answer there.
 */
function fillService(object: ApiObject): void {
  object.spec ??= {};
  const spec = object.spec as Spec;
  spec.type ??= 'ClusterIP';
  spec.sessionAffinity ??= 'None';
  if (spec.sessionAffinity === 'ClientIP') {
    spec.sessionAffinityConfig ??= {};
    spec.sessionAffinityConfig.clientIP ??= {};
    spec.sessionAffinityConfig.clientIP.timeoutSeconds ??= AFFINITY_SECONDS;
  } else delete spec.sessionAffinityConfig;
  for (const port of spec.ports ?? []) {
    port.protocol ??= 'TCP';
    if (port.targetPort === undefined || port.targetPort === '' || port.targetPort === 0) {
      if (port.port !== undefined) port.targetPort = port.port;
    }
  }
  if (spec.type === 'ExternalName') return;
  const isOutside = spec.type === 'NodePort' || spec.type === 'LoadBalancer' || (spec.externalIPs ?? []).length > 0;
  if (isOutside) spec.externalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
  spec.internalTrafficPolicy ??= 'Cluster';
  fillFamilies(spec);
}

/** A service that becomes a name loses the addresses that the update left as they were. */
function dropAddresses(object: ApiObject, previous: ApiObject): void {
  const spec = (object.spec ?? {}) as Spec;
  const before = (previous.spec ?? {}) as Spec;
  if (spec.type !== 'ExternalName' || before.type === 'ExternalName') return;
  if (spec.clusterIP !== before.clusterIP) return;
  for (const field of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy'] as const) {
    delete spec[field];
  }
}

/** One family, but both where others say which addresses there are. */
function fillFamilies(spec: Spec): void {
  const isOfOthers = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
  if (spec.clusterIP !== undefined && spec.clusterIP !== '') spec.clusterIPs ??= [spec.clusterIP];
  spec.ipFamilyPolicy ??= isOfOthers ? 'RequireDualStack' : 'SingleStack';
  spec.ipFamilies ??=
    spec.ipFamilyPolicy === 'SingleStack' ? [spec.clusterIP?.includes(':') ? 'IPv6' : 'IPv4'] : ['IPv4', 'IPv6'];
}
