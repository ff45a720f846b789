/**
 * An nftables table as data: what the renderer makes of the model, and what
 * the adapter writes into the kernel. Only what Margay uses is here.
 */
export interface Ruleset {
  readonly sets: ReadonlyMap<string, KernelSet>;
  readonly chains: ReadonlyMap<string, Chain>;
}

/**
 * `addresses`: IPv4 addresses by hash. `ranges`: disjoint IPv4 ranges.
 * `device-addresses`: device and IPv4 address together. `device-verdicts`: a
 * map from device to a verdict.
 */
export type SetType = 'addresses' | 'ranges' | 'device-addresses' | 'device-verdicts';

export interface KernelSet {
  readonly type: SetType;
  /**
   * Elements by their text: `192.0.2.1`, `192.0.2.0-192.0.2.255`,
   * `mgy0123456789a 192.0.2.1`, or the device of a map. The value is the
   * verdict of a map's element, otherwise undefined.
   */
  readonly elements: ReadonlyMap<string, Verdict | undefined>;
}

export interface Chain {
  /** Present on a chain that the kernel calls by itself. */
  readonly base?: BaseChain;
  readonly rules: readonly Rule[];
}

export interface BaseChain {
  readonly type: 'filter' | 'nat';
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  /** Lower runs earlier; `raw` is -300, `filter` 0, `srcnat` 100. */
  readonly priority: number;
}

export interface Rule {
  /** All must hold. */
  readonly matches: readonly Match[];
  readonly verdict: Verdict;
  /** Where the rule comes from; shown by `nft list`. */
  readonly comment?: string;
}

export type Match =
  | { readonly kind: 'device-prefix'; readonly direction: 'in' | 'out'; readonly prefix: string }
  | { readonly kind: 'connection'; readonly states: readonly ConnectionState[] }
  | { readonly kind: 'not-ipv4' }
  | { readonly kind: 'ipv4' }
  | { readonly kind: 'protocol'; readonly number: number }
  | { readonly kind: 'destination-port'; readonly port: number }
  | {
      readonly kind: 'address';
      readonly side: 'source' | 'destination';
      readonly set: string;
      readonly inverted?: boolean;
    }
  | { readonly kind: 'device-source'; readonly set: string };

export type ConnectionState = 'established' | 'related' | 'invalid';

export type Verdict =
  | { readonly kind: 'accept' }
  | { readonly kind: 'drop' }
  | { readonly kind: 'jump'; readonly chain: string }
  | { readonly kind: 'masquerade' }
  | { readonly kind: 'by-device'; readonly direction: 'in' | 'out'; readonly map: string };

/** Protocol numbers. Source: IANA, Assigned Internet Protocol Numbers. */
export const IP_PROTOCOL = { ipip: 4, tcp: 6, udp: 17, sctp: 132 } as const;
