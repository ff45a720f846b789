import type { PodLinkSpec } from '@margay/ports';
import type { NetlinkRequest } from '../netlink/index.ts';
import {
  changeLinkRequest,
  type KernelRoute,
  type Link,
  type NetlinkRoute,
  replaceRouteRequest,
} from '../rtnetlink/index.ts';
import { addressRequest, gatewayNeighbourRequest, HOST_MAC, POD_GATEWAY, podRoutes } from './pod-end.ts';

/** One thing that a link should have and has not. */
export interface LinkFault {
  readonly says: string;
  /** What puts it back; absent where the pod has something of its own in its place. */
  readonly mend?: NetlinkRequest;
}

/** What both ends have in common. */
export function linkFaults({ index, name, up, mtuBytes }: Link, wantedMtuBytes: number, where: string): LinkFault[] {
  const faults: LinkFault[] = [];
  if (!up) {
    faults.push({
      says: `The device ${name} is down ${where}.`,
      mend: changeLinkRequest(index, { up: true }, name),
    });
  }
  if (mtuBytes !== wantedMtuBytes) {
    faults.push({
      says: `The MTU of ${name} is ${mtuBytes} instead of ${wantedMtuBytes}.`,
      mend: changeLinkRequest(index, { mtuBytes: wantedMtuBytes }, name),
    });
  }
  return faults;
}

/** What the pod's end lacks; in this order it can be put back. `pod` is a socket in the pod's namespace. */
export function podEndFaults(pod: NetlinkRoute, link: Link, spec: PodLinkSpec): LinkFault[] {
  const { podDevice, address, mtuBytes } = spec;
  const { index } = link;
  const faults = linkFaults(link, mtuBytes, 'in the pod');
  if (!pod.listAddresses().some((own) => own.linkIndex === index && own.address === address)) {
    faults.push({
      says: `The address ${address} is missing on ${podDevice} in the pod.`,
      mend: addressRequest(index, spec),
    });
  }
  if (pod.permanentNeighbour(index, POD_GATEWAY) !== HOST_MAC) {
    faults.push({
      says: `The permanent neighbour entry of ${POD_GATEWAY} is missing in the pod.`,
      mend: gatewayNeighbourRequest(index),
    });
  }
  const present = pod.listRoutes(4);
  const [gateway, standard] = podRoutes(index);
  faults.push(...routeFaults(gateway, present, `route to ${POD_GATEWAY}`));
  faults.push(...routeFaults(standard, present, `default route through ${POD_GATEWAY}`));
  return faults;
}

function routeFaults(wanted: KernelRoute, present: readonly KernelRoute[], name: string): LinkFault[] {
  const there = present.filter(({ destination }) => destination === wanted.destination);
  if (there.some(({ linkIndex, gateway }) => linkIndex === wanted.linkIndex && gateway === wanted.gateway)) return [];
  const says = `The ${name} is missing in the pod.`;
  // One of the same metric is the pod's own, in place of this.
  return [there.some(({ metric }) => !metric) ? { says } : { says, mend: replaceRouteRequest(wanted) }];
}
