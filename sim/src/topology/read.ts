import { MAX_PODS_PER_NODE } from './defaults.ts';
import type { Cursor, YamlReader } from './reader.ts';

// The shape of the document, before anything is said about its meaning. Every
// part keeps its cursor, so that a later check can point at it.

export interface RawTopology {
  readonly profile?: { readonly text: string; readonly at: Cursor };
  readonly mode?: { readonly text: string; readonly at: Cursor };
  readonly mtu?: number;
  readonly racks?: readonly RawRack[];
  readonly routers?: readonly RawRouter[];
  readonly nodes?: readonly RawNode[];
  readonly nodesAt: Cursor;
  readonly pools?: readonly RawPool[];
  readonly pods?: readonly RawPod[];
  readonly podsPerNode?: number;
}

/** A text with its place. */
export interface Placed {
  readonly text: string;
  readonly at: Cursor;
}

export interface RawRack {
  readonly name: Placed;
  readonly cidr: Placed;
  readonly gateway?: Placed;
  readonly mtu?: number;
}

export interface RawRouter {
  readonly name: Placed;
  readonly racks: readonly Placed[];
  readonly mtu?: number;
}

export interface RawInterface {
  readonly name?: Placed;
  readonly rack?: Placed;
  readonly address?: Placed;
  readonly at: Cursor;
}

export interface RawNode {
  readonly name: Placed;
  readonly interfaces: readonly RawInterface[];
}

export interface RawPool {
  readonly name: Placed;
  readonly cidr: Placed;
  readonly blockSize?: { readonly value: number; readonly at: Cursor };
  readonly ipipMode?: 'Always' | 'Never';
  readonly natOutgoing?: boolean;
}

export interface RawPod {
  readonly name: Placed;
  readonly namespace?: Placed;
  readonly node?: Placed;
  readonly labels: Readonly<Record<string, string>>;
  readonly labelsAt?: Cursor;
  readonly ports?: readonly { readonly port: number; readonly protocol: 'tcp' | 'udp' | 'sctp' }[];
  readonly command?: readonly string[];
  readonly hostNetwork: boolean;
}

const TOP = ['profile', 'mode', 'mtu', 'racks', 'routers', 'nodes', 'pools', 'pods', 'podsPerNode'] as const;

/** Undefined where the document is no map; each problem has been reported to the reader. */
export function readShape(reader: YamlReader): RawTopology | undefined {
  const top = reader.fields(reader.root, TOP);
  if (top === undefined) return undefined;
  return {
    ...optional('profile', placed(reader, top.profile)),
    ...optional('mode', placed(reader, top.mode)),
    ...optional('mtu', top.mtu && reader.integer(top.mtu, 576, 65_535)),
    ...optional('racks', top.racks && list(reader, top.racks, readRack)),
    ...optional('routers', top.routers && list(reader, top.routers, readRouter)),
    ...optional('nodes', top.nodes && list(reader, top.nodes, readNode)),
    nodesAt: top.nodes ?? reader.root,
    ...optional('pools', top.pools && list(reader, top.pools, readPool)),
    ...optional('pods', top.pods && list(reader, top.pods, readPod)),
    ...optional('podsPerNode', top.podsPerNode && reader.integer(top.podsPerNode, 0, MAX_PODS_PER_NODE)),
  };
}

function readRack(reader: YamlReader, cursor: Cursor): RawRack | undefined {
  const found = reader.fields(cursor, ['name', 'cidr', 'gateway', 'mtu']);
  if (found === undefined) return undefined;
  const name = required(reader, cursor, 'name', found.name);
  const cidr = required(reader, cursor, 'cidr', found.cidr);
  const gateway = placed(reader, found.gateway);
  const mtu = found.mtu && reader.integer(found.mtu, 576, 65_535);
  if (name === undefined || cidr === undefined) return undefined;
  return { name, cidr, ...optional('gateway', gateway), ...optional('mtu', mtu) };
}

function readRouter(reader: YamlReader, cursor: Cursor): RawRouter | undefined {
  const found = reader.fields(cursor, ['name', 'racks', 'mtu']);
  if (found === undefined) return undefined;
  const name = required(reader, cursor, 'name', found.name);
  if (found.racks === undefined) reader.report(cursor, "has no 'racks': list the racks behind this router");
  const racks = found.racks && list(reader, found.racks, placed);
  const mtu = found.mtu && reader.integer(found.mtu, 576, 65_535);
  if (name === undefined || racks === undefined) return undefined;
  return { name, racks, ...optional('mtu', mtu) };
}

function readNode(reader: YamlReader, cursor: Cursor): RawNode | undefined {
  const found = reader.fields(cursor, ['name', 'rack', 'address', 'interfaces']);
  if (found === undefined) return undefined;
  const name = required(reader, cursor, 'name', found.name);
  const rack = placed(reader, found.rack);
  const address = placed(reader, found.address);
  if (found.interfaces !== undefined && (found.rack !== undefined || found.address !== undefined)) {
    reader.report(
      cursor,
      "has 'interfaces' beside 'rack' or 'address'; write rack and address in the interfaces alone",
    );
  }
  const interfaces = found.interfaces
    ? list(reader, found.interfaces, readInterface)
    : [{ at: cursor, ...optional('rack', rack), ...optional('address', address) }];
  if (interfaces?.length === 0) reader.report(cursor, 'has no interface: list one, or leave interfaces out');
  if (name === undefined || interfaces === undefined) return undefined;
  return { name, interfaces };
}

function readInterface(reader: YamlReader, cursor: Cursor): RawInterface | undefined {
  const found = reader.fields(cursor, ['name', 'rack', 'address']);
  if (found === undefined) return undefined;
  return {
    at: cursor,
    ...optional('name', placed(reader, found.name)),
    ...optional('rack', placed(reader, found.rack)),
    ...optional('address', placed(reader, found.address)),
  };
}

function readPool(reader: YamlReader, cursor: Cursor): RawPool | undefined {
  const found = reader.fields(cursor, ['name', 'cidr', 'blockSize', 'ipipMode', 'natOutgoing']);
  if (found === undefined) return undefined;
  const name = required(reader, cursor, 'name', found.name);
  const cidr = required(reader, cursor, 'cidr', found.cidr);
  const size = found.blockSize && reader.integer(found.blockSize, 20, 32);
  const ipipMode = found.ipipMode && reader.oneOf(found.ipipMode, ['Always', 'Never']);
  const natOutgoing = found.natOutgoing && reader.flag(found.natOutgoing);
  if (name === undefined || cidr === undefined) return undefined;
  const blockSize = size !== undefined && found.blockSize ? { value: size, at: found.blockSize } : undefined;
  return {
    name,
    cidr,
    ...optional('blockSize', blockSize),
    ...optional('ipipMode', ipipMode),
    ...optional('natOutgoing', natOutgoing),
  };
}

function readPod(reader: YamlReader, cursor: Cursor): RawPod | undefined {
  const found = reader.fields(cursor, ['name', 'namespace', 'node', 'labels', 'ports', 'command', 'hostNetwork']);
  if (found === undefined) return undefined;
  const name = required(reader, cursor, 'name', found.name);
  const labels = found.labels && reader.textMap(found.labels);
  const command = found.command && list(reader, found.command, (_, item) => reader.text(item));
  if (found.command && command?.length === 0)
    reader.report(found.command, 'is empty: list the program and its arguments');
  const rest = {
    ...optional('namespace', placed(reader, found.namespace)),
    ...optional('node', placed(reader, found.node)),
    labels: labels ?? {},
    ...optional('labelsAt', found.labels),
    ...optional('ports', found.ports && list(reader, found.ports, readPort)),
    ...optional('command', command),
    hostNetwork: (found.hostNetwork && reader.flag(found.hostNetwork)) ?? false,
  };
  return name === undefined ? undefined : { name, ...rest };
}

function readPort(reader: YamlReader, cursor: Cursor): { port: number; protocol: 'tcp' | 'udp' | 'sctp' } | undefined {
  const found = reader.fields(cursor, ['port', 'protocol']);
  if (found === undefined) return undefined;
  if (found.port === undefined) reader.report(cursor, "has no 'port': write a number from 1 to 65535");
  const port = found.port && reader.integer(found.port, 1, 65_535);
  const protocol = found.protocol ? reader.oneOf(found.protocol, ['tcp', 'udp', 'sctp']) : 'tcp';
  return port === undefined || protocol === undefined ? undefined : { port, protocol };
}

function list<T>(
  reader: YamlReader,
  cursor: Cursor,
  read: (reader: YamlReader, item: Cursor) => T | undefined,
): T[] | undefined {
  return reader
    .items(cursor)
    ?.map((item) => read(reader, item))
    .filter((item) => item !== undefined);
}

function placed(reader: YamlReader, at: Cursor | undefined): Placed | undefined {
  const text = at && reader.text(at);
  return at === undefined || text === undefined ? undefined : { text, at };
}

function required(reader: YamlReader, parent: Cursor, field: string, at: Cursor | undefined): Placed | undefined {
  if (at === undefined) reader.report(parent, `has no '${field}': write one`);
  return placed(reader, at);
}

/** An object with the field, or without it when the value is undefined. */
function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}
