import type { InterfaceAddress } from '@margay/ip';
import type { Interfaces, NetworkInterface } from '@margay/ports';
import { type NamespaceRef, openRouteSocket } from '../rtnetlink/index.ts';

/** The devices of a network namespace: the process's own when none is named. */
export class LinuxInterfaces implements Interfaces {
  readonly #options: { readonly namespacePath?: NamespaceRef };

  constructor(options: { readonly namespacePath?: NamespaceRef } = {}) {
    this.#options = options;
  }

  async list(): Promise<NetworkInterface[]> {
    using client = openRouteSocket(this.#options);
    const links = client.listLinks();
    const addresses = new Map<number, InterfaceAddress[]>();
    for (const { linkIndex, ...address } of client.listAddresses()) {
      addresses.set(linkIndex, [...(addresses.get(linkIndex) ?? []), address]);
    }
    return links.map(({ index, name, up, mtuBytes }) => ({
      index,
      name,
      up,
      mtuBytes,
      addresses: addresses.get(index) ?? [],
    }));
  }
}
