import { calls, nativeBuffer } from './libc.ts';

const MAX_PAYLOAD_BYTES = 65_536;
const MAX_CONTROL_BYTES = 512;
const NAME_BYTES = 16;
const SIZEOF_MSGHDR = 56;
const MSG_ERRQUEUE = 0x2000;
const MSG_DONTWAIT = 0x40;
const IPPROTO_IP = 0;
const IP_PKTINFO = 8;
const IP_RECVERR = 11;
const CMSG_HEADER_BYTES = 16;

/** `struct sock_extended_err`, as far as it matters. */
export interface QueuedError {
  readonly errno: number;
  /** Who reported it. */
  readonly origin: 'local' | 'icmp' | 'other';
  readonly icmpType: number;
  readonly icmpCode: number;
}

/**
 * One message buffer for recvmsg and sendmsg (64-bit layout). Its content is
 * good until the next call, so one serves a whole process.
 */
export class MessageBuffer {
  readonly #header = nativeBuffer(SIZEOF_MSGHDR);
  readonly #name = nativeBuffer(NAME_BYTES);
  readonly #vector = nativeBuffer(16);
  readonly #payload = nativeBuffer(MAX_PAYLOAD_BYTES);
  readonly #control = nativeBuffer(MAX_CONTROL_BYTES);

  /**
   * Receives one datagram.
   *
   * @returns its bytes (a view of this buffer); undefined when there is none
   *   or the socket has an error: see `lastErrno`.
   */
  receive(fd: number): Buffer | undefined {
    this.#reset(MAX_PAYLOAD_BYTES, MAX_CONTROL_BYTES);
    const length = Number(calls.recvmsg(fd, this.#header.address, MSG_DONTWAIT));
    return length < 0 ? undefined : this.#payload.buffer.subarray(0, length);
  }

  /** Takes the oldest queued error; undefined when there is none. Needs `reportIcmpErrors`. */
  takeQueuedError(fd: number): QueuedError | undefined {
    this.#reset(MAX_PAYLOAD_BYTES, MAX_CONTROL_BYTES);
    if (Number(calls.recvmsg(fd, this.#header.address, MSG_ERRQUEUE | MSG_DONTWAIT)) < 0) return undefined;
    const data = this.#findControl(IPPROTO_IP, IP_RECVERR);
    if (!data) return undefined;
    const origin = data.readUInt8(4);
    return {
      errno: data.readUInt32LE(0),
      origin: origin === 1 ? 'local' : origin === 2 ? 'icmp' : 'other',
      icmpType: data.readUInt8(5),
      icmpCode: data.readUInt8(6),
    };
  }

  /**
   * Sends the `length` bytes received last back to their sender, from the
   * address that they were sent to. False when the kernel refused.
   */
  echo(fd: number, length: number): boolean {
    const info = this.#findControl(IPPROTO_IP, IP_PKTINFO);
    let controlBytes = 0;
    if (info) {
      // struct in_pktinfo {ifindex, spec_dst, addr}: the answer leaves from
      // spec_dst, the local address that was asked; the route picks the device.
      const local = Buffer.from(info.subarray(4, 8));
      const control = this.#control.buffer;
      control.writeBigUInt64LE(BigInt(CMSG_HEADER_BYTES + 12), 0);
      control.writeInt32LE(IPPROTO_IP, 8);
      control.writeInt32LE(IP_PKTINFO, 12);
      control.writeInt32LE(0, 16);
      local.copy(control, 20);
      control.writeInt32LE(0, 24);
      controlBytes = 32;
    }
    this.#reset(length, controlBytes);
    return Number(calls.sendmsg(fd, this.#header.address, MSG_DONTWAIT)) >= 0;
  }

  #reset(payloadBytes: number, controlBytes: number): void {
    const header = this.#header.buffer;
    header.writeBigUInt64LE(this.#name.address, 0);
    header.writeUInt32LE(NAME_BYTES, 8);
    header.writeBigUInt64LE(this.#vector.address, 16);
    header.writeBigUInt64LE(1n, 24);
    header.writeBigUInt64LE(controlBytes > 0 ? this.#control.address : 0n, 32);
    header.writeBigUInt64LE(BigInt(controlBytes), 40);
    header.writeInt32LE(0, 48);
    this.#vector.buffer.writeBigUInt64LE(this.#payload.address, 0);
    this.#vector.buffer.writeBigUInt64LE(BigInt(payloadBytes), 8);
  }

  #findControl(level: number, type: number): Buffer | undefined {
    const control = this.#control.buffer;
    const end = Number(this.#header.buffer.readBigUInt64LE(40));
    for (let at = 0; at + CMSG_HEADER_BYTES <= end; ) {
      const length = Number(control.readBigUInt64LE(at));
      if (length < CMSG_HEADER_BYTES) return undefined;
      if (control.readInt32LE(at + 8) === level && control.readInt32LE(at + 12) === type) {
        return control.subarray(at + CMSG_HEADER_BYTES, at + length);
      }
      at += (length + 7) & ~7;
    }
    return undefined;
  }
}
