import { addressBytes, parseAddress } from '@margay/ip';
import { checked, closeFd, inNamespace, libc } from '../src/libc/index.ts';
import { macBytes, openRouteSocket } from '../src/rtnetlink/index.ts';

const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_IP = 0x0800;

/** Sends an IPv4 packet out of an Ethernet device, as it is. */
export function sendFrame(options: {
  readonly namespacePath: string;
  readonly device: string;
  readonly to: string;
  readonly packet: Buffer;
}): void {
  const { namespacePath, device, to, packet } = options;
  using rt = openRouteSocket({ namespacePath });
  const link = rt.getLink(device);
  const frame = Buffer.concat([
    macBytes(to),
    macBytes(link.mac ?? ''),
    Buffer.of(ETH_P_IP >> 8, ETH_P_IP & 0xff),
    packet,
  ]);
  const fd = inNamespace(namespacePath, () => checked(libc().socket(AF_PACKET, SOCK_RAW, 0), 'open a packet socket'));
  try {
    const address = Buffer.alloc(20);
    address.writeUInt16LE(AF_PACKET, 0);
    address.writeInt32LE(link.index, 4);
    checked(libc().bind(fd, address, address.length), `bind to ${device}`);
    checked(libc().send(fd, frame, frame.length, 0), `send out of ${device}`);
  } finally {
    closeFd(fd);
  }
}

/** ICMP "fragmentation needed" about an IP-in-IP packet from `node` to `to`, with the shortest quote of RFC 792. */
export function shortFragmentationNeeded(options: {
  readonly from: string;
  readonly node: string;
  readonly to: string;
  readonly mtuBytes: number;
}): Buffer {
  const { from, node, to, mtuBytes } = options;
  const quoted = Buffer.concat([
    ipHeader({ source: node, destination: to, protocol: 4, length: 1500 }),
    Buffer.alloc(8),
  ]);
  const icmp = Buffer.concat([Buffer.from([3, 4, 0, 0, 0, 0, mtuBytes >> 8, mtuBytes & 0xff]), quoted]);
  icmp.writeUInt16BE(checksum(icmp), 2);
  return Buffer.concat([ipHeader({ source: from, destination: node, protocol: 1, length: 20 + icmp.length }), icmp]);
}

export function ipHeader(options: { source: string; destination: string; protocol: number; length: number }): Buffer {
  const { source, destination, protocol, length } = options;
  const header = Buffer.alloc(20);
  header.set([0x45, 0, length >> 8, length & 0xff, 0, 0, 0x40, 0, 64, protocol]);
  header.set(addressBytes(parseAddress(source)), 12);
  header.set(addressBytes(parseAddress(destination)), 16);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

/** RFC 1071. */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
