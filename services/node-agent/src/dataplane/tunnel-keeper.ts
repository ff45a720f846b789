import type { Interfaces, IpipDriver } from '@margay/ports';
import { IPIP_DEVICE, type IpipTunnel } from '@margay/routing-core';

/**
 * The node's IP-in-IP tunnel. One that an earlier process made may know nodes
 * that the saved feed does not, and is left alone until the feed has come.
 */
export class TunnelKeeper {
  readonly #ipip: IpipDriver;
  readonly #interfaces: Interfaces;
  /** The tunnel in the kernel, as text; '' when it has none, undefined when that is not known. */
  #held: string | undefined;
  #isInherited = false;
  /** This process has begun to write it. */
  #isOurs = false;

  constructor(parts: { readonly ipip: IpipDriver; readonly interfaces: Interfaces }) {
    this.#ipip = parts.ipip;
    this.#interfaces = parts.interfaces;
  }

  /** True while the kernel has the tunnel that was wanted last. */
  get isHeld(): boolean {
    return this.#held !== undefined && this.#held !== '';
  }

  /** @throws {KernelError} */
  async keep(
    tunnel: IpipTunnel,
    { live, verify }: { readonly live: boolean; readonly verify: boolean },
  ): Promise<void> {
    const text = JSON.stringify(tunnel);
    if (text === this.#held && !verify && !(live && this.#isInherited)) return;
    this.#held = undefined;
    this.#isInherited = !live && !this.#isOurs && (await this.#exists(tunnel));
    if (!this.#isInherited) {
      this.#isOurs = true;
      await this.#ipip.ensure(tunnel);
    }
    this.#held = text;
  }

  /** @throws {KernelError} */
  async remove(): Promise<void> {
    if (this.#held === '') return;
    await this.#ipip.remove(IPIP_DEVICE);
    this.#held = '';
  }

  async #exists({ device, address }: IpipTunnel): Promise<boolean> {
    const links = await this.#interfaces.list();
    return links.some(
      (link) => link.name === device && link.up && link.addresses.some((each) => each.address === address),
    );
  }
}
