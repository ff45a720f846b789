import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IpAddress } from '@margay/ip';
import { DurableFile } from '@margay/runtime';
import { Change } from '../state/change.ts';
import type { SavedFile } from '../state/saved-file.ts';
import { type EndpointRecord, parseRecord } from './endpoint-record.ts';

/** In the state directory. */
export const ENDPOINTS_FILE = 'endpoints.json';

/**
 * The pods of this node, in memory and in `endpoints.json`. A container has
 * one record, and a device too: a pod's new container takes the place of the
 * old one.
 */
export class EndpointStore {
  readonly changed = new Change();
  readonly #byContainer = new Map<string, EndpointRecord>();
  readonly #file: DurableFile;
  /** Also without pods: a state directory that has it is one that an agent has seen. */
  readonly saved: SavedFile;

  private constructor(path: string, records: readonly EndpointRecord[]) {
    for (const record of records) this.#insert(record);
    const content = (): string => `${JSON.stringify({ version: 1, endpoints: this.all() }, undefined, 1)}\n`;
    this.#file = new DurableFile({ path, content });
    this.saved = { name: ENDPOINTS_FILE, isDue: () => true, content, save: () => this.flush() };
  }

  /** @throws {Error} the file is there but unreadable: without it every pod would lose its policy. */
  static async load(stateDir: string): Promise<EndpointStore> {
    const path = join(stateDir, ENDPOINTS_FILE);
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new EndpointStore(path, []);
      throw error;
    }
    try {
      const { endpoints } = JSON.parse(text) as { endpoints: unknown[] };
      return new EndpointStore(path, endpoints.map(parseRecord));
    } catch (cause) {
      throw new Error(`${path} is damaged; move it away only if this node has no pods`, { cause });
    }
  }

  get size(): number {
    return this.#byContainer.size;
  }

  all(): EndpointRecord[] {
    return [...this.#byContainer.values()];
  }

  get(containerId: string): EndpointRecord | undefined {
    return this.#byContainer.get(containerId);
  }

  byDevice(device: string): EndpointRecord | undefined {
    return this.all().find((record) => record.device === device);
  }

  byAddress(address: IpAddress): EndpointRecord | undefined {
    return this.all().find((record) => record.address === address);
  }

  /** In force at once; `flush` makes it durable. */
  put(record: EndpointRecord): void {
    this.#insert(record);
    this.changed.notify();
  }

  remove(containerId: string): void {
    if (this.#byContainer.delete(containerId)) this.changed.notify();
  }

  /** Resolves once the records of this moment are on the disk. */
  flush(): Promise<void> {
    return this.#file.save();
  }

  #insert(record: EndpointRecord): void {
    const old = this.byDevice(record.device);
    if (old) this.#byContainer.delete(old.containerId);
    this.#byContainer.set(record.containerId, record);
  }
}
