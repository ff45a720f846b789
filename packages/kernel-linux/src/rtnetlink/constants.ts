/** Numbers of rtnetlink. Source: linux/rtnetlink.h, linux/if_link.h, linux/if_addr.h, linux/neighbour.h. */

export const AF_UNSPEC = 0;
export const AF_INET = 2;
export const AF_INET6 = 10;

export const RTM = {
  newLink: 16,
  delLink: 17,
  getLink: 18,
  setLink: 19,
  newAddress: 20,
  delAddress: 21,
  getAddress: 22,
  newRoute: 24,
  delRoute: 25,
  getRoute: 26,
  newNeighbour: 28,
  delNeighbour: 29,
  getNeighbour: 30,
} as const;

export const IFLA = {
  address: 1,
  name: 3,
  mtu: 4,
  link: 5,
  master: 10,
  queueLength: 13,
  linkInfo: 18,
  familySpecific: 26,
  group: 27,
  namespaceFd: 28,
  extMask: 29,
} as const;

export const IFLA_INFO = { kind: 1, data: 2 } as const;
export const VETH_INFO_PEER = 1;
/** Inside `IFLA.familySpecific`, under AF_INET: the device's `net.ipv4.conf` settings. */
export const IFLA_INET_CONF = 1;
/** Source: linux/ip.h, IPV4_DEVCONF_*. */
export const IPV4_CONF = { reversePathFilter: 8 } as const;
export const IFF_UP = 1;
/** Leaves the counters out of a link dump. */
export const RTEXT_FILTER_SKIP_STATS = 8;

export const IFA = { address: 1, local: 2, flags: 8 } as const;
export const IFA_F_NODAD = 0x02;

export const RTA = { destination: 1, device: 4, gateway: 5, priority: 6, source: 7, metrics: 8, table: 15 } as const;
export const RTAX_MTU = 2;
export const RT_TABLE_MAIN = 254;
export const RT_SCOPE = { universe: 0, link: 253, host: 254, nowhere: 255 } as const;
export const RTN = { unspec: 0, unicast: 1, blackhole: 6 } as const;
export const RTNH_F_ONLINK = 4;

export const NDA = { destination: 1, mac: 2 } as const;
export const NUD_PERMANENT = 0x80;

/** Longest device name, in bytes, without the terminating zero. Source: IFNAMSIZ in linux/if.h. */
export const DEVICE_NAME_MAX_BYTES = 15;
/** The loopback device of every namespace. */
export const LOOPBACK_INDEX = 1;
