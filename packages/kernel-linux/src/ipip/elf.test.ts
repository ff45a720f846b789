import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBpfObject } from './elf.ts';

const OBJECT = join(import.meta.dirname, '../../bpf/ipip.bpf.o');

describe('readBpfObject', () => {
  it('finds the programs, their maps and the places that load a map', () => {
    const { programs, maps, license, digest } = readBpfObject(OBJECT);
    expect(license).toBe('Apache-2.0');
    expect(digest).toMatch(/^[0-9a-f]{8}$/);
    expect(maps.map(({ name, keyBytes, valueBytes }) => ({ name, keyBytes, valueBytes }))).toEqual(
      expect.arrayContaining([
        { name: 'remotes', keyBytes: 8, valueBytes: 4 },
        { name: 'settings', keyBytes: 4, valueBytes: 20 },
        { name: 'counters', keyBytes: 4, valueBytes: 8 },
        { name: 'mtus', keyBytes: 4, valueBytes: 16 },
      ]),
    );
    expect([...programs.keys()].sort()).toEqual(['tc/rx', 'tc/tx']);
    for (const { instructions, mapLoads } of programs.values()) {
      // Programs are told apart from strangers by their maps: both use all of them.
      expect(new Set(mapLoads.map(({ map }) => map)).size).toBe(maps.length);
      // A map is loaded by an instruction of 16 bytes with operation code 0x18.
      for (const { offset } of mapLoads) expect(instructions[offset]).toBe(0x18);
    }
  });

  it('needs maps whose names fit into the kernel with our prefix', () => {
    for (const { name } of readBpfObject(OBJECT).maps) expect(`margay_${name}`.length).toBeLessThanOrEqual(15);
  });

  it('refuses what is no object', () => {
    const folder = mkdtempSync(join(tmpdir(), 'margay-elf-'));
    try {
      const path = join(folder, 'text');
      writeFileSync(path, 'not an object at all, but long enough to have a header');
      expect(() => readBpfObject(path)).toThrow('is not a 64-bit little-endian ELF file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
