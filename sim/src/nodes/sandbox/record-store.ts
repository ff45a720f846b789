import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, removeDurably, writeDurably } from '../durable-file.ts';
import type { SandboxRecord } from './record.ts';

/** The records, in memory and one file each. Every change is on disk on return. */
export class RecordStore {
  readonly #dir: string;
  readonly #records = new Map<string, SandboxRecord>();

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(dir)) {
      if (!file.endsWith('.json')) continue;
      const record = readJson(join(dir, file));
      if (isRecord(record)) this.#records.set(record.containerId, record);
    }
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
    writeDurably(this.#path(record.containerId), record);
    this.#records.set(record.containerId, record);
  }

  remove(containerId: string): void {
    removeDurably(this.#path(containerId));
    this.#records.delete(containerId);
  }

  #path(containerId: string): string {
    return join(this.#dir, `${containerId}.json`);
  }
}

function isRecord(value: unknown): value is SandboxRecord {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 1;
}
