import { createHash } from 'node:crypto';
import { type IpAddress, parseAddress } from '@margay/ip';
import type { PodLinkSpec } from '@margay/ports';
import { POD_LINK_PREFIX } from '@margay/routing-core';

/** A pod that this node connects: what ADD made and DEL will need. */
export interface EndpointRecord {
  /** Name of the CNI network. */
  readonly network: string;
  readonly namespace: string;
  readonly pod: string;
  /** Of the Pod object. */
  readonly uid: string;
  readonly containerId: string;
  readonly ifname: string;
  /** Path of the pod's network namespace. */
  readonly netns: string;
  readonly address: IpAddress;
  /** Host end of the pod link. */
  readonly device: string;
  readonly hostMac: string;
  readonly podMac: string;
  readonly mtuBytes: number;
}

/**
 * Host end of a pod's link: the prefix and 11 hex digits of SHA-1 of
 * `<namespace>.<pod>`. It fits the 15 bytes of an interface name.
 */
export function podDevice(namespace: string, pod: string): string {
  const digest = createHash('sha1').update(`${namespace}.${pod}`).digest('hex');
  return `${POD_LINK_PREFIX}${digest.slice(0, 11)}`;
}

export function linkSpecOf(record: EndpointRecord): PodLinkSpec {
  const { netns, device, ifname, address, mtuBytes } = record;
  return { namespacePath: netns, hostDevice: device, podDevice: ifname, address, mtuBytes };
}

/** @throws {Error} the record is not one, with the field. */
export function parseRecord(value: unknown): EndpointRecord {
  const fields = value as Record<string, unknown>;
  const text = (name: string): string => {
    const field = fields[name];
    if (typeof field !== 'string') throw new Error(`an endpoint has no ${name}`);
    return field;
  };
  if (typeof fields.mtuBytes !== 'number') throw new Error('an endpoint has no mtuBytes');
  return {
    network: text('network'),
    namespace: text('namespace'),
    pod: text('pod'),
    uid: text('uid'),
    containerId: text('containerId'),
    ifname: text('ifname'),
    netns: text('netns'),
    address: parseAddress(text('address')),
    device: text('device'),
    hostMac: text('hostMac'),
    podMac: text('podMac'),
    mtuBytes: fields.mtuBytes,
  };
}
