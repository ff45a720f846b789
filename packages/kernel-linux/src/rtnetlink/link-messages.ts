import { KernelError } from '@margay/ports';
import {
  BodyWriter,
  decodeAttributes,
  type NetlinkMessage,
  type NetlinkRequest,
  type NetlinkSocket,
  NLM_F,
  textOf,
} from '../netlink/index.ts';
import {
  AF_INET,
  AF_UNSPEC,
  DEVICE_NAME_MAX_BYTES,
  IFF_UP,
  IFLA,
  IFLA_INET_CONF,
  IFLA_INFO,
  IPV4_CONF,
  RTEXT_FILTER_SKIP_STATS,
  RTM,
  VETH_INFO_PEER,
} from './constants.ts';

/** A network device as the kernel describes it. */
export interface Link {
  readonly index: number;
  readonly name: string;
  readonly up: boolean;
  readonly mtuBytes: number;
  /** Lower case with colons; absent for devices without a hardware address. */
  readonly mac?: string;
  /** `veth`, `bridge` and so on; absent for hardware and loopback. */
  readonly kind?: string;
  /** Index of the bridge that the device is a port of. */
  readonly masterIndex?: number;
  /** Of a veth: the index of its peer, in the peer's namespace. */
  readonly peerIndex?: number;
}

export interface VethEnd {
  readonly name: string;
  /** `02:00:5e:10:00:01`; the kernel makes one up when absent. */
  readonly mac?: string;
  readonly up?: boolean;
}

export interface VethSpec {
  readonly name: string;
  readonly mac?: string;
  readonly peer: {
    readonly name: string;
    readonly mac?: string;
    /** File descriptor of the peer's namespace; the pair stays together when absent. */
    readonly namespaceFd?: number;
  };
  readonly mtuBytes?: number;
}

/** What may be changed of a device; what is absent stays. */
export interface LinkChange {
  readonly up?: boolean;
  readonly mtuBytes?: number;
  readonly mac?: string;
  /** Packets that may wait to be sent. */
  readonly queueLength?: number;
  readonly newName?: string;
  /** 0 takes the device out of its bridge. */
  readonly masterIndex?: number;
  readonly namespaceFd?: number;
  /** A number that devices can be deleted by together. */
  readonly group?: number;
  /** `net.ipv4.conf.DEVICE.rp_filter`: 0 off, 1 strict, 2 loose. */
  readonly reversePathFilter?: number;
}

export function createVethRequest(spec: VethSpec): NetlinkRequest {
  const { peer, mtuBytes } = spec;
  const body = linkBody(0);
  writeEnd(body, spec, mtuBytes);
  body.nested(IFLA.linkInfo, (info) =>
    info.attributeText(IFLA_INFO.kind, 'veth').nested(IFLA_INFO.data, (data) =>
      data.nested(VETH_INFO_PEER, (end) => {
        writeHeader(end, 0, undefined);
        writeEnd(end, peer, mtuBytes);
        if (peer.namespaceFd !== undefined) end.attributeU32(IFLA.namespaceFd, peer.namespaceFd);
      }),
    ),
  );
  return newLink(body, `create the veth pair ${spec.name} and ${peer.name}`);
}

export function createBridgeRequest(spec: VethEnd): NetlinkRequest {
  const body = linkBody(0, spec.up);
  writeEnd(body, spec, undefined);
  body.nested(IFLA.linkInfo, (info) => info.attributeText(IFLA_INFO.kind, 'bridge'));
  return newLink(body, `create the bridge ${spec.name}`);
}

/** Changes a device, found by its index. `label` names it in errors. */
export function changeLinkRequest(index: number, change: LinkChange, label: string): NetlinkRequest {
  const body = linkBody(index, change.up);
  if (change.newName !== undefined) body.attributeText(IFLA.name, checkedDeviceName(change.newName));
  if (change.mtuBytes !== undefined) body.attributeU32(IFLA.mtu, change.mtuBytes);
  if (change.mac !== undefined) body.attribute(IFLA.address, macBytes(change.mac));
  if (change.queueLength !== undefined) body.attributeU32(IFLA.queueLength, change.queueLength);
  if (change.masterIndex !== undefined) body.attributeU32(IFLA.master, change.masterIndex);
  if (change.namespaceFd !== undefined) body.attributeU32(IFLA.namespaceFd, change.namespaceFd);
  if (change.group !== undefined) body.attributeU32(IFLA.group, change.group);
  const { reversePathFilter } = change;
  if (reversePathFilter !== undefined) {
    body.nested(IFLA.familySpecific, (families) =>
      families.nested(AF_INET, (family) =>
        family.nested(IFLA_INET_CONF, (conf) => conf.attributeU32(IPV4_CONF.reversePathFilter, reversePathFilter)),
      ),
    );
  }
  const { namespaceFd: _, ...shown } = change;
  return {
    type: RTM.setLink,
    flags: 0,
    body: body.finish(),
    operation: () => `change the device ${label} (${JSON.stringify(shown)})`,
  };
}

export function deleteLinkRequest(name: string): NetlinkRequest {
  return {
    type: RTM.delLink,
    flags: 0,
    body: linkBody(0).attributeText(IFLA.name, checkedDeviceName(name)).finish(),
    operation: () => `delete the device ${name}`,
  };
}

/** Deletes all devices of the group at once: they share the kernel's grace periods, of tens of milliseconds. */
export function deleteGroupRequest(group: number): NetlinkRequest {
  return {
    type: RTM.delLink,
    flags: 0,
    body: linkBody(0).attributeU32(IFLA.group, group).finish(),
    operation: () => `delete the devices of group ${group}`,
  };
}

export function getLinkRequest(name: string): NetlinkRequest {
  const body = linkBody(0).attributeText(IFLA.name, checkedDeviceName(name));
  body.attributeU32(IFLA.extMask, RTEXT_FILTER_SKIP_STATS);
  return { type: RTM.getLink, flags: 0, body: body.finish(), operation: () => `look up the device ${name}` };
}

/** How many packets may wait at a device, found by its index; undefined when the kernel does not say. */
export function queueLengthOf(socket: NetlinkSocket, index: number): number | undefined {
  return attributeOf(socket, index, IFLA.queueLength)?.readUInt32LE(0);
}

/** The device's own `rp_filter`, found by its index; undefined when the kernel does not say. */
export function reversePathFilterOf(socket: NetlinkSocket, index: number): number | undefined {
  const families = attributeOf(socket, index, IFLA.familySpecific);
  const family = families && decodeAttributes(families).get(AF_INET);
  const conf = family && decodeAttributes(family).get(IFLA_INET_CONF);
  // What is written by number comes back as an array, whose first is number 1.
  return conf?.readUInt32LE(4 * (IPV4_CONF.reversePathFilter - 1));
}

function attributeOf(socket: NetlinkSocket, index: number, attribute: number): Buffer | undefined {
  const body = linkBody(index).attributeU32(IFLA.extMask, RTEXT_FILTER_SKIP_STATS).finish();
  const request = { type: RTM.getLink, flags: 0, body, operation: () => `look up the device ${index}` };
  const values = socket.get(request).map(({ body: link }) => decodeAttributes(link, 16).get(attribute));
  return values.find((value) => value !== undefined);
}

export function listLinksRequest(): NetlinkRequest {
  const body = linkBody(0).attributeU32(IFLA.extMask, RTEXT_FILTER_SKIP_STATS);
  return { type: RTM.getLink, flags: 0, body: body.finish(), operation: () => 'list the devices' };
}

export function decodeLink({ body }: NetlinkMessage): Link {
  const attributes = decodeAttributes(body, 16);
  const info = attributes.get(IFLA.linkInfo);
  const kind = info && decodeAttributes(info).get(IFLA_INFO.kind);
  const mac = attributes.get(IFLA.address);
  const master = attributes.get(IFLA.master);
  const link = attributes.get(IFLA.link);
  return {
    index: body.readInt32LE(4),
    name: textOf(attributes.get(IFLA.name) ?? Buffer.alloc(0)),
    up: (body.readUInt32LE(8) & IFF_UP) !== 0,
    mtuBytes: attributes.get(IFLA.mtu)?.readUInt32LE(0) ?? 0,
    ...(mac?.length === 6 ? { mac: macText(mac) } : {}),
    ...(kind ? { kind: textOf(kind) } : {}),
    ...(master ? { masterIndex: master.readUInt32LE(0) } : {}),
    ...(link && kind && textOf(kind) === 'veth' ? { peerIndex: link.readUInt32LE(0) } : {}),
  };
}

/** @throws {KernelError} `REJECTED`: the kernel takes no such name. Source: dev_valid_name in net/core/dev.c. */
export function checkedDeviceName(name: string): string {
  const bytes = Buffer.byteLength(name);
  if (bytes === 0 || bytes > DEVICE_NAME_MAX_BYTES || name === '.' || name === '..' || /[\s/:\0]/.test(name)) {
    throw new KernelError(
      'REJECTED',
      `'${name}' is no device name: it takes 1 to ${DEVICE_NAME_MAX_BYTES} bytes, without space, slash and colon`,
    );
  }
  return name;
}

/** @throws {KernelError} `REJECTED` */
export function macBytes(mac: string): Uint8Array {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(mac)) {
    throw new KernelError('REJECTED', `'${mac}' is no MAC address: write it as 02:00:5e:10:00:01`);
  }
  return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

export function macText(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function newLink(body: BodyWriter, operation: string): NetlinkRequest {
  return { type: RTM.newLink, flags: NLM_F.create | NLM_F.excl, body: body.finish(), operation: () => operation };
}

function linkBody(index: number, up?: boolean): BodyWriter {
  const body = new BodyWriter();
  writeHeader(body, index, up);
  return body;
}

/** struct ifinfomsg */
function writeHeader(body: BodyWriter, index: number, up: boolean | undefined): void {
  body.u8(AF_UNSPEC).u8(0).u16(0).i32(index);
  body.u32(up ? IFF_UP : 0).u32(up === undefined ? 0 : IFF_UP);
}

function writeEnd(body: BodyWriter, { name, mac }: Omit<VethEnd, 'up'>, mtuBytes: number | undefined): void {
  body.attributeText(IFLA.name, checkedDeviceName(name));
  if (mtuBytes !== undefined) body.attributeU32(IFLA.mtu, mtuBytes);
  if (mac !== undefined) body.attribute(IFLA.address, macBytes(mac));
}
