import { type FirewallMark, KernelError } from '@margay/ports';
import { NETLINK_PROTOCOL, NetlinkSocket } from '../netlink/index.ts';
import { fingerprint } from '../nftables/fingerprint.ts';
import { generation } from '../nftables/transaction.ts';

/** How often the listing begins again because the packet filter changed meanwhile. */
const ATTEMPTS = 5;

/** The fingerprint of Margay's nf_tables table, kept for as long as the kernel's generation stands. */
export class LinuxFirewallMark implements FirewallMark {
  #socket: NetlinkSocket | undefined;
  #known: { readonly generation: number; readonly mark: string } | undefined;

  /** @throws {KernelError} `REJECTED`: it kept changing. */
  async read(): Promise<string> {
    this.#socket ??= NetlinkSocket.open({ protocol: NETLINK_PROTOCOL.netfilter });
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const current = generation(this.#socket);
      if (this.#known?.generation === current) return this.#known.mark;
      const mark = fingerprint(this.#socket);
      if (generation(this.#socket) !== current) continue;
      this.#known = { generation: current, mark };
      return mark;
    }
    throw new KernelError('REJECTED', `list the packet filter: it changed at every one of ${ATTEMPTS} attempts`);
  }

  close(): void {
    this.#socket?.close();
    this.#socket = undefined;
    this.#known = undefined;
  }
}
