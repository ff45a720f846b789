/*
 * IP-in-IP (RFC 2003) for kernels without a `type ipip` device.
 *
 * `margay_tx` runs where packets leave the tunnel device: it puts an outer
 * header in front and sends the packet out of the underlay device.
 * `margay_rx` runs where packets enter the underlay device: it takes the outer
 * header off and lets the packet enter the node by the tunnel device, as if it
 * had come from there. Both leave large (GSO) packets whole.
 *
 * Every program has maps of its own; src/ipip/ fills them before it attaches.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/pkt_cls.h>

#define SECTION(name) __attribute__((section(name), used))
#define INLINE static inline __attribute__((always_inline))
#define be16(value) __builtin_bswap16(value)
#define HELPER(type, name, ...) static type (*const name)(__VA_ARGS__) = (void *)BPF_FUNC_##name
#define BPF_FUNC_map_lookup BPF_FUNC_map_lookup_elem
#define BPF_FUNC_map_update BPF_FUNC_map_update_elem

HELPER(void *, map_lookup, const void *map, const void *key);
HELPER(long, map_update, const void *map, const void *key, const void *value, __u64 flags);
HELPER(__u64, ktime_get_ns, void);
HELPER(long, skb_load_bytes, const void *skb, __u32 offset, void *to, __u32 length);
HELPER(long, skb_store_bytes, void *skb, __u32 offset, const void *from, __u32 length, __u64 flags);
HELPER(long, skb_adjust_room, void *skb, __s32 difference, __u32 mode, __u64 flags);
HELPER(long, skb_change_tail, void *skb, __u32 length, __u64 flags);
HELPER(long, redirect, __u32 ifindex, __u64 flags);
HELPER(long, redirect_neigh, __u32 ifindex, const void *neighbour, int length, __u64 flags);
HELPER(__s64, csum_diff, const void *from, __u32 from_size, const void *to, __u32 to_size, __u32 seed);

/* Read by src/ipip/elf.ts; the layout is theirs alone. */
struct map_definition {
	__u32 type, key_size, value_size, max_entries, flags;
};

/* One element; never written after the program is attached. */
struct settings {
	__u32 tunnel_ifindex;
	__u32 underlay_ifindex;
	__be32 underlay_address;
	__u8 tunnel_mac[6];
	__u8 unused[2];
};

struct remote_key {
	__u32 prefix_length;
	__be32 network;
};

/* What fits into the tunnel to a node, for as long as that is believed. */
struct path_mtu {
	__u64 until_ns;
	__u32 bytes;
	__u32 unused;
};

enum counter { NO_REMOTE, UNKNOWN_SOURCE, SPOOFED_SOURCE, FRAGMENT, MALFORMED, ERROR_RELAYED, COUNTERS };

/* Network to the underlay address of its node. 131,072 networks; memory is taken only for those there are. */
struct map_definition remotes SECTION("maps") = {
	BPF_MAP_TYPE_LPM_TRIE, sizeof(struct remote_key), sizeof(__be32), 1 << 17, BPF_F_NO_PREALLOC
};
struct map_definition settings SECTION("maps") = { BPF_MAP_TYPE_ARRAY, 4, sizeof(struct settings), 1, 0 };
/* By the underlay address of the node. */
struct map_definition mtus SECTION("maps") = { BPF_MAP_TYPE_LRU_HASH, sizeof(__be32), sizeof(struct path_mtu), 1024, 0 };
struct map_definition counters SECTION("maps") = { BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, COUNTERS, 0 };

const char license_text[] SECTION("license") = "Apache-2.0";

struct ipv4 {
	__u8 version_ihl, tos;
	__be16 total_length, id, fragment;
	__u8 ttl, protocol;
	__u16 checksum;
	__be32 source, destination;
};

/* RFC 792, with the next hop's MTU of RFC 1191 §4. */
struct icmp {
	__u8 type, code;
	__u16 checksum;
	__be16 unused, mtu;
};

enum { ICMP_UNREACHABLE = 3, ICMP_TIME_EXCEEDED = 11 };
enum { ICMP_HOST_UNREACHABLE = 1, ICMP_FRAGMENTATION_NEEDED = 4 };

#define HEADER sizeof(struct ipv4)
#define VERSION_4_NO_OPTIONS 0x45
#define DONT_FRAGMENT be16(0x4000)
#define IS_LATER_FRAGMENT be16(0x1fff)
#define IS_FRAGMENT be16(0x3fff) /* offset or "more fragments" */
#define ECN 3
#define ECN_CONGESTION 3
#define OUTER_TTL 64
#define MIN_PATH_MTU 552 /* as Linux has it (ip_rt_min_pmtu): no forged error gets lower */
#define PATH_MTU_NS (600ULL * 1000 * 1000 * 1000) /* RFC 1191 §6.3 */
#define QUOTE_BYTES 68 /* the longest IPv4 header and the 8 bytes of RFC 792 */
#define PASS TC_ACT_UNSPEC /* not ours: on to the next filter */

INLINE int count(enum counter index, int verdict)
{
	__u32 key = index;
	__u64 *value = map_lookup(&counters, &key);
	if (value)
		*value += 1;
	return verdict;
}

INLINE int drop(enum counter reason)
{
	return count(reason, TC_ACT_SHOT);
}

INLINE const struct settings *read_settings(void)
{
	__u32 key = 0;
	return map_lookup(&settings, &key);
}

INLINE const __be32 *node_of(__be32 address)
{
	struct remote_key key = { 32, address };
	return map_lookup(&remotes, &key);
}

INLINE __u16 fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

INLINE int enter_tunnel(struct __sk_buff *skb, const struct settings *to)
{
	/* A frame for another address than the device's own would be dropped there. */
	if (skb_store_bytes(skb, 0, to->tunnel_mac, ETH_ALEN, 0))
		return TC_ACT_SHOT;
	return redirect(to->tunnel_ifindex, BPF_F_INGRESS);
}

struct icmp_error {
	struct ipv4 ip;
	struct icmp icmp;
};

/*
 * An error about a packet from `inner->source` to `inner->destination`, without
 * the ICMP checksum. Its source is the address that the sender was talking to:
 * one that strict reverse path filtering accepts from the tunnel device.
 */
INLINE struct icmp_error error_about(const struct ipv4 *inner, __u16 total_length)
{
	struct icmp_error error = {
		.ip = {
			.version_ihl = VERSION_4_NO_OPTIONS,
			.total_length = be16(total_length),
			.fragment = DONT_FRAGMENT,
			.ttl = OUTER_TTL,
			.protocol = IPPROTO_ICMP,
			.source = inner->destination,
			.destination = inner->source,
		},
		.icmp = { .type = ICMP_UNREACHABLE, .code = ICMP_HOST_UNREACHABLE },
	};
	error.ip.checksum = fold(csum_diff(0, 0, &error.ip, HEADER, 0));
	return error;
}

/* Bytes of the longest packet that the fabric will see of this one, without the outer header. */
INLINE __u32 wire_length(struct __sk_buff *skb, const struct ipv4 *inner)
{
	if (skb->gso_size == 0)
		return be16(inner->total_length);
	__u32 header = (inner->version_ihl & 0xf) * 4;
	__u8 offset = 0;
	if (inner->protocol == IPPROTO_TCP && skb_load_bytes(skb, ETH_HLEN + header + 12, &offset, 1) == 0)
		return skb->gso_size + header + (offset >> 4) * 4;
	return skb->gso_size + header + 8;
}

/* Turns a packet that is too long for its path into the error that says so, to its sender. */
INLINE int refuse_length(struct __sk_buff *skb, const struct settings *own, const struct ipv4 *inner, __u16 mtu)
{
	struct {
		struct icmp_error head;
		__u8 quote[QUOTE_BYTES];
	} error;
	/* No error about any fragment but the first: RFC 1122 §3.2.2. */
	if (inner->fragment & IS_LATER_FRAGMENT || skb_load_bytes(skb, ETH_HLEN, error.quote, QUOTE_BYTES))
		return drop(MALFORMED);
	error.head = error_about(inner, sizeof error);
	error.head.icmp.code = ICMP_FRAGMENTATION_NEEDED;
	error.head.icmp.mtu = be16(mtu);
	error.head.icmp.checksum = fold(csum_diff(0, 0, &error.head.icmp, sizeof error.head.icmp + QUOTE_BYTES, 0));
	if (skb_change_tail(skb, ETH_HLEN + QUOTE_BYTES, 0) ||
	    skb_adjust_room(skb, sizeof error.head, BPF_ADJ_ROOM_MAC, 0) ||
	    skb_store_bytes(skb, ETH_HLEN, &error, sizeof error, 0))
		return drop(MALFORMED);
	return count(ERROR_RELAYED, enter_tunnel(skb, own));
}

/*
 * DF is always set outside: a fragment of an outer packet has no inner header
 * that could be checked, and reassembly comes after this program. RFC 2003 §3.1
 * allows it; whoever sends too much gets the error that `relay_error` makes.
 * An atomic datagram needs no id of its own (RFC 6864 §4.1): the inner one
 * makes captures readable. A GSO packet of full size would overflow the
 * length; each of its segments gets its own.
 */
SECTION("tc/tx") int margay_tx(struct __sk_buff *skb)
{
	const struct settings *own = read_settings();
	struct ipv4 inner;
	if (!own || skb->protocol != be16(ETH_P_IP))
		return TC_ACT_SHOT;
	if (skb_load_bytes(skb, ETH_HLEN, &inner, HEADER) || inner.version_ihl >> 4 != 4)
		return drop(MALFORMED);
	const __be32 *node = node_of(inner.destination);
	if (!node)
		return drop(NO_REMOTE);
	__be32 to = *node;
	const struct path_mtu *path = map_lookup(&mtus, &to);
	if (path && ktime_get_ns() < path->until_ns && wire_length(skb, &inner) > path->bytes)
		return refuse_length(skb, own, &inner, path->bytes);
	__u32 length = be16(inner.total_length) + HEADER;
	struct ipv4 outer = {
		.version_ihl = VERSION_4_NO_OPTIONS,
		.tos = inner.tos,
		.total_length = be16(length > 0xffff ? 0xffff : length),
		.id = inner.id,
		.fragment = DONT_FRAGMENT,
		.ttl = OUTER_TTL,
		.protocol = IPPROTO_IPIP,
		.source = own->underlay_address,
		.destination = to,
	};
	outer.checksum = fold(csum_diff(0, 0, &outer, HEADER, 0));
	if (skb_adjust_room(skb, HEADER, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO | BPF_F_ADJ_ROOM_ENCAP_L3_IPV4) ||
	    skb_store_bytes(skb, ETH_HLEN, &outer, HEADER, 0))
		return drop(MALFORMED);
	return redirect_neigh(own->underlay_ifindex, 0, 0, 0);
}

struct quoted_error {
	struct ipv4 ip;
	struct icmp icmp;
	struct ipv4 outer;
};

/*
 * A router's error about an outer packet becomes one about the inner packet
 * and goes on to its sender (RFC 2003 §4; path MTU: RFC 1191 §3). The outer
 * header of the quote makes the error 20 bytes longer than it has to be, so
 * cutting 20 bytes at the front leaves just the room for the new headers.
 *
 * Not every router quotes the inner header, as RFC 1812 §4.3.2.3 wants it: of
 * the 8 bytes that RFC 792 asks for, only the MTU is kept, and the next packet
 * that is too long for it gets the error (RFC 2003 §5.2).
 */
INLINE int relay_error(struct __sk_buff *skb, const struct settings *own)
{
	struct quoted_error from;
	struct ipv4 inner;
	if (skb_load_bytes(skb, ETH_HLEN, &from, sizeof from) || from.ip.version_ihl != VERSION_4_NO_OPTIONS ||
	    from.ip.fragment & IS_FRAGMENT)
		return PASS;
	if (from.icmp.type != ICMP_UNREACHABLE && from.icmp.type != ICMP_TIME_EXCEEDED)
		return PASS;
	if (from.outer.version_ihl != VERSION_4_NO_OPTIONS || from.outer.protocol != IPPROTO_IPIP ||
	    from.outer.source != own->underlay_address)
		return PASS;
	/* An MTU of 0 is from a router older than RFC 1191: the sender then guesses. */
	int too_long = from.icmp.type == ICMP_UNREACHABLE && from.icmp.code == ICMP_FRAGMENTATION_NEEDED;
	__u16 mtu = be16(from.icmp.mtu);
	mtu = mtu > HEADER ? mtu - HEADER : 0;

	__u16 length = be16(from.ip.total_length);
	if (length < sizeof from + HEADER + 8 || skb_load_bytes(skb, ETH_HLEN + sizeof from, &inner, HEADER)) {
		struct path_mtu path = { ktime_get_ns() + PATH_MTU_NS, mtu < MIN_PATH_MTU ? MIN_PATH_MTU : mtu, 0 };
		if (too_long)
			map_update(&mtus, &from.outer.destination, &path, BPF_ANY);
		return PASS;
	}
	const __be32 *node = node_of(inner.destination);
	if (inner.version_ihl >> 4 != 4 || !node || *node != from.outer.destination)
		return PASS;
	struct icmp_error to = error_about(&inner, length - HEADER);
	if (too_long) {
		to.icmp.code = ICMP_FRAGMENTATION_NEEDED;
		to.icmp.mtu = be16(mtu);
	}
	/* Everything behind the headers stays, so its part of the sum does too. */
	__u16 sum = ~from.icmp.checksum;
	from.icmp.checksum = 0;
	to.icmp.checksum = fold(csum_diff(&from.icmp, sizeof from.icmp + HEADER, &to.icmp, sizeof to.icmp, sum));
	if (skb_adjust_room(skb, -(__s32)HEADER, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO) ||
	    skb_store_bytes(skb, ETH_HLEN, &to, sizeof to, BPF_F_RECOMPUTE_CSUM))
		return drop(MALFORMED);
	return count(ERROR_RELAYED, enter_tunnel(skb, own));
}

/* Carries a congestion mark of the fabric inwards; 0 to go on. RFC 6040 §4.2. */
INLINE int carry_congestion(struct __sk_buff *skb, struct ipv4 *inner)
{
	if ((inner->tos & ECN) == 0)
		return -1;
	if ((inner->tos & ECN) == ECN_CONGESTION)
		return 0;
	__u16 sum = ~inner->checksum;
	struct ipv4 before = *inner;
	inner->tos |= ECN_CONGESTION;
	inner->checksum = fold(csum_diff(&before, 4, inner, 4, sum));
	return skb_store_bytes(skb, ETH_HLEN + HEADER, inner, HEADER, BPF_F_RECOMPUTE_CSUM);
}

SECTION("tc/rx") int margay_rx(struct __sk_buff *skb)
{
	const struct settings *own = read_settings();
	struct ipv4 outer, inner;
	if (!own || skb->protocol != be16(ETH_P_IP) || skb->pkt_type != 0 /* PACKET_HOST */)
		return PASS;
	if (skb_load_bytes(skb, ETH_HLEN, &outer, HEADER) || outer.destination != own->underlay_address)
		return PASS;
	if (outer.protocol == IPPROTO_ICMP)
		return relay_error(skb, own);
	if (outer.protocol != IPPROTO_IPIP)
		return PASS;

	if (outer.fragment & IS_FRAGMENT)
		return drop(FRAGMENT);
	if (outer.version_ihl != VERSION_4_NO_OPTIONS || fold(csum_diff(0, 0, &outer, HEADER, 0)) != 0)
		return drop(MALFORMED);
	if (skb_load_bytes(skb, ETH_HLEN + HEADER, &inner, HEADER) || inner.version_ihl >> 4 != 4)
		return drop(MALFORMED);
	/* Also what keeps strangers out: no network is theirs. */
	const __be32 *node = node_of(inner.source);
	if (!node)
		return drop(UNKNOWN_SOURCE);
	if (*node != outer.source)
		return drop(SPOOFED_SOURCE);
	if ((outer.tos & ECN) == ECN_CONGESTION && carry_congestion(skb, &inner))
		return drop(MALFORMED);
	if (skb_adjust_room(skb, -(__s32)HEADER, BPF_ADJ_ROOM_MAC, BPF_F_ADJ_ROOM_FIXED_GSO))
		return drop(MALFORMED);
	return enter_tunnel(skb, own);
}
