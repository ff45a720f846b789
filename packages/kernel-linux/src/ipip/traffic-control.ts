import { ERRNO, errnoOf } from '../libc/index.ts';
import {
  BodyWriter,
  decodeAttributes,
  type NetlinkMessage,
  type NetlinkRequest,
  type NetlinkSocket,
  NLM_F,
  textOf,
} from '../netlink/index.ts';

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
  for (const linkIndex of new Set(listClsact(socket).map((qdisc) => qdisc.linkIndex))) {
    for (const direction of ['ingress', 'egress'] as const) {
      for (const message of listFilters(socket, linkIndex, direction)) {
        const options = decodeAttributes(message.body, TCMSG_BYTES).get(TCA.options);
        const attributes = options && decodeAttributes(options);
        const programId = attributes?.get(TCA_BPF.id)?.readUInt32LE(0);
        const name = attributes?.get(TCA_BPF.name);
        if (programId === undefined || !name || !textOf(name).startsWith(NAME_PREFIX)) continue;
        if (message.body.readUInt32LE(16) >>> 16 === PRIORITY) found.push({ linkIndex, direction, programId });
      }
    }
  }
  return found;
}

/** Attaches a program, in place of the one that is there: every packet meets the old or the new one. */
export function attach(socket: NetlinkSocket, place: Omit<Attachment, 'programId'>, programFd: number): void {
  const { linkIndex, direction } = place;
  try {
    socket.request({
      type: RTM.newQdisc,
      flags: NLM_F.create | NLM_F.excl,
      body: tcMessage(linkIndex, CLSACT_HANDLE, CLSACT_PARENT, 0).attributeText(TCA.kind, 'clsact').finish(),
      operation: () => `add clsact to device ${linkIndex}`,
    });
  } catch (error) {
    if (errnoOf(error) !== ERRNO.EEXIST) throw error;
  }
  const body = filterMessage(place)
    .attributeText(TCA.kind, 'bpf')
    .nested(TCA.options, (options) =>
      options
        .attributeU32(TCA_BPF.fd, programFd)
        .attributeText(TCA_BPF.name, `${NAME_PREFIX}${direction}`)
        .attributeU32(TCA_BPF.flags, TCA_BPF_FLAG_ACT_DIRECT),
    );
  socket.request({
    type: RTM.newFilter,
    flags: NLM_F.create,
    body: body.finish(),
    operation: () => `attach the ${direction} program to device ${linkIndex}`,
  });
}

/** Takes a program off, and the qdisc too when nobody's filter is left on it. */
export function detach(socket: NetlinkSocket, place: Omit<Attachment, 'programId'>): void {
  const { linkIndex, direction } = place;
  socket.request({
    type: RTM.delFilter,
    flags: 0,
    body: filterMessage(place).attributeText(TCA.kind, 'bpf').finish(),
    operation: () => `detach the ${direction} program from device ${linkIndex}`,
  });
  const isOurs = listClsact(socket).some((qdisc) => qdisc.linkIndex === linkIndex && qdisc.kind === 'clsact');
  const rest = (['ingress', 'egress'] as const).flatMap((each) => listFilters(socket, linkIndex, each));
  if (!isOurs || rest.length > 0) return;
  socket.request({
    type: RTM.delQdisc,
    flags: 0,
    body: tcMessage(linkIndex, CLSACT_HANDLE, CLSACT_PARENT, 0).finish(),
    operation: () => `remove clsact from device ${linkIndex}`,
  });
}

/** Both kinds hold ingress filters, under one handle. */
function listClsact(socket: NetlinkSocket): { linkIndex: number; kind: string }[] {
  const body = tcMessage(0, 0, 0, 0).finish();
  const qdiscs = socket.dump({ type: RTM.getQdisc, flags: 0, body, operation: () => 'list the qdiscs' });
  return qdiscs.flatMap((message) => {
    const kind = textOf(decodeAttributes(message.body, TCMSG_BYTES).get(TCA.kind) ?? Buffer.alloc(0));
    return kind === 'clsact' || kind === 'ingress' ? [{ linkIndex: message.body.readInt32LE(4), kind }] : [];
  });
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
