import { hostCidr, versionOf } from '@margay/ip';
import { type IpipDriver, KernelError } from '@margay/ports';
import type { IpipTunnel } from '@margay/routing-core';
import type { MemoryState } from './memory-state.ts';

export class MemoryIpipDriver implements IpipDriver {
  readonly driver = 'memory';
  readonly #state: MemoryState;
  readonly #tunnels = new Map<string, IpipTunnel>();

  constructor(state: MemoryState) {
    this.#state = state;
  }

  /** What the last `ensure` wrote. */
  tunnel(device: string): IpipTunnel | undefined {
    return this.#tunnels.get(device);
  }

  async ensure(tunnel: IpipTunnel): Promise<{ readonly changed: boolean }> {
    this.#state.begin('ipip.ensure');
    const { device, address, mtuBytes, underlay, remotes } = tunnel;
    const all = [address, underlay.address, ...remotes.flatMap(({ network, node }) => [network, node])];
    const other = all.find((each) => versionOf(each) !== 4);
    if (other !== undefined) throw new KernelError('REJECTED', `IP-in-IP carries IPv4 only, not ${other}`);
    if (!this.#state.links.has(underlay.device)) {
      throw new KernelError('MISSING', `there is no underlay device ${underlay.device}`);
    }
    const addresses = [{ address, prefixLength: 32, network: hostCidr(address) }];
    const link = this.#state.links.get(device);
    const same =
      link?.up === true &&
      link.mtuBytes === mtuBytes &&
      JSON.stringify(link.addresses) === JSON.stringify(addresses) &&
      canonical(this.#tunnels.get(device)) === canonical(tunnel);
    if (same) return { changed: false };
    this.#tunnels.set(device, tunnel);
    if (link) Object.assign(link, { up: true, mtuBytes, addresses });
    else this.#state.addLink({ name: device, up: true, mtuBytes, addresses });
    return { changed: true };
  }

  async remove(device: string): Promise<void> {
    this.#state.begin('ipip.remove');
    this.#tunnels.delete(device);
    this.#state.deleteLink(device);
  }
}

/** The order of remotes says nothing. */
function canonical(tunnel: IpipTunnel | undefined): string {
  return JSON.stringify(
    tunnel && { ...tunnel, remotes: tunnel.remotes.map(({ network, node }) => `${network} ${node}`).sort() },
  );
}
