import { NLA_F_NESTED, NLA_HEADER_BYTES, NLMSG_HEADER_BYTES } from './constants.ts';

/** A message before it has a sequence number. `body` is the family header and the attributes. */
export interface NetlinkRequest {
  readonly type: number;
  /** Of NLM_F; `request` is always added. */
  readonly flags: number;
  readonly body: Uint8Array;
  /** What is done, for errors: "add the route to 192.0.2.0/24". Called only when it fails. */
  readonly operation: () => string;
}

/** netlink aligns messages and attributes to 4 bytes. */
export function align4(length: number): number {
  return (length + 3) & ~3;
}

/** Writes the body of a message: fixed header fields, then attributes. Host byte order (little endian on all of Node's Linux platforms). */
export class BodyWriter {
  // From Buffer's pool: thousands of messages are written a millisecond.
  #bytes: Buffer;
  #length = 0;

  constructor(capacityBytes = 128) {
    this.#bytes = Buffer.allocUnsafe(capacityBytes);
  }

  u8(value: number): this {
    const at = this.#grow(1);
    this.#bytes.writeUInt8(value, at);
    return this;
  }

  u16(value: number): this {
    const at = this.#grow(2);
    this.#bytes.writeUInt16LE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#grow(4);
    this.#bytes.writeUInt32LE(value >>> 0, at);
    return this;
  }

  i32(value: number): this {
    const at = this.#grow(4);
    this.#bytes.writeInt32LE(value, at);
    return this;
  }

  raw(bytes: Uint8Array): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  attribute(type: number, bytes: Uint8Array): this {
    return this.#header(type, bytes.length).raw(bytes).#pad();
  }

  attributeU8(type: number, value: number): this {
    return this.#header(type, 1).u8(value).#pad();
  }

  attributeU16(type: number, value: number): this {
    return this.#header(type, 2).u16(value).#pad();
  }

  attributeU32(type: number, value: number): this {
    return this.#header(type, 4).u32(value);
  }

  /** Network byte order, as nfnetlink wants. */
  attributeU32Be(type: number, value: number): this {
    this.#header(type, 4);
    const at = this.#grow(4);
    this.#bytes.writeUInt32BE(value >>> 0, at);
    return this;
  }

  /** With the terminating zero byte. */
  attributeText(type: number, text: string): this {
    return this.attribute(type, Buffer.from(`${text}\0`));
  }

  attributeFlag(type: number): this {
    return this.#header(type, 0);
  }

  /** Sets the nested flag; some old families (veth's peer) take the type without it: pass `{ flag: false }`. */
  nested(type: number, write: (body: this) => void, { flag = true }: { readonly flag?: boolean } = {}): this {
    const start = this.#length;
    this.#header(flag ? type | NLA_F_NESTED : type, 0);
    write(this);
    this.#bytes.writeUInt16LE(this.#length - start, start);
    return this.#pad();
  }

  /** A view: the writer must not be used afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #header(type: number, payloadBytes: number): this {
    return this.u16(NLA_HEADER_BYTES + payloadBytes).u16(type);
  }

  #pad(): this {
    while (this.#length & 3) this.u8(0);
    return this;
  }

  /** Reserves bytes, which the caller must fill, and returns their offset. */
  #grow(bytes: number): number {
    const at = this.#length;
    this.#length += bytes;
    if (this.#length > this.#bytes.length) {
      const bigger = Buffer.allocUnsafe(Math.max(this.#length, this.#bytes.length * 2));
      bigger.set(this.#bytes);
      this.#bytes = bigger;
    }
    return at;
  }
}

/**
 * Encodes requests one behind the other, numbered from `firstSequence`, as one
 * buffer for one send. `flags` are added to all, `lastFlags` to the last.
 */
export function encodeRequests(
  requests: readonly NetlinkRequest[],
  firstSequence: number,
  flags: number,
  lastFlags = 0,
): Buffer {
  const total = requests.reduce((sum, { body }) => sum + align4(NLMSG_HEADER_BYTES + body.length), 0);
  const bytes = Buffer.alloc(total);
  let at = 0;
  for (const [index, request] of requests.entries()) {
    const length = NLMSG_HEADER_BYTES + request.body.length;
    bytes.writeUInt32LE(length, at);
    bytes.writeUInt16LE(request.type, at + 4);
    bytes.writeUInt16LE(request.flags | flags | (index === requests.length - 1 ? lastFlags : 0), at + 6);
    bytes.writeUInt32LE((firstSequence + index) >>> 0, at + 8);
    bytes.set(request.body, at + NLMSG_HEADER_BYTES);
    at += align4(length);
  }
  return bytes;
}
