import { ApiError } from '../error.ts';
import type { ServedResource } from '../registry/served-resource.ts';
import type { ResourcePath } from './request-path.ts';

const NO_CONTAINERS = 'the simulator runs no containers: ';

/** Why a part of an object that Kubernetes has is missing here, and what helps instead; by kind and part. */
const SUBRESOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  pods: {
    attach: `${NO_CONTAINERS}there is nothing to attach to; 'margay sim exec NAMESPACE/POD -- COMMAND' runs a command in a pod's network`,
    ephemeralcontainers: `${NO_CONTAINERS}none can be added; 'margay sim exec NAMESPACE/POD -- COMMAND' runs a command in a pod's network`,
    exec: `${NO_CONTAINERS}'margay sim exec NAMESPACE/POD -- COMMAND' runs a command in a pod's network`,
    log: `${NO_CONTAINERS}there are no logs of pods; 'kubectl describe pod' shows how a pod fares`,
    portforward: `${NO_CONTAINERS}there is nothing to forward to; 'margay sim probe' tries connections between pods`,
    proxy: `${NO_CONTAINERS}there is nothing to forward to; 'margay sim probe' tries connections between pods`,
    resize: `${NO_CONTAINERS}resources of a pod cannot change`,
  },
  services: { proxy: 'the simulator forwards nothing to services' },
  nodes: { proxy: 'the simulator forwards nothing to nodes' },
  serviceaccounts: { token: 'the simulator issues no tokens: use those of the simulation' },
};

/** Groups of Kubernetes itself whose names do not end in .k8s.io. */
const SHORT_GROUPS = ['apps', 'autoscaling', 'batch', 'policy'];

/** Kinds of Kubernetes' core group that are not served. */
const CORE_KINDS = [
  'bindings',
  'componentstatuses',
  'limitranges',
  'persistentvolumeclaims',
  'persistentvolumes',
  'podtemplates',
  'replicationcontrollers',
  'resourcequotas',
];

/** 404: no such path. */
export function unknownPath(message = 'the server could not find the requested resource'): ApiError {
  // kubectl expects that there are details, even if they say nothing.
  return new ApiError('NotFound', message, {});
}

/**
 * 404: a kind that is not served; of Kubernetes' own the message says that it
 * is wanted so. Undefined: of a group that is not Kubernetes' own.
 */
export function unservedKind({ apiVersion, plural }: ResourcePath): ApiError | undefined {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  const isKubernetes = group === '' || SHORT_GROUPS.includes(group) || group.endsWith('.k8s.io');
  if (!isKubernetes) return undefined;
  if (group === '' && !CORE_KINDS.includes(plural)) return unknownPath();
  const name = group === '' ? plural : `${plural}.${group}`;
  return unknownPath(`the simulator does not serve ${name}; 'kubectl api-resources' lists what it serves`);
}

/** 404 or 405: a part of objects of Kubernetes' own kinds that is not served. */
export function unservedSubresource({ plural }: ServedResource, subresource: string): ApiError {
  const why = SUBRESOURCES[plural]?.[subresource];
  return why === undefined ? unknownPath() : new ApiError('MethodNotAllowed', why, {});
}
