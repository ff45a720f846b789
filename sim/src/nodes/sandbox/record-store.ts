import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { removeDurablySync, writeDurablySync } from '@margay/runtime';
import { messageOf } from '../error.ts';
import type { SandboxRecord } from './record.ts';

/** A record's file: the pod's UID, a point, and the container's id, so that the name alone tells whose it is. */
const FILE_NAME = /^(?<uid>[^.]+)\.(?<containerId>[^.]+)\.json$/;

/**
 * The records, in memory and one file each. Every change is on disk on return.
 *
 * A file that cannot be read is a sandbox all the same: it is listed as a
 * record that has only what its name tells, and says what is wrong with it.
 */
export class RecordStore {
  readonly #dir: string;
  readonly #netnsDir: string;
  readonly #records = new Map<string, SandboxRecord>();
  /** Files of which not even the name can be read, and why. They are left alone. */
  readonly strangers: readonly string[];

  /** @param netnsDir where the named namespaces are mounted. */
  constructor({ dir, netnsDir }: { readonly dir: string; readonly netnsDir: string }) {
    this.#dir = dir;
    this.#netnsDir = netnsDir;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const strangers: string[] = [];
    // What a crash left of a write has another ending.
    for (const file of readdirSync(dir).filter((name) => name.endsWith('.json'))) {
      const record = this.#read(join(dir, file));
      if (typeof record === 'string') strangers.push(record);
      else this.#records.set(record.containerId, record);
    }
    this.strangers = strangers;
  }

  list(): SandboxRecord[] {
    return [...this.#records.values()];
  }

  ofPod(uid: string): SandboxRecord[] {
    return this.list().filter((record) => record.uid === uid);
  }

  get(containerId: string): SandboxRecord | undefined {
    return this.#records.get(containerId);
  }

  put(record: SandboxRecord): void {
    writeDurablySync(this.#path(record), JSON.stringify(record));
    this.#records.set(record.containerId, record);
  }

  remove(containerId: string): void {
    const record = this.#records.get(containerId);
    if (record === undefined) return;
    removeDurablySync(this.#path(record));
    this.#records.delete(containerId);
  }

  #path({ uid, containerId }: SandboxRecord): string {
    return join(this.#dir, `${uid}.${containerId}.json`);
  }

  /** The record, or why the file is none and cannot be taken for one. */
  #read(path: string): SandboxRecord | string {
    const { uid, containerId } = FILE_NAME.exec(basename(path))?.groups ?? {};
    if (uid === undefined || containerId === undefined) return `${path}: its name is not that of a sandbox record`;
    let reason = 'it is no sandbox record';
    try {
      const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
      if (isRecord(value, { uid, containerId })) return value;
    } catch (error) {
      reason = messageOf(error);
    }
    const netnsPath = namespacePathOf(this.#netnsDir, containerId);
    const damage = `${path}: ${reason}`;
    // What is not known is left empty; `removing`, since it can serve for nothing else.
    const rest = { namespace: '', pod: '', addresses: [], processes: [] };
    return { version: 1, ...rest, uid, containerId, netnsPath, state: 'removing', damage };
  }
}

/** The name of a container's network namespace follows from its id. */
export function namespacePathOf(netnsDir: string, containerId: string): string {
  return join(netnsDir, `cni-${containerId.slice(0, 32)}`);
}

function isRecord(
  value: unknown,
  name: { readonly uid: string; readonly containerId: string },
): value is SandboxRecord {
  const record = (value ?? {}) as Partial<SandboxRecord>;
  return (
    record.version === 1 &&
    record.uid === name.uid &&
    record.containerId === name.containerId &&
    ['adding', 'ready', 'removing'].includes(record.state ?? '') &&
    typeof record.netnsPath === 'string' &&
    Array.isArray(record.addresses) &&
    Array.isArray(record.processes)
  );
}
