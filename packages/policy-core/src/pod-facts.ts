import { type IpAddress, tryParseAddress } from '@margay/ip';
import { ANNOTATION, type Pod } from '@margay/model';
import type { Labels } from '@margay/selector';

/** What policy needs to know of a pod; equal facts need no work. */
export interface PodFacts {
  readonly uid: string;
  readonly labels: Labels;
  /** Where its endpoint is; absent when it has none: not bound, finished, or in the host's network. */
  readonly node?: string;
  /** Absent when it is a member of no set. */
  readonly address?: IpAddress;
}

/**
 * A finished pod (phase Succeeded or Failed) has neither endpoint nor address,
 * and a hostNetwork pod is the node, not a pod. A terminating pod keeps both
 * until it is deleted or its address is released.
 */
export function podFacts(pod: Pod): PodFacts {
  const { metadata, spec } = pod;
  const identity = { uid: metadata.uid ?? '', labels: metadata.labels ?? {} };
  if (spec?.hostNetwork === true || isFinished(pod)) return identity;
  const address = podAddress(pod);
  return {
    ...identity,
    ...(spec?.nodeName ? { node: spec.nodeName } : {}),
    ...(address === undefined ? {} : { address }),
  };
}

/**
 * The pod's address: what its agent wrote on it, else what the kubelet
 * reports. An empty annotation says that the address is released, whatever
 * the status still tells.
 */
export function podAddress({ metadata, status }: Pod): IpAddress | undefined {
  const text = metadata.annotations?.[ANNOTATION.podAddress] ?? status?.podIP;
  return text ? tryParseAddress(text) : undefined;
}

function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export function sameFacts(a: PodFacts, b: PodFacts): boolean {
  return a.uid === b.uid && a.node === b.node && a.address === b.address && sameLabels(a.labels, b.labels);
}

export function sameLabels(a: Labels | undefined, b: Labels | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key]);
}
