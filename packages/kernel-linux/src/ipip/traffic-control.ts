import { ERRNO, errnoOf } from '../libc/index.ts';
import {
  BodyWriter,
  decodeAttributes,
  type NetlinkAttributes,
  type NetlinkMessage,
  type NetlinkRequest,
  type NetlinkSocket,
  NLM_F,
  textOf,
} from '../netlink/index.ts';
import { changeLinkRequest, queueLengthOf } from '../rtnetlink/index.ts';

/** Numbers of tc. Source: linux/rtnetlink.h, linux/pkt_sched.h, linux/pkt_cls.h. */
const RTM = { newQdisc: 36, delQdisc: 37, getQdisc: 38, newFilter: 44, delFilter: 45, getFilter: 46 } as const;
const TCA = { kind: 1, options: 2 } as const;
const TCA_BPF = { fd: 6, name: 7, flags: 8, id: 11 } as const;
const TCA_BPF_FLAG_ACT_DIRECT = 1;
const CLSACT_HANDLE = 0xffff0000;
const CLSACT_PARENT = 0xfffffff1;
const PARENT = { ingress: 0xfffffff2, egress: 0xfffffff3 } as const;
const TCMSG_BYTES = 20;
const ETH_P_IP = 0x0800;
/** Our place in the order of filters; the route protocol number again. */
const PRIORITY = 77;
const HANDLE = 1;
const NAME_PREFIX = 'margay_ipip_';
/** Ends the name of a filter whose qdisc was made for it: the kernel keeps no other mark of who made a qdisc. */
const MADE_QDISC = '_own_qdisc';

export type Direction = keyof typeof PARENT;

/** One of Margay's programs on a device. */
export interface Attachment {
  readonly linkIndex: number;
  readonly direction: Direction;
  readonly programId: number;
}

/** Every program of the tunnel in this namespace, on whatever device. */
export function listAttachments(socket: NetlinkSocket): Attachment[] {
  const found: Attachment[] = [];
  for (const linkIndex of listFilteredLinks(socket)) {
    for (const direction of ['ingress', 'egress'] as const) {
      for (const message of listFilters(socket, linkIndex, direction)) {
        const programId = ownProgram(message)?.get(TCA_BPF.id)?.readUInt32LE(0);
        if (programId !== undefined) found.push({ linkIndex, direction, programId });
      }
    }
  }
  return found;
}

/** Attaches a program, in place of the one that is there: every packet meets the old or the new one. */
export function attach(socket: NetlinkSocket, place: Omit<Attachment, 'programId'>, programFd: number): void {
  const { linkIndex, direction } = place;
  const madeQdisc = addClsact(socket, linkIndex) || hasMadeQdisc(socket, place);
  const body = filterMessage(place)
    .attributeText(TCA.kind, 'bpf')
    .nested(TCA.options, (options) =>
      options
        .attributeU32(TCA_BPF.fd, programFd)
        .attributeText(TCA_BPF.name, `${NAME_PREFIX}${direction}${madeQdisc ? MADE_QDISC : ''}`)
        .attributeU32(TCA_BPF.flags, TCA_BPF_FLAG_ACT_DIRECT),
    );
  socket.request({
    type: RTM.newFilter,
    flags: NLM_F.create,
    body: body.finish(),
    operation: () => `attach the ${direction} program to device ${linkIndex}`,
  });
}

/** Takes a program off, and the qdisc too when it was made for it and nobody's filter is left on it. */
export function detach(socket: NetlinkSocket, place: Omit<Attachment, 'programId'>): void {
  const { linkIndex, direction } = place;
  const madeQdisc = hasMadeQdisc(socket, place);
  socket.request({
    type: RTM.delFilter,
    flags: 0,
    body: filterMessage(place).attributeText(TCA.kind, 'bpf').finish(),
    operation: () => `detach the ${direction} program from device ${linkIndex}`,
  });
  const rest = (['ingress', 'egress'] as const).flatMap((each) => listFilters(socket, linkIndex, each));
  if (!madeQdisc || rest.length > 0) return;
  socket.request({
    type: RTM.delQdisc,
    flags: 0,
    body: tcMessage(linkIndex, CLSACT_HANDLE, CLSACT_PARENT, 0).finish(),
    operation: () => `remove clsact from device ${linkIndex}`,
  });
}

/**
 * False when the device has one already, or the older kind with the same
 * handle. The kernel lets packets wait at a device of which none may, as soon
 * as it has any qdisc: that is taken back.
 */
function addClsact(socket: NetlinkSocket, linkIndex: number): boolean {
  const queueLength = queueLengthOf(socket, linkIndex);
  try {
    socket.request({
      type: RTM.newQdisc,
      flags: NLM_F.create | NLM_F.excl,
      body: tcMessage(linkIndex, CLSACT_HANDLE, CLSACT_PARENT, 0).attributeText(TCA.kind, 'clsact').finish(),
      operation: () => `add clsact to device ${linkIndex}`,
    });
    if (queueLength === 0) socket.request(changeLinkRequest(linkIndex, { queueLength }, `${linkIndex}`));
    return true;
  } catch (error) {
    if (errnoOf(error) !== ERRNO.EEXIST) throw error;
    return false;
  }
}

/** True when the program at this place is there since a qdisc was made for it. */
function hasMadeQdisc(socket: NetlinkSocket, { linkIndex, direction }: Omit<Attachment, 'programId'>): boolean {
  return listFilters(socket, linkIndex, direction).some((message) => {
    const name = ownProgram(message)?.get(TCA_BPF.name);
    return name !== undefined && textOf(name).endsWith(MADE_QDISC);
  });
}

/** What a filter says of its program, if that is one of Margay's tunnel. */
function ownProgram({ body }: NetlinkMessage): NetlinkAttributes | undefined {
  if (body.readUInt32LE(16) >>> 16 !== PRIORITY) return undefined;
  const options = decodeAttributes(body, TCMSG_BYTES).get(TCA.options);
  const attributes = options && decodeAttributes(options);
  const name = attributes?.get(TCA_BPF.name);
  return name && textOf(name).startsWith(NAME_PREFIX) ? attributes : undefined;
}

/** The devices that can have filters: both kinds of qdisc hold ingress filters, under one handle. */
function listFilteredLinks(socket: NetlinkSocket): Set<number> {
  const body = tcMessage(0, 0, 0, 0).finish();
  const qdiscs = socket.dump({ type: RTM.getQdisc, flags: 0, body, operation: () => 'list the qdiscs' });
  const links = qdiscs.filter((message) => {
    const kind = textOf(decodeAttributes(message.body, TCMSG_BYTES).get(TCA.kind) ?? Buffer.alloc(0));
    return kind === 'clsact' || kind === 'ingress';
  });
  return new Set(links.map((message) => message.body.readInt32LE(4)));
}

/** Without the entries that stand for a whole priority and have no program. */
function listFilters(socket: NetlinkSocket, linkIndex: number, direction: Direction): NetlinkMessage[] {
  const request: NetlinkRequest = {
    type: RTM.getFilter,
    flags: 0,
    body: tcMessage(linkIndex, 0, PARENT[direction], 0).finish(),
    operation: () => `list the ${direction} filters of device ${linkIndex}`,
  };
  return socket.dump(request).filter(({ body }) => body.readUInt32LE(8) !== 0);
}

function filterMessage({ linkIndex, direction }: Omit<Attachment, 'programId'>): BodyWriter {
  const protocolBe = ((ETH_P_IP & 0xff) << 8) | (ETH_P_IP >>> 8);
  return tcMessage(linkIndex, HANDLE, PARENT[direction], ((PRIORITY << 16) | protocolBe) >>> 0);
}

/** struct tcmsg */
function tcMessage(linkIndex: number, handle: number, parent: number, info: number): BodyWriter {
  return new BodyWriter().u8(0).u8(0).u16(0).i32(linkIndex).u32(handle).u32(parent).u32(info);
}
