import { NLA_HEADER_BYTES, NLA_TYPE_MASK, NLM_F, NLMSG, NLMSG_HEADER_BYTES, NLMSGERR_ATTR } from './constants.ts';
import { align4 } from './writer.ts';

/** One message as it came; `body` is a view into the received bytes. */
export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  readonly body: Buffer;
}

/** An acknowledgement: errno 0 is success. */
export interface NetlinkAck {
  readonly errno: number;
  /** The kernel's reason as a sentence, when it gave one. */
  readonly reason?: string;
}

export type NetlinkAttributes = ReadonlyMap<number, Buffer>;

/** @throws {RangeError} a length field points outside of `bytes`. */
export function decodeMessages(bytes: Buffer): NetlinkMessage[] {
  const messages: NetlinkMessage[] = [];
  for (let at = 0; at + NLMSG_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    if (length < NLMSG_HEADER_BYTES || at + length > bytes.length) {
      throw new RangeError(`netlink message of ${length} bytes at ${at} of ${bytes.length}`);
    }
    messages.push({
      type: bytes.readUInt16LE(at + 4),
      flags: bytes.readUInt16LE(at + 6),
      sequence: bytes.readUInt32LE(at + 8),
      body: bytes.subarray(at + NLMSG_HEADER_BYTES, at + length),
    });
    at += align4(length);
  }
  return messages;
}

/**
 * Reads attributes, nested flag and byte order flag taken off the type. Of a
 * type that comes twice the last counts.
 *
 * @throws {RangeError} a length field points outside of `bytes`.
 */
export function decodeAttributes(bytes: Buffer, offset = 0): NetlinkAttributes {
  const attributes = new Map<number, Buffer>();
  for (const { type, value } of eachAttribute(bytes, offset)) attributes.set(type, value);
  return attributes;
}

/** Like `decodeAttributes`, but in order and with repeated types: lists are written so. */
export function* eachAttribute(bytes: Buffer, offset = 0): Generator<{ type: number; value: Buffer }> {
  for (let at = offset; at + NLA_HEADER_BYTES <= bytes.length; ) {
    const length = bytes.readUInt16LE(at);
    if (length < NLA_HEADER_BYTES || at + length > bytes.length) {
      throw new RangeError(`netlink attribute of ${length} bytes at ${at} of ${bytes.length}`);
    }
    yield {
      type: bytes.readUInt16LE(at + 2) & NLA_TYPE_MASK,
      value: bytes.subarray(at + NLA_HEADER_BYTES, at + length),
    };
    at += align4(length);
  }
}

/** Text up to the first zero byte. */
export function textOf(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}

/** Reads the body of an NLMSG_ERROR, or of an NLMSG_DONE that ends a dump. */
export function decodeAck(message: NetlinkMessage): NetlinkAck {
  const { body, flags, type } = message;
  if (body.length < 4) return { errno: 0 };
  const errno = Math.abs(body.readInt32LE(0));
  if ((flags & NLM_F.ackTlvs) === 0) return { errno };
  const reason = reasonOf(decodeAttributes(body, attributesOffset(body, flags, type)));
  return reason === undefined ? { errno } : { errno, reason };
}

/** An error message repeats the request's header, and its body unless it is capped. */
function attributesOffset(body: Buffer, flags: number, type: number): number {
  if (type !== NLMSG.error) return 4;
  const requestBytes = body.readUInt32LE(4);
  return 4 + (flags & NLM_F.capped ? NLMSG_HEADER_BYTES : align4(requestBytes));
}

function reasonOf(attributes: NetlinkAttributes): string | undefined {
  const message = attributes.get(NLMSGERR_ATTR.message);
  if (message) return textOf(message);
  const missing = attributes.get(NLMSGERR_ATTR.missingType);
  return missing ? `attribute ${missing.readUInt32LE(0)} is missing` : undefined;
}
