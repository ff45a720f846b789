import { join } from 'node:path';
import { addressBytes, type Cidr, type IpAddress, ipv4Number, networkAddress, prefixLengthOf } from '@margay/ip';
import type { IpipRemote } from '@margay/routing-core';
import { closeFd } from '../libc/index.ts';
import { macBytes } from '../rtnetlink/index.ts';
import { BpfMap, loadProgram, programInfo } from './bpf.ts';
import { type BpfObject, readBpfObject } from './elf.ts';

/** What both programs are told once, as `struct settings` in bpf/ipip.bpf.c. */
export interface TunnelSettings {
  readonly tunnelIndex: number;
  readonly underlayIndex: number;
  readonly underlayAddress: IpAddress;
  /** Of the tunnel device. */
  readonly tunnelMac: string;
}

/** The compiled object; built by scripts/build-native.ts. */
const OBJECT_PATH = join(import.meta.dirname, '../../bpf/ipip.bpf.o');
const SECTION = { egress: 'tc/tx', ingress: 'tc/rx' } as const;
const FIRST = Buffer.alloc(4);

/** In the order of `enum counter` in bpf/ipip.bpf.c. */
const COUNTERS = ['noRemote', 'unknownSource', 'spoofedSource', 'fragment', 'malformed', 'errorRelayed'] as const;

/** Packets since the programs were loaded: all but `errorRelayed` were dropped. */
export type TunnelCounters = Readonly<Record<(typeof COUNTERS)[number], number>>;

let object: BpfObject | undefined;

function readObject(): BpfObject {
  object ??= readBpfObject(OBJECT_PATH);
  return object;
}

/**
 * The name that our program has in the kernel. It says which build it is, so
 * that an agent recognises the programs of another release without loading
 * its own first.
 */
function programName(direction: keyof typeof SECTION): string {
  return `mgy_${direction === 'egress' ? 'tx' : 'rx'}_${readObject().digest}`;
}

/** The maps that two programs share, open. */
export class TunnelMaps {
  readonly #maps: ReadonlyMap<string, BpfMap>;

  private constructor(maps: ReadonlyMap<string, BpfMap>) {
    this.#maps = maps;
  }

  /** @throws {KernelError} `NOT_PERMITTED` */
  static create(settings: TunnelSettings): TunnelMaps {
    const maps = new Map<string, BpfMap>();
    const created = new TunnelMaps(maps);
    try {
      for (const definition of readObject().maps) {
        maps.set(definition.name, BpfMap.create(definition, `margay_${definition.name}`));
      }
      created.#map('settings').set(FIRST, encodeSettings(settings));
      return created;
    } catch (error) {
      created.close();
      throw error;
    }
  }

  /** The maps of an attached program; undefined when it is of another build, or gone. */
  static ofProgram(programId: number, direction: keyof typeof SECTION): { maps: TunnelMaps; key: string } | undefined {
    const info = programInfo(programId);
    if (info?.name !== programName(direction)) return undefined;
    const maps = new Map<string, BpfMap>();
    const opened = new TunnelMaps(maps);
    try {
      for (const id of info.mapIds) {
        const map = BpfMap.openById(id);
        maps.set(map.name.replace(/^margay_/, ''), map);
      }
    } catch (error) {
      opened.close();
      throw error;
    }
    return { maps: opened, key: info.mapIds.toSorted((a, b) => a - b).join() };
  }

  /** Loads a program on these maps; the caller closes the file descriptor. @throws {KernelError} */
  load(direction: keyof typeof SECTION): number {
    const { programs, license } = readObject();
    const code = programs.get(SECTION[direction]);
    if (!code) throw new Error(`${OBJECT_PATH} has no program ${SECTION[direction]}`);
    return loadProgram(code, { name: programName(direction), license, maps: this.#maps });
  }

  hasSettings(settings: TunnelSettings): boolean {
    return this.#map('settings').get(FIRST).equals(encodeSettings(settings));
  }

  get tunnelIndex(): number {
    return this.#map('settings').get(FIRST).readUInt32LE(0);
  }

  /** Writes what differs, additions and moves before removals. True when anything did. */
  setRemotes(remotes: readonly IpipRemote[]): boolean {
    const map = this.#map('remotes');
    const wanted = new Map(remotes.map(({ network, node }) => [keyNumber(encodeNetwork(network)), { network, node }]));
    const known = new Map(
      map.entries().map(({ key, value }) => [keyNumber(key), { key, node: value.readUInt32BE(0) }]),
    );
    let changed = false;
    for (const [number, { network, node }] of wanted) {
      if (known.get(number)?.node === ipv4Number(node)) continue;
      map.set(encodeNetwork(network), addressBytes(node));
      changed = true;
    }
    for (const [number, { key }] of known) {
      if (wanted.has(number)) continue;
      map.delete(key);
      changed = true;
    }
    return changed;
  }

  counters(possibleProcessors: number): TunnelCounters {
    const entries = COUNTERS.map((name, index) => {
      const key = Buffer.alloc(4);
      key.writeUInt32LE(index);
      const values = this.#map('counters').get(key, 8 * possibleProcessors);
      let sum = 0;
      for (let at = 0; at < values.length; at += 8) sum += Number(values.readBigUInt64LE(at));
      return [name, sum] as const;
    });
    return Object.fromEntries(entries) as TunnelCounters;
  }

  close(): void {
    for (const map of this.#maps.values()) map.close();
  }

  #map(name: string): BpfMap {
    const map = this.#maps.get(name);
    if (!map) throw new Error(`the tunnel's program has no map ${name}`);
    return map;
  }
}

/** Loads both programs once and lets them go: whether this kernel takes them. @throws {KernelError} */
export function tryPrograms(): void {
  const nowhere = { tunnelIndex: 0, underlayIndex: 0, tunnelMac: '00:00:00:00:00:00' };
  const maps = TunnelMaps.create({ ...nowhere, underlayAddress: '0.0.0.0' as IpAddress });
  try {
    closeFd(maps.load('egress'));
    closeFd(maps.load('ingress'));
  } finally {
    maps.close();
  }
}

function encodeSettings({ tunnelIndex, underlayIndex, underlayAddress, tunnelMac }: TunnelSettings): Buffer {
  const bytes = Buffer.alloc(20);
  bytes.writeUInt32LE(tunnelIndex, 0);
  bytes.writeUInt32LE(underlayIndex, 4);
  bytes.set(addressBytes(underlayAddress), 8);
  bytes.set(macBytes(tunnelMac), 12);
  return bytes;
}

function encodeNetwork(network: Cidr): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(prefixLengthOf(network), 0);
  bytes.writeUInt32BE(ipv4Number(networkAddress(network)), 4);
  return bytes;
}

/** One number for the 8 bytes of a key: the prefix length, then the network. Below 2^38. */
function keyNumber(key: Buffer): number {
  return key.readUInt32LE(0) * 2 ** 32 + key.readUInt32BE(4);
}
