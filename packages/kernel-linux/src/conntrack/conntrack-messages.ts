import { addressBytes, addressFromBytes, type IpAddress, versionOf } from '@margay/ip';
import {
  BodyWriter,
  decodeAttributes,
  type NetlinkMessage,
  type NetlinkRequest,
  NLA_F_NESTED,
} from '../netlink/index.ts';

/** Source: linux/netfilter/nfnetlink.h and nfnetlink_conntrack.h. */
const SUBSYSTEM_CTNETLINK = 1;
const MESSAGE = { get: 1, delete: 2 } as const;
const CTA = { original: 1, reply: 2, id: 12, filter: 25 } as const;
const CTA_TUPLE_IP = 1;
const CTA_IP_SOURCE = { 4: 1, 6: 3 } as const;
const CTA_FILTER_FLAGS = { original: 1, reply: 2 } as const;
const FILTER_SOURCE = 1;
const FAMILY = { 4: 2, 6: 10 } as const;

export type FlowDirection = 'original' | 'reply';

export interface Flow {
  /** The tuple and id attributes, as they name the flow in a delete. */
  readonly original: Buffer;
  readonly id: Buffer;
  readonly originalSource: IpAddress | undefined;
  readonly replySource: IpAddress | undefined;
}

/** Flows whose sender in that direction is `address`. Kernels before 5.8 ignore the filter and list all. */
export function listFlowsRequest(address: IpAddress, direction: FlowDirection): NetlinkRequest {
  const body = senderFilter(address, direction);
  return { ...request(MESSAGE.get, body), operation: () => `list the tracked flows of ${address}` };
}

/**
 * Deletes the same flows without listing them. Kernels that know no filter
 * here take the tuple for a whole one, which it is not, and answer EINVAL:
 * they delete nothing.
 */
export function deleteFlowsRequest(address: IpAddress, direction: FlowDirection): NetlinkRequest {
  const body = senderFilter(address, direction);
  return { ...request(MESSAGE.delete, body), operation: () => `forget the tracked flows of ${address}` };
}

/** The id makes sure that a newer flow of the same tuple survives. */
export function deleteFlowRequest(flow: Flow, address: IpAddress): NetlinkRequest {
  const body = familyHeader(versionOf(address));
  body.attribute(CTA.original | NLA_F_NESTED, flow.original).attribute(CTA.id, flow.id);
  return { ...request(MESSAGE.delete, body), operation: () => `forget a tracked flow of ${address}` };
}

/** Undefined when the message lacks what names a flow. */
export function decodeFlow({ body }: NetlinkMessage): Flow | undefined {
  const attributes = decodeAttributes(body, 4);
  const original = attributes.get(CTA.original);
  const id = attributes.get(CTA.id);
  if (!original || !id) return undefined;
  return { original, id, originalSource: sourceOf(original), replySource: sourceOf(attributes.get(CTA.reply)) };
}

function sourceOf(tuple: Buffer | undefined): IpAddress | undefined {
  const ip = tuple && decodeAttributes(tuple).get(CTA_TUPLE_IP);
  const addresses = ip && decodeAttributes(ip);
  const bytes = addresses?.get(CTA_IP_SOURCE[4]) ?? addresses?.get(CTA_IP_SOURCE[6]);
  return bytes && addressFromBytes(bytes);
}

function senderFilter(address: IpAddress, direction: FlowDirection): BodyWriter {
  const version = versionOf(address);
  const body = familyHeader(version);
  body.nested(CTA[direction], (tuple) =>
    tuple.nested(CTA_TUPLE_IP, (ip) => ip.attribute(CTA_IP_SOURCE[version], addressBytes(address))),
  );
  return body.nested(CTA.filter, (filter) => filter.attributeU32(CTA_FILTER_FLAGS[direction], FILTER_SOURCE));
}

/** struct nfgenmsg */
function familyHeader(version: 4 | 6): BodyWriter {
  return new BodyWriter().u8(FAMILY[version]).u8(0).u16(0);
}

function request(message: number, body: BodyWriter): Omit<NetlinkRequest, 'operation'> {
  return { type: (SUBSYSTEM_CTNETLINK << 8) | message, flags: 0, body: body.finish() };
}
