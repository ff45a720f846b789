/** The families of nf_tables that iptables writes to. */
export type FilterFamily = 'ip' | 'ip6';

/** A table of the packet filter, Margay's or not, as far as one must know it to take something away. */
export interface FilterTable {
  readonly family: FilterFamily;
  readonly name: string;
  readonly chains: readonly FilterChain[];
  /** How many sets, maps and other things it has that are no chains. */
  readonly otherObjects: number;
}

export interface FilterChain {
  readonly name: string;
  /** Of a base chain: what becomes of a packet that no rule decides on. Undefined for other chains. */
  readonly policy?: 'accept' | 'drop';
  readonly rules: readonly FilterRule[];
  /** How many rules and elements of maps lead here, also those of other chains. */
  readonly references: number;
}

export interface FilterRule {
  /** The kernel's own number of it, for as long as it is there. */
  readonly handle: bigint;
  /** What it does last: `jump`, `goto`, `accept`, `drop`, or the name of the kernel's statement or of iptables' target. */
  readonly action: string;
  /** The chain that it leads to. */
  readonly leadsTo?: string;
  /** Of nft or of iptables. */
  readonly comment?: string;
}

/** Something to take away; a chain and a table without what is in them, so take that away first. */
export type FilterRemoval = { readonly family: FilterFamily; readonly table: string } & (
  | { readonly kind: 'rule'; readonly chain: string; readonly handle: bigint }
  | { readonly kind: 'chain'; readonly chain: string }
  | { readonly kind: 'table' }
);

/** Tables as they were at one moment. */
export interface FilterListing {
  readonly tables: readonly FilterTable[];
  /** Names that moment: every change of the packet filter, whoever makes it, makes another. */
  readonly generation: number;
}

/** Tables of the packet filter that are shared with others. */
export interface FilterTables {
  /**
   * The tables of these names, in both families.
   *
   * @throws {KernelError}
   */
  list(names: readonly string[]): Promise<FilterListing>;
  /**
   * Takes all of it away at once, in this order. False when the packet filter
   * has changed since `generation`: then nothing was done.
   *
   * @throws {KernelError} something is missing, or in use still; nothing was done
   */
  remove(removals: readonly FilterRemoval[], generation: number): Promise<boolean>;
}
