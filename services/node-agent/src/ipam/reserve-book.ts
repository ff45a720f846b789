import type { Cidr, IpAddress } from '@margay/ip';

/** Who an address was given to. */
export interface Owner {
  readonly handle: string;
  /** For people who look at the block, and for garbage collection. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** An address of the reserve, and the block that it is from. */
export interface ReserveAddress {
  readonly address: IpAddress;
  readonly block: Cidr;
}

/** What IPAM is told in one call. */
export interface ReserveReport {
  readonly handovers: readonly (Owner & { readonly address: IpAddress })[];
  readonly returns: readonly IpAddress[];
}

/** What IPAM says to it. */
export interface ReserveAnswer {
  readonly reserve: readonly ReserveAddress[];
  readonly limit: number;
}

interface Given {
  readonly owner: Owner;
  /** IPAM may know of it: the call was made, and was not answered yet. */
  sent: boolean;
}

/**
 * The addresses that IPAM holds for this node's next pods: which are ready,
 * which were given out though IPAM does not know it yet, and which go back.
 * An address that is given out stays the reserve's at IPAM until IPAM was
 * told, so nobody else is given it meanwhile. One call at a time.
 */
export class ReserveBook {
  /** In the order in which they are given out. */
  #ready = new Map<IpAddress, Cidr>();
  readonly #given = new Map<IpAddress, Given>();
  readonly #returning = new Set<IpAddress>();

  get size(): number {
    return this.#ready.size;
  }

  /** Whether something that is ready may not be used any more. */
  hasUseless(isUsable: (ready: ReserveAddress) => boolean): boolean {
    return [...this.#ready].some(([address, block]) => !isUsable({ address, block }));
  }

  /** The longest ready address that may be used now; undefined when there is none. */
  take(owner: Owner, isUsable: (ready: ReserveAddress) => boolean): IpAddress | undefined {
    for (const [address, block] of this.#ready) {
      if (!isUsable({ address, block })) continue;
      this.#ready.delete(address);
      this.#given.set(address, { owner, sent: false });
      return address;
    }
    return undefined;
  }

  /** What a handle was given and IPAM does not know yet. `isSent`: IPAM may have heard of it. */
  pendingOf(handle: string): { readonly address: IpAddress; readonly isSent: boolean } | undefined {
    for (const [address, { owner, sent }] of this.#given) if (owner.handle === handle) return { address, isSent: sent };
    return undefined;
  }

  /** Takes an address back of which IPAM was never told. IPAM frees it, so that it is not used again soon. */
  takeBack(address: IpAddress): void {
    this.#given.delete(address);
    this.#returning.add(address);
  }

  /** What to tell IPAM now; addresses that may not be used any more go back. */
  report(isUsable: (ready: ReserveAddress) => boolean): ReserveReport {
    for (const [address, block] of this.#ready) if (!isUsable({ address, block })) this.#giveUp(address);
    for (const given of this.#given.values()) given.sent = true;
    return {
      handovers: [...this.#given].map(([address, { owner }]) => ({ address, ...owner })),
      returns: [...this.#returning],
    };
  }

  /**
   * IPAM has done what the report said. True when the answer itself makes
   * another report necessary.
   *
   * @param ownerOf who has an address already: a pod that the last process connected
   */
  settle(report: ReserveReport, answer: ReserveAnswer, ownerOf: (address: IpAddress) => Owner | undefined): boolean {
    for (const { address } of report.handovers) this.#given.delete(address);
    for (const address of report.returns) this.#returning.delete(address);
    const held = new Map(answer.reserve.map(({ address, block }) => [address, block]));
    // Those that were ready before come first: the longest free is given first.
    const order = [...[...this.#ready.keys()].filter((address) => held.has(address)), ...held.keys()];
    let isOwing = false;
    this.#ready = new Map();
    for (const address of order) {
      if (this.#given.has(address) || this.#returning.has(address)) continue;
      const owner = ownerOf(address);
      if (owner) {
        this.#given.set(address, { owner, sent: false });
        isOwing = true;
      } else {
        this.#ready.set(address, held.get(address) as Cidr);
      }
    }
    const surplus = [...this.#ready.keys()].slice(answer.limit);
    for (const address of surplus) this.#giveUp(address);
    return isOwing || surplus.length > 0;
  }

  #giveUp(address: IpAddress): void {
    this.#ready.delete(address);
    this.#returning.add(address);
  }
}
