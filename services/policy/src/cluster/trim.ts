import { ANNOTATION, type Namespace, type ObjectMeta, type Pod } from '@margay/model';

// What the service keeps of an object: what policy reads, and what tells one
// version from another.

export function trimNamespace({ metadata }: Namespace): Namespace {
  return { metadata: trimMeta(metadata) };
}

export function trimPod({ metadata, spec, status }: Pod): Pod {
  const address = metadata.annotations?.[ANNOTATION.podAddress];
  return {
    metadata: {
      ...trimMeta(metadata),
      ...(address !== undefined && { annotations: { [ANNOTATION.podAddress]: address } }),
    },
    spec: {
      ...(spec?.nodeName !== undefined && { nodeName: spec.nodeName }),
      ...(spec?.hostNetwork !== undefined && { hostNetwork: spec.hostNetwork }),
    },
    status: {
      ...(status?.phase !== undefined && { phase: status.phase }),
      ...(status?.podIP !== undefined && { podIP: status.podIP }),
    },
  };
}

function trimMeta({ name, namespace, uid, resourceVersion, labels }: ObjectMeta): ObjectMeta {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(labels !== undefined && { labels }),
  };
}
