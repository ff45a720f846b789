import { versionOf } from '@margay/ip';
import { KernelError, type PodLink, type PodLinkSpec, type PodLinks } from '@margay/ports';
import { POD_LINK_PREFIX } from '@margay/routing-core';
import type { MemoryState } from './memory-state.ts';

const HOST_MAC = 'ee:ee:ee:ee:ee:ee';
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
    namespace.set(podDevice, { hostDevice, mac, address, mtuBytes });
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

  async check({ namespacePath, hostDevice, podDevice, address, mtuBytes }: PodLinkSpec): Promise<string[]> {
    this.#state.begin('podLinks.check');
    const link = this.#state.links.get(hostDevice);
    const namespace = this.#state.namespaces.get(namespacePath);
    const end = namespace?.get(podDevice);
    return [
      ...(link ? [] : [`The device ${hostDevice} is missing on the node.`]),
      ...(link?.up === false ? [`The device ${hostDevice} is down on the node.`] : []),
      ...(link && link.mtuBytes !== mtuBytes
        ? [`The MTU of ${hostDevice} is ${link.mtuBytes} instead of ${mtuBytes}.`]
        : []),
      ...(namespace ? [] : [`The pod's network namespace ${namespacePath} is missing.`]),
      ...(namespace && !end ? [`The device ${podDevice} is missing in the pod.`] : []),
      ...(end && end.mtuBytes !== mtuBytes
        ? [`The MTU of ${podDevice} is ${end.mtuBytes} instead of ${mtuBytes}.`]
        : []),
      ...(end && end.address !== address ? [`The address ${address} is missing on ${podDevice} in the pod.`] : []),
    ];
  }
}

function checkHostDevice(hostDevice: string): void {
  if (hostDevice.startsWith(POD_LINK_PREFIX)) return;
  throw new KernelError('REJECTED', `'${hostDevice}' is no pod link: its name starts with ${POD_LINK_PREFIX}`);
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
