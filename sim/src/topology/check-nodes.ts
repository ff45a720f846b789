import { cidrContains, type IpAddress } from '@margay/ip';
import { checkNames, known, readAddress } from './check-network.ts';
import { hostAddresses, isHostAddress } from './default-topology.ts';
import { MAX_NODES } from './defaults.ts';
import { isInterfaceName } from './names.ts';
import type { RawInterface, RawNode } from './read.ts';
import type { Cursor, YamlReader } from './reader.ts';
import type { NodeInterface, NodeSpec, Rack } from './types.ts';

/** Nodes with an address for every interface: those that were written first, then the free ones of the rack in order. */
export function checkNodes(
  reader: YamlReader,
  raw: readonly RawNode[],
  racks: readonly Rack[],
  at: Cursor,
): NodeSpec[] {
  if (raw.length === 0) reader.report(at, 'there are no nodes; list at least one, such as {name: node-1}');
  if (raw.length > MAX_NODES) reader.report(at, `there are ${raw.length} nodes; at most ${MAX_NODES} fit`);
  checkNames(
    reader,
    'node',
    raw.map(({ name }) => name),
  );
  for (const { name } of raw.filter((node) => node.name.text.length > 63)) {
    reader.report(name.at, `'${name.text}' is longer than a host name may be; use at most 63 characters`);
  }
  const used = new Map<IpAddress, string>();
  const nodes = raw.map((node) => {
    checkInterfaceNames(reader, node);
    return {
      node,
      places: node.interfaces.map((link, index) => readPlace(reader, { node, link, index, racks, used })),
    };
  });
  const free = new Map(racks.map((rack) => [rack.name, hostAddresses(rack)]));
  return nodes.flatMap(({ node, places }) => {
    const interfaces = places.flatMap((place) => assign(reader, place, free, used));
    const [first, ...rest] = interfaces;
    return first === undefined ? [] : [{ name: node.name.text, interfaces: [first, ...rest] }];
  });
}

interface Place {
  readonly name: string;
  readonly rack?: Rack;
  readonly address?: IpAddress;
  readonly at: Cursor;
}

function readPlace(
  reader: YamlReader,
  context: {
    readonly node: RawNode;
    readonly link: RawInterface;
    readonly index: number;
    readonly racks: readonly Rack[];
    readonly used: Map<IpAddress, string>;
  },
): Place {
  const { node, link, index, racks, used } = context;
  const name = link.name?.text ?? `eth${index}`;
  const address = link.address && readAddress(reader, link.address);
  const rack = chooseRack(reader, link, racks, address);
  if (link.address && address && rack) {
    const owner = used.get(address);
    if (!cidrContains(rack.cidr, address)) {
      reader.report(link.address.at, `${address} is outside of rack ${rack.name}, which has ${rack.cidr}`);
    } else if (address === rack.gateway) {
      reader.report(
        link.address.at,
        `${address} is the gateway of rack ${rack.name}; use another address of ${rack.cidr}`,
      );
    } else if (!isHostAddress(rack.cidr, address)) {
      reader.report(
        link.address.at,
        `${address} is the network's own or its broadcast address; use another address of ${rack.cidr}`,
      );
    } else if (owner !== undefined) {
      reader.report(link.address.at, `${address} is the address of node ${owner} already; give each node its own`);
    }
    used.set(address, node.name.text);
  }
  return { name, at: link.at, ...(rack && { rack }), ...(address && { address }) };
}

function chooseRack(
  reader: YamlReader,
  link: RawInterface,
  racks: readonly Rack[],
  address: IpAddress | undefined,
): Rack | undefined {
  if (link.rack !== undefined) {
    const named = racks.find(({ name }) => name === link.rack?.text);
    if (!named) {
      reader.report(
        link.rack.at,
        `there is no rack '${link.rack.text}'; ${known(
          'rack',
          racks.map(({ name }) => name),
        )}`,
      );
    }
    return named;
  }
  if (racks.length === 1) return racks[0];
  const holding = address && racks.find(({ cidr }) => cidrContains(cidr, address));
  if (holding) return holding;
  if (address && link.address) {
    const segments = racks.map(({ name, cidr }) => `${name} ${cidr}`).join(', ');
    reader.report(link.address.at, `${address} is outside of every rack (${segments})`);
  } else if (racks.length > 0) {
    reader.report(
      link.at,
      `has no 'rack'; ${known(
        'rack',
        racks.map(({ name }) => name),
      )}`,
    );
  }
  return undefined;
}

function assign(
  reader: YamlReader,
  place: Place,
  free: ReadonlyMap<string, Generator<IpAddress>>,
  used: Map<IpAddress, string>,
): NodeInterface[] {
  const { name, rack, at } = place;
  if (rack === undefined) return [];
  if (place.address !== undefined) return [{ name, rack: rack.name, address: place.address }];
  const candidates = free.get(rack.name);
  for (let next = candidates?.next(); next !== undefined && !next.done; next = candidates?.next()) {
    if (used.has(next.value)) continue;
    used.set(next.value, name);
    return [{ name, rack: rack.name, address: next.value }];
  }
  reader.report(at, `rack ${rack.name} (${rack.cidr}) has no free address left; use a larger segment`);
  return [];
}

function checkInterfaceNames(reader: YamlReader, node: RawNode): void {
  const seen = new Set<string>();
  for (const [index, link] of node.interfaces.entries()) {
    const name = link.name?.text ?? `eth${index}`;
    const at = link.name?.at ?? link.at;
    if (!isInterfaceName(name)) {
      reader.report(
        at,
        `'${name}' cannot be the name of an interface; use at most 15 letters and digits, such as eth0`,
      );
    } else if (/^(mgy|margay\.)/.test(name)) {
      reader.report(at, `'${name}' looks like one of Margay's own interfaces; use another name, such as eth0`);
    }
    if (seen.has(name)) reader.report(at, `node ${node.name.text} has two interfaces named '${name}'`);
    seen.add(name);
  }
}
