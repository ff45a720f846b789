import type { Change } from './change.ts';
import { type Database, openDatabase } from './database.ts';
import { type ApiObject, Entry } from './entry.ts';

export interface ObjectStoreOptions {
  readonly file: string;
  /** How many changes are kept for watches that resume; older ones are answered 410. */
  readonly historyLength: number;
}

interface ChangeRow {
  revision: number;
  collection: string;
  key: string;
  type: Change['type'];
  body: string;
  previous_revision: number | null;
  previous_body: string | null;
}

interface Collection {
  readonly entries: Map<string, Entry>;
  /** Keys in order; made anew when a key came or went. */
  sortedKeys: string[] | undefined;
}

/**
 * All objects, in memory and on disk, with one revision counter. A change is
 * on disk before any reader or listener sees it.
 */
export class ObjectStore {
  readonly #database: Database;
  readonly #historyLength: number;
  readonly #collections = new Map<string, Collection>();
  readonly #listeners: ((change: Change) => void)[] = [];
  #revision: number;
  #oldestRevision: number;

  constructor({ file, historyLength }: ObjectStoreOptions) {
    this.#database = openDatabase(file);
    this.#historyLength = historyLength;
    const bounds = this.#database.bounds.get() as Record<'oldest' | 'newest' | 'object', number | null>;
    this.#revision = Math.max(bounds.newest ?? 0, bounds.object ?? 0);
    this.#oldestRevision = bounds.oldest === null ? this.#revision : bounds.oldest - 1;
    for (const row of this.#database.allObjects.iterate()) {
      const { collection, key, revision, body } = row as {
        collection: string;
        key: string;
        revision: number;
        body: string;
      };
      this.#collection(collection).entries.set(key, Entry.fromJson(key, revision, body));
    }
  }

  /** The revision of the newest change. */
  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision that a watch may resume from. */
  get oldestRevision(): number {
    return this.#oldestRevision;
  }

  /** Called after each commit, in order. Listeners must not throw. */
  onChange(listener: (change: Change) => void): void {
    this.#listeners.push(listener);
  }

  get(collection: string, key: string): Entry | undefined {
    return this.#collections.get(collection)?.entries.get(key);
  }

  /** All entries of a collection, ordered by key. */
  list(collection: string): Entry[] {
    const { entries, ...rest } = this.#collection(collection);
    const keys = rest.sortedKeys ?? [...entries.keys()].sort();
    this.#collection(collection).sortedKeys = keys;
    return keys.map((key) => entries.get(key) as Entry);
  }

  /** As `list`, as it was at an earlier revision; the caller has checked that it is not too old. */
  listAt(collection: string, revision: number): Entry[] {
    if (revision >= this.#revision) return this.list(collection);
    const entries = new Map(this.#collection(collection).entries);
    for (const { entry, previous } of this.changesSince(collection, revision).reverse()) {
      if (previous === undefined) entries.delete(entry.key);
      else entries.set(entry.key, previous);
    }
    return [...entries.keys()].sort().map((key) => entries.get(key) as Entry);
  }

  /** Changes of a collection after `revision`, oldest first. */
  changesSince(collection: string, revision: number): Change[] {
    if (revision >= this.#revision) return [];
    const rows = this.#database.changesSince.all(collection, revision) as unknown as ChangeRow[];
    return rows.map((row) => ({
      type: row.type,
      revision: row.revision,
      collection,
      entry: Entry.fromJson(row.key, row.revision, row.body),
      previous:
        row.previous_body === null ? undefined : Entry.fromJson(row.key, row.previous_revision ?? 0, row.previous_body),
    }));
  }

  /** Stores an object that is new or replaces the one at the key. The object's `resourceVersion` is set. */
  put(collection: string, key: string, object: ApiObject): Entry {
    return this.#write(collection, key, object, 'put');
  }

  /** Removes an object; the returned entry has the revision of the removal. */
  remove(collection: string, key: string): Entry {
    const last = this.get(collection, key);
    if (last === undefined) throw new Error(`${collection} has no ${key} to remove`);
    return this.#write(collection, key, structuredClone(last.object), 'remove');
  }

  close(): void {
    this.#database.close();
  }

  #write(collection: string, key: string, object: ApiObject, action: 'put' | 'remove'): Entry {
    const state = this.#collection(collection);
    const previous = state.entries.get(key);
    const revision = this.#revision + 1;
    object.metadata.resourceVersion = String(revision);
    const entry = Entry.fromObject(key, revision, object);
    const type = action === 'remove' ? 'DELETED' : previous === undefined ? 'ADDED' : 'MODIFIED';
    const change: Change = { type, revision, collection, entry, previous };
    this.#commit(change, key);
    this.#revision = revision;
    if (type !== 'MODIFIED') state.sortedKeys = undefined;
    if (action === 'remove') state.entries.delete(key);
    else state.entries.set(key, entry);
    for (const listener of this.#listeners) listener(change);
    return entry;
  }

  #commit({ type, revision, collection, entry, previous }: Change, key: string): void {
    const database = this.#database;
    database.begin.run();
    try {
      if (type === 'DELETED') database.removeObject.run(collection, key);
      else database.putObject.run(collection, key, revision, entry.json);
      database.putChange.run(
        revision,
        collection,
        key,
        type,
        entry.json,
        previous?.revision ?? null,
        previous?.json ?? null,
      );
      // In steps of an eighth, so that the work is spread over many writes.
      const step = Math.max(1, Math.floor(this.#historyLength / 8));
      const floor = revision - this.#historyLength;
      if (floor > 0 && floor % step === 0) {
        database.trimChanges.run(floor);
        this.#oldestRevision = Math.max(this.#oldestRevision, floor);
      }
      database.commit.run();
    } catch (error) {
      database.rollback.run();
      throw error;
    }
  }

  #collection(name: string): Collection {
    let collection = this.#collections.get(name);
    if (collection === undefined) {
      collection = { entries: new Map(), sortedKeys: undefined };
      this.#collections.set(name, collection);
    }
    return collection;
  }
}
