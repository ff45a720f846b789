import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { textOf } from '../netlink/index.ts';

/** A map that a program refers to; the numbers are the kernel's. */
export interface MapDefinition {
  readonly name: string;
  readonly type: number;
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly maxEntries: number;
  readonly flags: number;
}

export interface ProgramCode {
  readonly instructions: Buffer;
  /** Byte offsets of the instructions that load a map, and which map. */
  readonly mapLoads: readonly { readonly offset: number; readonly map: string }[];
}

export interface BpfObject {
  /** The first 8 hexadecimal digits of the file's SHA-256: which build this is. */
  readonly digest: string;
  readonly license: string;
  readonly maps: readonly MapDefinition[];
  /** By section name. */
  readonly programs: ReadonlyMap<string, ProgramCode>;
}

interface Section {
  readonly name: string;
  readonly type: number;
  readonly bytes: Buffer;
  /** Of relocations: the section that they are for. */
  readonly target: number;
}

interface ElfSymbol {
  readonly name: string;
  readonly section: number;
  readonly value: number;
}

const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHT_REL = 9;
const SECTION_HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;
const RELOCATION_BYTES = 16;
const MAP_DEFINITION_BYTES = 20;

/**
 * Reads what `bpf/ipip.bpf.c` compiles to: programs in sections `tc/…`, map
 * definitions in `maps`, relocations of map references only. Ours is the only
 * object there is, so this is no general loader.
 *
 * @throws {Error} the file is damaged, or refers to something else than a map.
 */
export function readBpfObject(path: string): BpfObject {
  const file = readFileSync(path);
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) {
    throw new Error(`${path} is not a 64-bit little-endian ELF file`);
  }
  const sections = readSections(file);
  const symbols = readSymbols(sections);
  const mapsIndex = sections.findIndex(({ name }) => name === 'maps');
  const maps = symbols.filter(({ section }) => section === mapsIndex).map((symbol) => readMap(sections, symbol));
  const programs = new Map<string, ProgramCode>();
  for (const [index, { name, bytes }] of sections.entries()) {
    if (!name.startsWith('tc/')) continue;
    const relocations = sections.filter(({ type, target }) => type === SHT_REL && target === index);
    const mapLoads = relocations.flatMap((section) => readMapLoads(section.bytes, symbols, mapsIndex));
    programs.set(name, { instructions: bytes, mapLoads });
  }
  return {
    digest: createHash('sha256').update(file).digest('hex').slice(0, 8),
    license: textOf(sections.find(({ name }) => name === 'license')?.bytes ?? Buffer.alloc(0)),
    maps,
    programs,
  };
}

function readSections(file: Buffer): Section[] {
  const start = Number(file.readBigUInt64LE(40));
  const count = file.readUInt16LE(60);
  const headers = Array.from({ length: count }, (_, index) => {
    const at = start + index * SECTION_HEADER_BYTES;
    const type = file.readUInt32LE(at + 4);
    const offset = Number(file.readBigUInt64LE(at + 24));
    const size = type === SHT_NOBITS ? 0 : Number(file.readBigUInt64LE(at + 32));
    const bytes = file.subarray(offset, offset + size);
    return { nameOffset: file.readUInt32LE(at), type, bytes, target: file.readUInt32LE(at + 44) };
  });
  const names = headers[file.readUInt16LE(62)]?.bytes ?? Buffer.alloc(0);
  return headers.map(({ nameOffset, ...rest }) => ({ name: textOf(names.subarray(nameOffset)), ...rest }));
}

function readSymbols(sections: readonly Section[]): ElfSymbol[] {
  const table = sections.find(({ type }) => type === SHT_SYMTAB)?.bytes ?? Buffer.alloc(0);
  const names = sections.find(({ name }) => name === '.strtab')?.bytes ?? Buffer.alloc(0);
  return Array.from({ length: table.length / SYMBOL_BYTES }, (_, index) => {
    const at = index * SYMBOL_BYTES;
    return {
      name: textOf(names.subarray(table.readUInt32LE(at))),
      section: table.readUInt16LE(at + 6),
      value: Number(table.readBigUInt64LE(at + 8)),
    };
  });
}

function readMap(sections: readonly Section[], { name, section, value }: ElfSymbol): MapDefinition {
  const bytes = sections[section]?.bytes.subarray(value, value + MAP_DEFINITION_BYTES);
  if (bytes?.length !== MAP_DEFINITION_BYTES) throw new Error(`the definition of map ${name} is cut off`);
  const at = (index: number): number => bytes.readUInt32LE(4 * index);
  return { name, type: at(0), keyBytes: at(1), valueBytes: at(2), maxEntries: at(3), flags: at(4) };
}

function readMapLoads(relocations: Buffer, symbols: readonly ElfSymbol[], mapsIndex: number): ProgramCode['mapLoads'] {
  return Array.from({ length: relocations.length / RELOCATION_BYTES }, (_, index) => {
    const at = index * RELOCATION_BYTES;
    const symbol = symbols[relocations.readUInt32LE(at + 12)];
    if (symbol?.section !== mapsIndex) throw new Error(`the program refers to ${symbol?.name}, which is no map`);
    return { offset: Number(relocations.readBigUInt64LE(at)), map: symbol.name };
  });
}
