import { type IpAddress, versionOf } from '@margay/ip';
import { KernelError, type PodLink, type PodLinkSpec, type PodLinks } from '@margay/ports';
import { POD_LINK_PREFIX } from '@margay/routing-core';
import type { MemoryLink, MemoryPodEnd, MemoryState } from './memory-state.ts';

const HOST_MAC = 'ee:ee:ee:ee:ee:ee';
const POD_GATEWAY = '169.254.1.1';
const DEVICE_NAME_MAX_BYTES = 15;
/** Source: ETH_MIN_MTU of linux/if_ether.h. */
const SMALLEST_MTU_BYTES = 68;

export class MemoryPodLinks implements PodLinks {
  readonly #state: MemoryState;

  constructor(state: MemoryState) {
    this.#state = state;
  }

  async create({ namespacePath, hostDevice, podDevice, address, mtuBytes }: PodLinkSpec): Promise<PodLink> {
    checkHostDevice(hostDevice);
    if (versionOf(address) === 6) {
      throw new KernelError('UNSUPPORTED', `the address ${address} is IPv6: pod links carry IPv4 only`);
    }
    const namespace = this.#state.namespaces.get(namespacePath);
    if (!namespace) throw new KernelError('NAMESPACE_MISSING', `there is no network namespace at ${namespacePath}`);
    this.#state.deleteLink(hostDevice);
    if (Buffer.byteLength(hostDevice) > DEVICE_NAME_MAX_BYTES || Buffer.byteLength(podDevice) > DEVICE_NAME_MAX_BYTES) {
      throw new KernelError('REJECTED', `a device name has at most ${DEVICE_NAME_MAX_BYTES} bytes`);
    }
    if (mtuBytes < SMALLEST_MTU_BYTES) throw new KernelError('REJECTED', `an MTU of ${mtuBytes} bytes is too small`);
    if (namespace.has(podDevice)) throw new KernelError('EXISTS', `the pod has a device ${podDevice} already`);
    this.#state.begin('podLinks.create');
    const pod = { namespacePath, device: podDevice };
    const { index } = this.#state.addLink({ name: hostDevice, up: true, mtuBytes, pod });
    const mac = `02:00:00:00:${hex(index >> 8)}:${hex(index & 255)}`;
    namespace.set(podDevice, { hostDevice, mac, mtuBytes, ...wholeEnd(address) });
    return { hostDevice, hostIndex: index, podMac: mac, hostMac: HOST_MAC };
  }

  async remove(hostDevice: string): Promise<boolean> {
    checkHostDevice(hostDevice);
    this.#state.begin('podLinks.remove');
    return this.#state.deleteLink(hostDevice);
  }

  async list(): Promise<{ hostDevice: string; hostIndex: number; up: boolean }[]> {
    this.#state.begin('podLinks.list');
    return [...this.#state.links.values()]
      .filter(({ name, pod }) => pod !== undefined && name.startsWith(POD_LINK_PREFIX))
      .map(({ name, index, up }) => ({ hostDevice: name, hostIndex: index, up }));
  }

  async check(spec: PodLinkSpec): Promise<string[]> {
    this.#state.begin('podLinks.check');
    const { namespacePath, hostDevice, podDevice } = spec;
    const namespace = this.#state.namespaces.get(namespacePath);
    const { link, end } = this.#find(spec);
    return [
      ...(link ? linkFaults(link, spec, 'on the node') : [`The device ${hostDevice} is missing on the node.`]),
      ...(namespace ? [] : [`The pod's network namespace ${namespacePath} is missing.`]),
      ...(namespace && !end ? [`The device ${podDevice} is missing in the pod.`] : []),
      ...(end ? [...linkFaults({ ...end, name: podDevice }, spec, 'in the pod'), ...endFaults(end, spec)] : []),
    ];
  }

  async repair(spec: PodLinkSpec): Promise<string[]> {
    this.#state.begin('podLinks.repair');
    const { podDevice, address, mtuBytes } = spec;
    const { link, end } = this.#find(spec);
    if (!link) return [];
    const onHost = linkFaults(link, spec, 'on the node');
    Object.assign(link, { up: true, mtuBytes });
    if (onHost.length > 0) this.#state.emit('links');
    if (!end || end.hostDevice !== spec.hostDevice) return onHost;
    const inPod = [...linkFaults({ ...end, name: podDevice }, spec, 'in the pod'), ...endFaults(end, spec)];
    const isOwn = end.defaultRoute === 'own';
    Object.assign(end, wholeEnd(address), { mtuBytes, ...(isOwn && { defaultRoute: end.defaultRoute }) });
    return [...onHost, ...(isOwn ? inPod.filter((says) => !says.includes('default route')) : inPod)];
  }

  #find({ hostDevice, namespacePath, podDevice }: PodLinkSpec): { link?: MemoryLink; end?: MemoryPodEnd } {
    const link = this.#state.links.get(hostDevice);
    const end = this.#state.namespaces.get(namespacePath)?.get(podDevice);
    return { ...(link && { link }), ...(end && { end }) };
  }
}

/** A pod end, but for its device, as `create` makes it. */
function wholeEnd(address: IpAddress): Omit<MemoryPodEnd, 'hostDevice' | 'mac' | 'mtuBytes'> {
  return { address, up: true, hasNeighbour: true, hasGatewayRoute: true, defaultRoute: 'margay' };
}

function linkFaults(
  { name, up, mtuBytes }: Pick<MemoryLink, 'name' | 'up' | 'mtuBytes'>,
  spec: PodLinkSpec,
  where: string,
): string[] {
  return [
    ...(up ? [] : [`The device ${name} is down ${where}.`]),
    ...(mtuBytes === spec.mtuBytes ? [] : [`The MTU of ${name} is ${mtuBytes} instead of ${spec.mtuBytes}.`]),
  ];
}

function endFaults(end: MemoryPodEnd, { address, podDevice }: PodLinkSpec): string[] {
  return [
    ...(end.address === address ? [] : [`The address ${address} is missing on ${podDevice} in the pod.`]),
    ...(end.hasNeighbour ? [] : [`The permanent neighbour entry of ${POD_GATEWAY} is missing in the pod.`]),
    ...(end.hasGatewayRoute ? [] : [`The route to ${POD_GATEWAY} is missing in the pod.`]),
    ...(end.defaultRoute === 'margay' ? [] : [`The default route through ${POD_GATEWAY} is missing in the pod.`]),
  ];
}

function checkHostDevice(hostDevice: string): void {
  if (hostDevice.startsWith(POD_LINK_PREFIX)) return;
  throw new KernelError('REJECTED', `'${hostDevice}' is no pod link: its name starts with ${POD_LINK_PREFIX}`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
