import type { Cidr, IpAddress } from '@margay/ip';
import {
  type EndpointEntry,
  entryKey,
  type FeedEntry,
  type NodeEntry,
  type PolicyEntry,
  type PoolEntry,
  type RouteEntry,
  type SetEntry,
} from './entry.ts';
import { FeedError } from './error.ts';

/** Part of a step, as the feed's protocol carries it. */
export interface FeedBatch {
  readonly epoch: string;
  readonly revision: bigint;
  readonly snapshotStart: boolean;
  readonly complete: boolean;
  readonly upserts: readonly FeedEntry[];
  readonly removes: readonly string[];
}

/** Where a replica stands, to resume from. */
export interface FeedPosition {
  readonly epoch: string;
  readonly revision: bigint;
}

export interface ReplicaSet {
  readonly type: SetEntry['type'];
  readonly members: ReadonlySet<IpAddress | Cidr>;
}

/** The saved form; plain JSON. */
export interface ReplicaData {
  readonly version: 1;
  readonly epoch: string;
  readonly revision: string;
  readonly entries: readonly FeedEntry[];
}

/**
 * A node's own copy of its part of the feed. Steps become visible whole, when
 * their last batch has come; a stream that breaks off in the middle of one
 * changes nothing.
 */
export class Replica {
  readonly nodes: ReadonlyMap<string, NodeEntry>;
  readonly pools: ReadonlyMap<string, PoolEntry>;
  readonly routes: ReadonlyMap<string, RouteEntry>;
  readonly policies: ReadonlyMap<string, PolicyEntry>;
  readonly sets: ReadonlyMap<string, ReplicaSet>;
  /** By `<namespace>/<pod>`. */
  readonly endpoints: ReadonlyMap<string, EndpointEntry>;
  readonly #byKind = {
    node: new Map<string, NodeEntry>(),
    pool: new Map<string, PoolEntry>(),
    route: new Map<string, RouteEntry>(),
    policy: new Map<string, PolicyEntry>(),
    endpoint: new Map<string, EndpointEntry>(),
  };
  readonly #sets = new Map<string, { type: SetEntry['type']; members: Set<IpAddress | Cidr>; declared: boolean }>();
  readonly #keys = new Set<string>();
  #position: FeedPosition | undefined;
  #pending: PendingStep | undefined;

  constructor() {
    this.nodes = this.#byKind.node;
    this.pools = this.#byKind.pool;
    this.routes = this.#byKind.route;
    this.policies = this.#byKind.policy;
    this.endpoints = this.#byKind.endpoint;
    this.sets = this.#sets;
  }

  /** True once a whole snapshot has come, now or before it was saved. */
  get inSync(): boolean {
    return this.#position !== undefined;
  }

  get position(): FeedPosition | undefined {
    return this.#position;
  }

  /** Call when a stream begins: what the last one left unfinished is dropped. */
  begin(): void {
    this.#pending = undefined;
  }

  /**
   * Takes one batch in; true when it completed a step, which is now visible.
   *
   * @throws {FeedError} `OUT_OF_STEP`: a delta without the snapshot before it.
   */
  receive(batch: FeedBatch): boolean {
    if (batch.snapshotStart) this.#pending = new PendingStep(true);
    this.#pending ??= new PendingStep(false);
    const step = this.#pending;
    if (!step.snapshot && batch.epoch !== this.#position?.epoch) {
      this.#pending = undefined;
      throw new FeedError('OUT_OF_STEP', `a change of epoch ${batch.epoch} came without its snapshot`);
    }
    step.add(batch);
    if (!batch.complete) return false;
    this.#pending = undefined;
    this.#apply(step);
    this.#position = { epoch: batch.epoch, revision: batch.revision };
    return true;
  }

  *entries(): Generator<FeedEntry> {
    for (const map of Object.values(this.#byKind)) yield* map.values();
    for (const [id, { type, members, declared }] of this.#sets) {
      if (declared) yield { kind: 'set', id, type };
      for (const member of members) yield { kind: 'member', set: id, member };
    }
  }

  toJSON(): ReplicaData | undefined {
    if (!this.#position) return undefined;
    const { epoch, revision } = this.#position;
    return { version: 1, epoch, revision: revision.toString(), entries: [...this.entries()] };
  }

  static fromJSON(data: ReplicaData): Replica {
    const replica = new Replica();
    replica.receive({
      epoch: data.epoch,
      revision: BigInt(data.revision),
      snapshotStart: true,
      complete: true,
      upserts: data.entries,
      removes: [],
    });
    return replica;
  }

  #apply(step: PendingStep): void {
    if (step.snapshot) for (const key of this.#keys) if (!step.upserts.has(key)) this.#remove(key);
    for (const [key, entry] of step.upserts) this.#upsert(key, entry);
    for (const key of step.removes) this.#remove(key);
  }

  #upsert(key: string, entry: FeedEntry): void {
    this.#keys.add(key);
    switch (entry.kind) {
      case 'set': {
        const set = this.#set(entry.id);
        set.type = entry.type;
        set.declared = true;
        return;
      }
      case 'member':
        this.#set(entry.set).members.add(entry.member);
        return;
      default:
        (this.#byKind[entry.kind] as Map<string, FeedEntry>).set(key.slice(entry.kind.length + 1), entry);
    }
  }

  #remove(key: string): void {
    if (!this.#keys.delete(key)) return;
    const kind = key.slice(0, key.indexOf('/'));
    const identity = key.slice(kind.length + 1);
    if (kind === 'set') {
      const set = this.#set(identity);
      set.declared = false;
      this.#dropIfUnused(identity, set);
    } else if (kind === 'member') {
      const { id, member } = splitMember(identity);
      const set = this.#set(id);
      set.members.delete(member);
      this.#dropIfUnused(id, set);
    } else {
      (this.#byKind as Record<string, Map<string, FeedEntry>>)[kind]?.delete(identity);
    }
  }

  #set(id: string): { type: SetEntry['type']; members: Set<IpAddress | Cidr>; declared: boolean } {
    let set = this.#sets.get(id);
    if (!set) {
      set = { type: 'addresses', members: new Set(), declared: false };
      this.#sets.set(id, set);
    }
    return set;
  }

  #dropIfUnused(id: string, set: { members: ReadonlySet<unknown>; declared: boolean }): void {
    if (!set.declared && set.members.size === 0) this.#sets.delete(id);
  }
}

/** What a step brings in all: a later batch of it overrides an earlier one. */
class PendingStep {
  readonly snapshot: boolean;
  readonly upserts = new Map<string, FeedEntry>();
  readonly removes = new Set<string>();

  constructor(snapshot: boolean) {
    this.snapshot = snapshot;
  }

  add({ upserts, removes }: FeedBatch): void {
    for (const entry of upserts) {
      const key = entryKey(entry);
      this.removes.delete(key);
      this.upserts.set(key, entry);
    }
    for (const key of removes) {
      this.upserts.delete(key);
      this.removes.add(key);
    }
  }
}

/** A member key is `<set id>/<member>`; a CIDR member has a slash of its own, a set id has none. */
function splitMember(identity: string): { id: string; member: IpAddress | Cidr } {
  const slash = identity.indexOf('/');
  return { id: identity.slice(0, slash), member: identity.slice(slash + 1) as IpAddress | Cidr };
}
