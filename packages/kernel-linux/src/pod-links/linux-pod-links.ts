import { versionOf } from '@margay/ip';
import { KernelError, type PodLink, type PodLinkSpec, type PodLinks } from '@margay/ports';
import { POD_LINK_PREFIX } from '@margay/routing-core';
import { closeFd, ERRNO, errnoOf, inNamespace, libc, openNamespace } from '../libc/index.ts';
import { type NetlinkRoute, openRouteSocket } from '../rtnetlink/index.ts';
import { LinkRemover } from './link-remover.ts';
import { differingSysctls, HOST_MAC, hostSysctls, podEndRequests, podSysctls, writeSysctls } from './pod-end.ts';
import { type LinkFault, linkFaults, podEndFaults } from './pod-faults.ts';

/** veth pairs between the namespace of this process and pods. IPv4 only. */
export class LinuxPodLinks implements PodLinks {
  readonly #remover = new LinkRemover();
  #host: NetlinkRoute | undefined;

  async create(spec: PodLinkSpec): Promise<PodLink> {
    checkSpec(spec);
    const host = this.#open();
    const namespaceFd = openNamespace(spec.namespacePath);
    try {
      await this.#remover.remove(spec.hostDevice);
      createPair(host, spec, namespaceFd);
      try {
        return setUpPair(host, spec, namespaceFd);
      } catch (error) {
        await this.#remover.remove(spec.hostDevice);
        throw error;
      }
    } finally {
      closeFd(namespaceFd);
    }
  }

  async remove(hostDevice: string): Promise<boolean> {
    checkHostDevice(hostDevice);
    return this.#remover.remove(hostDevice);
  }

  async list(): Promise<{ hostDevice: string; hostIndex: number; up: boolean }[]> {
    return this.#open()
      .listLinks()
      .filter(({ name, kind }) => kind === 'veth' && name.startsWith(POD_LINK_PREFIX))
      .map(({ name, index, up }) => ({ hostDevice: name, hostIndex: index, up }));
  }

  async check(spec: PodLinkSpec): Promise<string[]> {
    checkSpec(spec);
    const { hostDevice, mtuBytes, namespacePath, podDevice } = spec;
    const link = this.#open().findLink(hostDevice);
    const onHost = link
      ? [
          ...linkFaults(link, mtuBytes, 'on the node').map(({ says }) => says),
          ...differingSysctls(hostSysctls(hostDevice)),
        ]
      : [`The device ${hostDevice} is missing on the node.`];
    const inPod = inPodOf(spec, (pod) => {
      const end = pod.findLink(podDevice);
      if (!end) return [`The device ${podDevice} is missing in the pod.`];
      const missing = podEndFaults(pod, end, spec).map(({ says }) => says);
      return [...missing, ...differingSysctls(podSysctls(podDevice))];
    });
    return [...onHost, ...(inPod ?? [`The pod's network namespace ${namespacePath} is missing.`])];
  }

  async repair(spec: PodLinkSpec): Promise<string[]> {
    checkSpec(spec);
    const host = this.#open();
    const link = host.findLink(spec.hostDevice);
    if (!link) return [];
    const onHost = linkFaults(link, spec.mtuBytes, 'on the node');
    mend(host, onHost);
    const inPod = inPodOf(spec, (pod) => {
      const end = pod.findLink(spec.podDevice);
      // A path may lead to another namespace by now, even to the node's own: only the peer is the pod's end.
      if (end?.peerIndex !== link.index || link.peerIndex !== end.index) return [];
      const faults = podEndFaults(pod, end, spec);
      mend(pod, faults);
      return faults;
    });
    return [...onHost, ...(inPod ?? [])].filter((fault) => fault.mend !== undefined).map(({ says }) => says);
  }

  close(): void {
    this.#remover.close();
    this.#host?.close();
    this.#host = undefined;
  }

  #open(): NetlinkRoute {
    this.#host ??= openRouteSocket();
    return this.#host;
  }
}

function createPair(host: NetlinkRoute, spec: PodLinkSpec, namespace: number): void {
  const { hostDevice, podDevice, mtuBytes, namespacePath } = spec;
  try {
    host.createVeth({ name: hostDevice, mac: HOST_MAC, mtuBytes, peer: { name: podDevice, namespace } });
  } catch (error) {
    // EINVAL may mean a namespace that is none: entering it tells.
    if (errnoOf(error) === ERRNO.EINVAL) inNamespace(namespacePath, () => undefined);
    if (errnoOf(error) !== ERRNO.EEXIST) throw error;
    throw new KernelError('EXISTS', `the pod has a device ${podDevice} already`, { cause: error });
  }
}

/** Settings first: they must hold before the first packet can pass. */
function setUpPair(host: NetlinkRoute, spec: PodLinkSpec, namespace: number): PodLink {
  const { hostDevice, podDevice } = spec;
  const hostIndex = libc().if_nametoindex(hostDevice);
  writeSysctls(hostSysctls(hostDevice));
  host.changeLink(hostDevice, { up: true });
  const podMac = inNamespace(namespace, () => {
    using pod = openRouteSocket();
    const link = pod.getLink(podDevice);
    writeSysctls(podSysctls(podDevice));
    pod.all(podEndRequests(link.index, spec));
    return link.mac ?? '';
  });
  return { hostDevice, hostIndex, podMac, hostMac: HOST_MAC };
}

/** Undefined when the pod's namespace is gone. */
function inPodOf<T>({ namespacePath }: PodLinkSpec, run: (pod: NetlinkRoute) => T): T | undefined {
  try {
    return inNamespace(namespacePath, () => {
      using pod = openRouteSocket();
      return run(pod);
    });
  } catch (error) {
    if (error instanceof KernelError && error.code === 'NAMESPACE_MISSING') return undefined;
    throw error;
  }
}

function mend(client: NetlinkRoute, faults: readonly LinkFault[]): void {
  client.all(faults.flatMap((fault) => fault.mend ?? []));
}

function checkSpec({ hostDevice, address }: PodLinkSpec): void {
  checkHostDevice(hostDevice);
  if (versionOf(address) === 6) {
    throw new KernelError('UNSUPPORTED', `the address ${address} is IPv6: pod links carry IPv4 only`);
  }
}

/** Nothing but Margay's own devices may ever be replaced or removed. */
function checkHostDevice(hostDevice: string): void {
  if (hostDevice.startsWith(POD_LINK_PREFIX)) return;
  throw new KernelError('REJECTED', `'${hostDevice}' is no pod link: its name starts with ${POD_LINK_PREFIX}`);
}
