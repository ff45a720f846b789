/** Numbers of the netlink protocol. Source: linux/netlink.h, linux/rtnetlink.h, linux/nfnetlink.h. */

export const NETLINK_PROTOCOL = { route: 0, netfilter: 12 } as const;

/** Types below 16 are netlink's own. */
export const NLMSG = { noop: 1, error: 2, done: 3, overrun: 4 } as const;

export const NLM_F = {
  request: 0x1,
  multi: 0x2,
  ack: 0x4,
  echo: 0x8,
  dumpInterrupted: 0x10,
  root: 0x100,
  match: 0x200,
  dump: 0x300,
  replace: 0x100,
  excl: 0x200,
  create: 0x400,
  append: 0x800,
  /** Of a delete: not with what is in it. */
  nonRecursive: 0x100,
  /** On an error message: the request was left out. */
  capped: 0x100,
  /** On an error message: attributes with the kernel's reason follow. */
  ackTlvs: 0x200,
} as const;

/** Attributes of an extended acknowledgement. */
export const NLMSGERR_ATTR = { message: 1, offset: 2, missingType: 5 } as const;

/** Flags in an attribute's type. */
export const NLA_F_NESTED = 0x8000;
export const NLA_TYPE_MASK = 0x3fff;

export const NLMSG_HEADER_BYTES = 16;
export const NLA_HEADER_BYTES = 4;

export const SOL_SOCKET = 1;
export const SOL_NETLINK = 270;
export const SO_RCVBUF = 8;
export const SO_RCVBUFFORCE = 33;
export const SO_SNDBUFFORCE = 32;
export const SO_SNDBUF = 7;
export const NETLINK_ADD_MEMBERSHIP = 1;
export const NETLINK_CAP_ACK = 10;
export const NETLINK_EXT_ACK = 11;
export const NETLINK_GET_STRICT_CHK = 12;
