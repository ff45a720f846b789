import type { Condition } from './kubernetes.ts';
import type { Resource } from './meta.ts';

/** Cluster-scoped, as all kinds of this file. Names and fields are Calico's v3 API. */
export interface IPPool extends Resource {
  spec: {
    cidr: string;
    /** Prefix length of a block; 26 by default. Immutable, as is the CIDR. */
    blockSize?: number;
    ipipMode?: 'Always' | 'CrossSubnet' | 'Never';
    vxlanMode?: 'Always' | 'CrossSubnet' | 'Never';
    natOutgoing?: boolean;
    disabled?: boolean;
  };
  /** Written by the controller, through the subresource alone. */
  status?: {
    /** One of each type; Margay's own is `POOL_ALLOCATABLE`. */
    conditions?: Condition[];
  };
}

/** Type of the condition that says whether new addresses are taken from a pool. */
export const POOL_ALLOCATABLE = 'Allocatable';

/** One block of a pool. The name is the CIDR with `.`, `:` and `/` as `-`. */
export interface IPAMBlock extends Resource {
  spec: {
    cidr: string;
    /** `host:<node>`; absent: the block has addresses but belongs to no node any more. */
    affinity?: string;
    /** One a free or taken ordinal: the index into `attributes`, or null when free. */
    allocations: (number | null)[];
    /** Free ordinals, the longest free one first. */
    unallocated: number[];
    attributes: IPAMAttribute[];
    /** Raised at every change; new blocks start at a random number, so that a stale release cannot match. */
    sequenceNumber: number;
    /** Sequence number at which an ordinal was allocated, by ordinal. */
    sequenceNumberForAllocation: Record<string, number>;
    deleted?: boolean;
  };
}

export interface IPAMAttribute {
  /** Handle id, such as `<network>.<containerID>` or `ipip-tunnel-addr-<node>`. */
  handleId?: string;
  secondary?: Record<string, string>;
}

/** That a node owns a block. The name is `<node>-<block name>`, hashed where too long. */
export interface BlockAffinity extends Resource {
  spec: {
    state: 'pending' | 'confirmed' | 'pendingDeletion';
    node: string;
    cidr: string;
    type?: 'host';
    deleted?: boolean;
  };
}
