import { closeFd, ERRNO, kernelError, libc } from '../libc/index.ts';
import { textOf } from '../netlink/index.ts';
import type { MapDefinition, ProgramCode } from './elf.ts';

/** Commands of bpf(2), and layouts of union bpf_attr. Source: linux/bpf.h. */
const COMMAND = {
  mapCreate: 0,
  mapLookup: 1,
  mapUpdate: 2,
  mapDelete: 3,
  programLoad: 5,
  programById: 13,
  mapById: 14,
  info: 15,
  mapLookupBatch: 24,
} as const;

const PROGRAM_TYPE_SCHED_CLS = 3;
const BPF_PSEUDO_MAP_FD = 1;
const LOG_BYTES = 64 * 1024;
const MAX_MAPS = 16;
const LOAD_ATTEMPTS = 20;
const BATCH_ELEMENTS = 4096;

/** An open eBPF map. */
export class BpfMap {
  readonly fd: number;
  readonly name: string;
  readonly keyBytes: number;
  readonly valueBytes: number;

  constructor({ fd, name, keyBytes, valueBytes }: Pick<BpfMap, 'fd' | 'name' | 'keyBytes' | 'valueBytes'>) {
    this.fd = fd;
    this.name = name;
    this.keyBytes = keyBytes;
    this.valueBytes = valueBytes;
  }

  /** @throws {KernelError} `NOT_PERMITTED` */
  static create(definition: MapDefinition, name: string): BpfMap {
    const attributes = Buffer.alloc(48);
    const { type, keyBytes, valueBytes, maxEntries, flags } = definition;
    for (const [index, value] of [type, keyBytes, valueBytes, maxEntries, flags].entries()) {
      attributes.writeUInt32LE(value, 4 * index);
    }
    attributes.write(name, 28, 15, 'latin1');
    const fd = call(COMMAND.mapCreate, attributes, `create the eBPF map ${name}`);
    return new BpfMap({ fd, name, keyBytes, valueBytes });
  }

  /** @throws {KernelError} `MISSING` */
  static openById(id: number): BpfMap {
    const fd = openById(COMMAND.mapById, id, `open the eBPF map ${id}`);
    const info = readInfo(fd, Buffer.alloc(80), `read about the eBPF map ${id}`);
    const name = textOf(info.subarray(24, 40));
    return new BpfMap({ fd, name, keyBytes: info.readUInt32LE(8), valueBytes: info.readUInt32LE(12) });
  }

  set(key: Uint8Array, value: Uint8Array): void {
    call(COMMAND.mapUpdate, element(this.fd, key, value), `write to the eBPF map ${this.name}`, [key, value]);
  }

  /** `valueBytes` times the number of possible processors for a map that has a value for each. */
  get(key: Uint8Array, valueBytes = this.valueBytes): Buffer {
    const value = Buffer.alloc(valueBytes);
    call(COMMAND.mapLookup, element(this.fd, key, value), `read the eBPF map ${this.name}`, [key, value]);
    return value;
  }

  /** No error when there is none. */
  delete(key: Uint8Array): void {
    call(COMMAND.mapDelete, element(this.fd, key), `delete from the eBPF map ${this.name}`, [key], ERRNO.ENOENT);
  }

  /** All elements, some thousand a call. Only for maps that nobody else writes to meanwhile. */
  entries(): { readonly key: Buffer; readonly value: Buffer }[] {
    const found: { key: Buffer; value: Buffer }[] = [];
    const position = Buffer.alloc(this.keyBytes);
    for (let first = true; ; first = false) {
      const keys = Buffer.alloc(this.keyBytes * BATCH_ELEMENTS);
      const values = Buffer.alloc(this.valueBytes * BATCH_ELEMENTS);
      const attributes = Buffer.alloc(56);
      const pointers = [first ? 0n : libc().addressOf(position), ...[position, keys, values].map(libc().addressOf)];
      for (const [index, pointer] of pointers.entries()) attributes.writeBigUInt64LE(pointer, 8 * index);
      attributes.writeUInt32LE(BATCH_ELEMENTS, 32);
      attributes.writeUInt32LE(this.fd, 36);
      const operation = `list the eBPF map ${this.name}`;
      const last = call(COMMAND.mapLookupBatch, attributes, operation, [position, keys, values], ERRNO.ENOENT) < 0;
      for (let index = 0; index < attributes.readUInt32LE(32); index++) {
        const key = keys.subarray(index * this.keyBytes, (index + 1) * this.keyBytes);
        found.push({ key, value: values.subarray(index * this.valueBytes, (index + 1) * this.valueBytes) });
      }
      if (last) return found;
    }
  }

  close(): void {
    closeFd(this.fd);
  }
}

/**
 * Loads a tc program whose maps exist; the caller closes the file descriptor.
 *
 * @throws {KernelError} `NOT_PERMITTED`; `REJECTED`: the verifier's last line is in the message.
 */
export function loadProgram(
  code: ProgramCode,
  {
    name,
    license,
    maps,
  }: { readonly name: string; readonly license: string; readonly maps: ReadonlyMap<string, BpfMap> },
): number {
  const instructions = Buffer.from(code.instructions);
  for (const { offset, map } of code.mapLoads) {
    const fd = maps.get(map)?.fd;
    if (fd === undefined) throw new Error(`the program ${name} needs the map ${map}`);
    // The source register of a 64-bit load says that the immediate is a map.
    instructions.writeUInt8((instructions.readUInt8(offset + 1) & 0x0f) | (BPF_PSEUDO_MAP_FD << 4), offset + 1);
    instructions.writeInt32LE(fd, offset + 4);
  }
  const licenseText = Buffer.from(`${license}\0`);
  const attributes = Buffer.alloc(64);
  attributes.writeUInt32LE(PROGRAM_TYPE_SCHED_CLS, 0);
  attributes.writeUInt32LE(instructions.length / 8, 4);
  attributes.writeBigUInt64LE(libc().addressOf(instructions), 8);
  attributes.writeBigUInt64LE(libc().addressOf(licenseText), 16);
  attributes.write(name, 48, 15, 'latin1');
  const alive = [instructions, licenseText];
  let fd = bpf(COMMAND.programLoad, attributes, alive);
  // The verifier gives up when a signal comes for the thread (SIGCHLD, say).
  for (let attempt = 1; fd < 0 && libc().errno() === ERRNO.EAGAIN && attempt < LOAD_ATTEMPTS; attempt++) {
    fd = bpf(COMMAND.programLoad, attributes, alive);
  }
  if (fd >= 0) return fd;
  const errno = libc().errno();
  // Asked for only after a failure: writing the log costs more than loading.
  const log = Buffer.alloc(LOG_BYTES);
  attributes.writeUInt32LE(1, 24);
  attributes.writeUInt32LE(log.length, 28);
  attributes.writeBigUInt64LE(libc().addressOf(log), 32);
  const second = bpf(COMMAND.programLoad, attributes, [...alive, log]);
  if (second >= 0) return second;
  const lines = textOf(log).trim().split('\n');
  const reason = lines.findLast((line) => line !== '' && !line.startsWith('processed '));
  throw kernelError(errno, `load the eBPF program ${name}`, reason);
}

export interface ProgramInfo {
  readonly name: string;
  readonly mapIds: readonly number[];
}

/** Undefined when no program has that id any more. */
export function programInfo(id: number): ProgramInfo | undefined {
  const operation = `read about the eBPF program ${id}`;
  const fd = openById(COMMAND.programById, id, operation, ERRNO.ENOENT);
  if (fd < 0) return undefined;
  try {
    const mapIds = Buffer.alloc(4 * MAX_MAPS);
    const info = Buffer.alloc(80);
    info.writeUInt32LE(MAX_MAPS, 52);
    info.writeBigUInt64LE(libc().addressOf(mapIds), 56);
    readInfo(fd, info, operation, [mapIds]);
    const count = Math.min(info.readUInt32LE(52), MAX_MAPS);
    return {
      name: textOf(info.subarray(64, 80)),
      mapIds: Array.from({ length: count }, (_, index) => mapIds.readUInt32LE(4 * index)),
    };
  } finally {
    closeFd(fd);
  }
}

function readInfo(fd: number, info: Buffer, operation: string, alive: readonly Uint8Array[] = []): Buffer {
  const attributes = Buffer.alloc(16);
  attributes.writeUInt32LE(fd, 0);
  attributes.writeUInt32LE(info.length, 4);
  attributes.writeBigUInt64LE(libc().addressOf(info), 8);
  call(COMMAND.info, attributes, operation, [info, ...alive]);
  return info;
}

function openById(command: number, id: number, operation: string, tolerated?: number): number {
  const attributes = Buffer.alloc(12);
  attributes.writeUInt32LE(id, 0);
  return call(command, attributes, operation, [], tolerated);
}

function element(fd: number, key?: Uint8Array, value?: Uint8Array): Buffer {
  const attributes = Buffer.alloc(32);
  attributes.writeUInt32LE(fd, 0);
  if (key) attributes.writeBigUInt64LE(libc().addressOf(key), 8);
  if (value) attributes.writeBigUInt64LE(libc().addressOf(value), 16);
  return attributes;
}

/** `alive` is what the attributes point at. Negative only for the tolerated error. */
function call(
  command: number,
  attributes: Buffer,
  operation: string,
  alive: readonly Uint8Array[] = [],
  tolerated?: number,
): number {
  const result = bpf(command, attributes, alive);
  if (result >= 0) return result;
  const errno = libc().errno();
  if (errno === tolerated) return -1;
  throw kernelError(errno, operation);
}

/** Buffers that the kernel reads or writes right now: nothing else may refer to them any more. */
const pinned = new Set<readonly Uint8Array[]>();

function bpf(command: number, attributes: Buffer, alive: readonly Uint8Array[]): number {
  pinned.add(alive);
  try {
    return libc().bpf(command, attributes, attributes.length);
  } finally {
    pinned.delete(alive);
  }
}
