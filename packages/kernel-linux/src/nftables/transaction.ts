import type { Operation } from '@margay/firewall-core';
import { KernelError } from '@margay/ports';
import { errnoOf, kernelError } from '../libc/index.ts';
import {
  BodyWriter,
  decodeAck,
  decodeAttributes,
  encodeRequests,
  type NetlinkMessage,
  type NetlinkRequest,
  type NetlinkSocket,
  NLM_F,
  NLMSG,
} from '../netlink/index.ts';
import { BATCH, ERESTART, FAMILY, GENERATION, MESSAGE, NFNL_BATCH, NFNL_SUBSYS_NFTABLES } from './constants.ts';
import { encodeOperation, familyHeader, messageType } from './messages.ts';

/**
 * Sends operations as one transaction: all take effect between two packets,
 * or none does.
 *
 * @throws {KernelError} for the first operation that the kernel refused.
 */
export function commit(socket: NetlinkSocket, operations: readonly Operation[]): void {
  send(socket, operations.flatMap(encodeOperation));
}

/**
 * The same for messages of one's own, if nobody has changed the packet filter
 * since `generation`. False when somebody has; then nothing is done.
 *
 * @throws {KernelError} for the first message that the kernel refused.
 */
export function commitIfUnchanged(
  socket: NetlinkSocket,
  requests: readonly NetlinkRequest[],
  generation: number,
): boolean {
  if (requests.length === 0) return true;
  try {
    send(socket, requests, generation);
    return true;
  } catch (error) {
    if (errnoOf(error) === ERESTART) return false;
    throw error;
  }
}

function send(socket: NetlinkSocket, messages: readonly NetlinkRequest[], generation?: number): void {
  const requests = [frame(NFNL_BATCH.begin, generation), ...messages, frame(NFNL_BATCH.end)];
  const last = requests.length - 2;
  // One acknowledgement, of the last operation, tells that the kernel came to the end; refusals come unasked.
  const flagged = requests.map((request, index) =>
    index === last ? { ...request, flags: request.flags | NLM_F.ack } : request,
  );
  const first = socket.takeSequence(requests.length);
  socket.drain(() => {});
  socket.sendBytes(encodeRequests(flagged, first, NLM_F.request), () => 'change the packet filter');
  let acknowledged = false;
  let failure: KernelError | undefined;
  const overrun = socket.drain((message) => {
    const request = requests[message.sequence - first];
    if (message.type !== NLMSG.error || !request) return;
    const { errno, reason } = decodeAck(message);
    if (errno !== 0) failure ??= kernelError(errno, request.operation(), reason);
    else acknowledged ||= message.sequence === first + last;
  });
  if (failure) throw failure;
  if (!acknowledged || overrun)
    throw new KernelError('REJECTED', "change the packet filter: the kernel's answer was lost");
}

/** A number that every change of the packet filter in this namespace raises, whoever makes it. */
export function generation(socket: NetlinkSocket): number {
  const answers = socket.get(question(MESSAGE.getGeneration, 'read the packet filter generation'));
  const id = answers
    .map(({ body }) => decodeAttributes(body, 4).get(GENERATION.id))
    .find((value) => value !== undefined);
  if (!id) throw new KernelError('REJECTED', 'read the packet filter generation: no answer');
  return id.readUInt32BE(0);
}

export interface ListOptions {
  /** Of FAMILY; inet by default. */
  readonly family?: number;
  /** Narrows the list where the kernel can. */
  readonly write?: (body: BodyWriter) => void;
}

/** Lists objects of every table of one family. */
export function list(
  socket: NetlinkSocket,
  kind: number,
  operation: string,
  options: ListOptions = {},
): NetlinkMessage[] {
  return socket.dump(question(kind, operation, options));
}

function question(
  kind: number,
  operation: string,
  { family = FAMILY.inet, write = () => {} }: ListOptions = {},
): NetlinkRequest {
  const body = familyHeader(new BodyWriter(), family);
  write(body);
  return { type: messageType(kind), flags: 0, body: body.finish(), operation: () => operation };
}

function frame(type: number, generation?: number): NetlinkRequest {
  const body = familyHeader(new BodyWriter(), FAMILY.unspec, NFNL_SUBSYS_NFTABLES);
  if (generation !== undefined) body.attributeU32Be(BATCH.generation, generation);
  return { type, flags: 0, body: body.finish(), operation: () => 'change the packet filter' };
}
