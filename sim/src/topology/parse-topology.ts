import { checkPools, checkRacks, checkRouters } from './check-network.ts';
import { checkNodes } from './check-nodes.ts';
import { checkPods } from './check-pods.ts';
import { defaultPods, defaultPool, defaultRacks } from './default-topology.ts';
import { DEFAULT_MODE, DEFAULT_MTU_BYTES, DEFAULT_PODS_PER_NODE } from './defaults.ts';
import { readMode, readProfile } from './features.ts';
import { type RawNode, type RawRack, type RawTopology, readShape } from './read.ts';
import { type Cursor, YamlReader } from './reader.ts';
import type { Mode, Topology } from './types.ts';

export interface TopologyOverrides {
  /** Wins over the topology's own; pools that say nothing of encapsulation follow it. */
  readonly mode?: Mode;
  readonly podsPerNode?: number;
}

/**
 * Reads a topology. Pure; `file` is only for the messages.
 *
 * @throws {TopologyError} with every problem found, in the order of the text.
 */
export function parseTopology(text: string, file: string, overrides: TopologyOverrides = {}): Topology {
  const reader = new YamlReader(text, file);
  const raw = readShape(reader);
  const topology = raw && fill(reader, raw, overrides);
  reader.finish();
  if (topology === undefined) throw new Error('a topology without a shape must have been reported');
  return topology;
}

function fill(reader: YamlReader, raw: RawTopology, overrides: TopologyOverrides): Topology {
  const mode = overrides.mode ?? checkMode(reader, raw);
  const profile = raw.profile && readProfile(raw.profile.text);
  if (raw.profile && profile && 'refusal' in profile) reader.report(raw.profile.at, profile.refusal);

  const rawRacks = raw.racks ?? writeRacks(raw.nodes?.length ?? 0, raw.nodesAt);
  const racks = checkRacks(reader, rawRacks, raw.mtu);
  const rawNodes = raw.racks ? (raw.nodes ?? []) : spread(raw.nodes ?? [], rawRacks);
  const nodes = checkNodes(reader, rawNodes, racks, raw.nodesAt);
  const pools = raw.pools ? checkPools(reader, raw.pools, { mode, racks }) : [defaultPool(mode)];
  const pods = checkPods(reader, raw.pods ?? [], rawNodes);
  const podsPerNode = overrides.podsPerNode ?? raw.podsPerNode ?? (raw.pods ? 0 : DEFAULT_PODS_PER_NODE);
  const named = new Set(pods.map(({ namespace, name }) => `${namespace}/${name}`));
  const mtuBytes = raw.mtu ?? DEFAULT_MTU_BYTES;
  return {
    profile: 'bare-metal',
    mtuBytes,
    mode,
    racks,
    routers: checkRouters(reader, raw.routers ?? [], { racks: rawRacks, mtuBytes }),
    nodes,
    pools,
    pods: [...pods, ...defaultPods(nodes, podsPerNode).filter(({ name }) => !named.has(`default/${name}`))],
  };
}

function checkMode(reader: YamlReader, raw: RawTopology): Mode {
  const read = raw.mode && readMode(raw.mode.text);
  if (raw.mode && read && 'refusal' in read) reader.report(raw.mode.at, read.refusal);
  return read && 'mode' in read ? read.mode : DEFAULT_MODE;
}

/** The default racks, for a topology that names none. */
function writeRacks(nodes: number, at: Cursor): RawRack[] {
  return defaultRacks(nodes).map(({ name, cidr }) => ({ name: { text: name, at }, cidr: { text: cidr, at } }));
}

/** Nodes of the default racks that name none: the first half goes to the first rack. */
function spread(nodes: readonly RawNode[], racks: readonly RawRack[]): RawNode[] {
  const perRack = Math.ceil(nodes.length / racks.length);
  return nodes.map((node, index) => {
    const rack = racks[Math.floor(index / perRack)]?.name.text;
    const interfaces = node.interfaces.map((link) =>
      link.rack || link.address || rack === undefined ? link : { ...link, rack: { text: rack, at: link.at } },
    );
    return { ...node, interfaces };
  });
}
