import { writeSync } from 'node:fs';
import koffi from 'koffi';

// A program: writes every packet of one device to its output, in the format of
// a capture file, until it is killed. It stands in for tcpdump where that
// cannot capture; tcpdump then reads what this writes.
// The numbers are of Linux' packet(7) and socket(7).

const AF_PACKET = 17;
const SOCK_RAW = 3;
const ETH_P_ALL = 3;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const SIOCGSTAMP = 0x8906;
const PACKET_OUTGOING = 4;
const ARPHRD_ETHER = 1;
const ARPHRD_LOOPBACK = 772;
const SIZEOF_SOCKADDR_LL = 20;
const SIZEOF_TIMEVAL = 16;

/** Link types of capture files: with an Ethernet header, or the bare IP packet. Source: tcpdump's list of link types. */
const LINKTYPE_ETHERNET = 1;
const LINKTYPE_RAW = 101;

const MAX_PACKET_BYTES = 262_144;
const RECORD_HEADER_BYTES = 16;
const QUEUE_BYTES = 8 << 20;

const libc = koffi.load(null);
const socket = libc.func('int socket(int, int, int)');
const bind = libc.func('int bind(int, const uint8_t *, uint32_t)');
const getsockname = libc.func('int getsockname(int, uint8_t *, uint8_t *)');
const setsockopt = libc.func('int setsockopt(int, int, int, const uint8_t *, uint32_t)');
const recvfrom = libc.func('intptr_t recvfrom(int, uint8_t *, size_t, int, uint8_t *, uint8_t *)');
const ioctl = libc.func('int ioctl(int, unsigned long, uint8_t *)');
const nameToIndex = libc.func('uint if_nametoindex(const char *)');

const address = Buffer.alloc(SIZEOF_SOCKADDR_LL);
const addressLength = uint32(SIZEOF_SOCKADDR_LL);
/** A record as it is written: its header, then the packet. */
const record = Buffer.alloc(RECORD_HEADER_BYTES + MAX_PACKET_BYTES);
const packet = record.subarray(RECORD_HEADER_BYTES);
const time = Buffer.alloc(SIZEOF_TIMEVAL);

const [device = ''] = process.argv.slice(2);
const fd = openTap(device);
const hardware = address.readUInt16LE(8);
write(fileHeader(hardware === ARPHRD_ETHER || hardware === ARPHRD_LOOPBACK ? LINKTYPE_ETHERNET : LINKTYPE_RAW));
process.stderr.write(`listening on ${device}\n`);
for (;;) copyOne();

/** A socket that has seen nothing yet of other devices: protocol 0 until it is bound. */
function openTap(name: string): number {
  const tap = checked(socket(AF_PACKET, SOCK_RAW, 0) as number, 'open a packet socket');
  setsockopt(tap, SOL_SOCKET, SO_RCVBUF, uint32(QUEUE_BYTES), 4);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(nameToIndex(name) as number, 4);
  checked(bind(tap, address, address.length) as number, `listen on ${name}`);
  checked(getsockname(tap, address, addressLength) as number, `learn the kind of ${name}`);
  // The first question makes the kernel note the time of each packet from now on.
  ioctl(tap, SIOCGSTAMP, time);
  return tap;
}

function copyOne(): void {
  addressLength.writeUInt32LE(SIZEOF_SOCKADDR_LL);
  const length = Number(recvfrom(fd, packet, packet.length, 0, address, addressLength));
  if (length < 0) {
    // A device that goes down says so once; what comes after it is still wanted.
    if (koffi.errno() === koffi.os.errno.ENETDOWN) return;
    checked(length, `read from ${device}`);
  }
  // A loopback shows each packet twice, as it leaves and as it arrives.
  if (hardware === ARPHRD_LOOPBACK && address.readUInt8(10) === PACKET_OUTGOING) return;
  checked(ioctl(fd, SIOCGSTAMP, time) as number, 'learn the time of a packet');
  record.writeUInt32LE(Number(time.readBigUInt64LE(0)), 0);
  record.writeUInt32LE(Number(time.readBigUInt64LE(8)), 4);
  record.writeUInt32LE(length, 8);
  record.writeUInt32LE(length, 12);
  write(record.subarray(0, RECORD_HEADER_BYTES + length));
}

/** Version 2.4, times in microseconds. */
function fileHeader(linkType: number): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(MAX_PACKET_BYTES, 16);
  header.writeUInt32LE(linkType, 20);
  return header;
}

function write(bytes: Buffer): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(1, bytes, done);
}

function checked(result: number, what: string): number {
  if (result >= 0) return result;
  process.stderr.write(`${what}: errno ${koffi.errno()}\n`);
  process.exit(1);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
