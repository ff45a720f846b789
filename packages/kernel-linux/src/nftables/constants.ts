// Numbers of nf_tables. Source: linux/netfilter/nf_tables.h, linux/netfilter/nfnetlink.h.

export const NFNL_SUBSYS_NFTABLES = 10;
export const NFNL_BATCH = { begin: 0x10, end: 0x11 } as const;

export const BATCH = { generation: 1 } as const;
/** To the first message of a batch: somebody changed the packet filter since that generation. Source: linux/errno.h. */
export const ERESTART = 85;

export const FAMILY = { unspec: 0, inet: 1, ip: 2, ip6: 10 } as const;

export const MESSAGE = {
  newTable: 0,
  getTable: 1,
  delTable: 2,
  newChain: 3,
  getChain: 4,
  delChain: 5,
  newRule: 6,
  getRule: 7,
  delRule: 8,
  newSet: 9,
  getSet: 10,
  delSet: 11,
  newElement: 12,
  getElement: 13,
  delElement: 14,
  getGeneration: 16,
} as const;

/** `use`: how many chains, sets and others it has. */
export const TABLE = { name: 1, use: 3 } as const;
/** `use`: its rules, and the rules and elements that lead to it. */
export const CHAIN = { table: 1, name: 3, hook: 4, policy: 5, use: 6, type: 7 } as const;
export const HOOK = { number: 1, priority: 2 } as const;
export const RULE = { table: 1, chain: 2, handle: 3, expressions: 4, userdata: 7 } as const;
export const SET = {
  table: 1,
  name: 2,
  flags: 3,
  keyType: 4,
  keyLength: 5,
  dataType: 6,
  dataLength: 7,
  id: 10,
  description: 9,
  userdata: 13,
} as const;
export const SET_DESCRIPTION = { concat: 2 } as const;
export const SET_FIELD = { length: 1 } as const;
export const SET_FLAG = { interval: 0x4, map: 0x8, concat: 0x80 } as const;
export const ELEMENTS = { table: 1, set: 2, elements: 3 } as const;
export const ELEMENT = { key: 1, data: 2, flags: 3 } as const;
export const ELEMENT_FLAG_INTERVAL_END = 1;
export const DATA = { value: 1, verdict: 2 } as const;
export const VERDICT = { code: 1, chain: 2 } as const;
export const LIST_ELEMENT = 1;
export const EXPRESSION = { name: 1, data: 2 } as const;
export const GENERATION = { id: 1 } as const;

export const META = { dreg: 1, key: 2 } as const;
export const META_KEY = { inputDevice: 6, outputDevice: 7, family: 15, protocol: 16 } as const;
export const CMP = { sreg: 1, operator: 2, data: 3 } as const;
export const CMP_OPERATOR = { equal: 0, notEqual: 1 } as const;
export const PAYLOAD = { dreg: 1, base: 2, offset: 3, length: 4 } as const;
export const PAYLOAD_BASE = { network: 1, transport: 2 } as const;
export const LOOKUP = { set: 1, sreg: 2, dreg: 3, flags: 5 } as const;
export const LOOKUP_FLAG_INVERTED = 1;
export const IMMEDIATE = { dreg: 1, data: 2 } as const;
export const CT = { dreg: 1, key: 2 } as const;
export const CT_KEY_STATE = 0;
/** A match or a target of iptables. */
export const XT = { name: 1, info: 3 } as const;
export const BITWISE = { sreg: 1, dreg: 2, length: 3, mask: 4, xor: 5 } as const;

/** Registers of 16 bytes; a concatenated key continues in the next. */
export const REGISTER = { verdict: 0, first: 1, second: 2 } as const;

export const VERDICT_CODE = { drop: 0, accept: 1, jump: -3, goto: -4 } as const;
export const DATA_TYPE_VERDICT = 0xffffff00;

/** How `nft` names the parts of a key; the kernel does not look at it. Source: libnftables, datatype.h. */
export const KEY_TYPE = { ipv4: 7, device: 41 } as const;
export const KEY_TYPE_BITS = 6;

export const IPV4_BYTES = 4;
export const DEVICE_BYTES = 16;

/** Bits of the connection state. Source: linux/netfilter/nf_conntrack_common.h. */
export const CONNECTION_STATE_BIT = { invalid: 1, established: 2, related: 4 } as const;

/** Hook numbers. Source: linux/netfilter.h. */
export const HOOK_NUMBER = { prerouting: 0, input: 1, forward: 2, output: 3, postrouting: 4 } as const;

/** Source: linux/socket.h; what `meta nfproto` yields. */
export const AF_INET = 2;

/** Type of a rule's comment in its user data. Source: libnftnl, udata.h. */
export const RULE_COMMENT = 0;

/** Type of a set's key byte order in its user data, and its values. Source: libnftnl, udata.h; libnftables, datatype.h. */
export const SET_KEY_BYTE_ORDER = 0;
export const BYTE_ORDER = { host: 1, network: 2 } as const;
