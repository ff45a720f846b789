import { entryKey, type FeedChanges, type FeedEntry, type Scope, type ScopedEntry, type SpanChange } from './entry.ts';
import { sameEntry } from './equal.ts';
import { Spans } from './spans.ts';

/** What a node lacks. Keys in `removes` may be unknown to it: that is no error. */
export interface NodeDelta {
  readonly revision: bigint;
  readonly upserts: readonly FeedEntry[];
  readonly removes: readonly string[];
}

/** One change of the log: keys touched within a scope, or nodes that joined or left one. */
type LogRecord =
  | { readonly revision: bigint; readonly scope: Scope; readonly key: string }
  | { readonly revision: bigint; readonly scope: Scope; readonly nodes: ReadonlySet<string> };

/**
 * The whole state of the cluster as entries, with a bounded log of what
 * changed. A reader is only a revision: what it lacks is worked out when it
 * can take more, so a slow reader costs no queue and gets the latest values,
 * never the history.
 */
export class Feed {
  readonly #entries = new Map<string, ScopedEntry>();
  readonly #keysByScope = new Map<Scope, Set<string>>();
  readonly #spans = new Spans();
  readonly #log: LogRecord[] = [];
  readonly #logLimit: number;
  #revision = 0n;
  /** Revisions up to this one are no longer in the log. */
  #forgotten = 0n;

  /** `logLimit`: how many records of the log are kept for readers that lag or come back. */
  constructor({ logLimit = 100_000 }: { readonly logLimit?: number } = {}) {
    this.#logLimit = logLimit;
  }

  get revision(): bigint {
    return this.#revision;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: string): FeedEntry | undefined {
    return this.#entries.get(key)?.entry;
  }

  /** Applies one atomic step. What changes nothing leaves no trace; returns whether anything did. */
  apply(changes: FeedChanges): boolean {
    const records: LogRecord[] = [];
    const revision = this.#revision + 1n;
    for (const span of changes.spans) {
      const news = this.#spans.apply(span);
      if (news) records.push({ revision, scope: span.scope, nodes: new Set([...news.add, ...news.remove]) });
    }
    for (const scoped of changes.upserts) this.#upsert(scoped, revision, records);
    for (const key of changes.removes) this.#remove(key, revision, records);
    if (records.length === 0) return false;
    this.#revision = revision;
    for (const record of records) this.#log.push(record);
    this.#trimLog();
    return true;
  }

  /**
   * The step that makes the feed hold exactly `target` among the entries and
   * spans that `owns` claims. For a source that starts again with a snapshot.
   */
  replacement(
    owns: (item: { readonly key: string } | { readonly scope: Scope }) => boolean,
    target: { readonly entries: readonly ScopedEntry[]; readonly spans: ReadonlyMap<Scope, ReadonlySet<string>> },
  ): FeedChanges {
    const wanted = new Set(target.entries.map(({ entry }) => entryKey(entry)));
    const removes = [...this.#entries.keys()].filter((key) => owns({ key }) && !wanted.has(key));
    const spans: SpanChange[] = [];
    for (const [scope, nodes] of this.#spans.entries()) {
      const keep = target.spans.get(scope);
      const remove = owns({ scope }) ? [...nodes].filter((node) => !keep?.has(node)) : [];
      if (remove.length > 0) spans.push({ scope, add: [], remove });
    }
    for (const [scope, nodes] of target.spans) spans.push({ scope, add: [...nodes], remove: [] });
    return { spans, upserts: target.entries, removes };
  }

  /** Everything that `node` receives. */
  snapshot(node: string): FeedEntry[] {
    const entries: FeedEntry[] = [];
    for (const [scope, keys] of this.#keysByScope) {
      if (!this.#spans.includes(scope, node)) continue;
      for (const key of keys) entries.push((this.#entries.get(key) as ScopedEntry).entry);
    }
    return entries;
  }

  /** What changed for `node` after `revision`; undefined when the log no longer reaches back that far. */
  since(node: string, revision: bigint): NodeDelta | undefined {
    if (revision < this.#forgotten || revision > this.#revision) return undefined;
    const window = this.#log.slice(this.#firstAfter(revision));
    const moved = new Set<Scope>();
    for (const record of window) if ('nodes' in record && record.nodes.has(node)) moved.add(record.scope);
    const touched = new Set<string>();
    for (const scope of moved) for (const key of this.#keysByScope.get(scope) ?? []) touched.add(key);
    for (const record of window) {
      if ('key' in record && (moved.has(record.scope) || this.#spans.includes(record.scope, node)))
        touched.add(record.key);
    }
    const upserts: FeedEntry[] = [];
    const removes: string[] = [];
    for (const key of touched) {
      const scoped = this.#entries.get(key);
      if (scoped && this.#spans.includes(scoped.scope, node)) upserts.push(scoped.entry);
      else removes.push(key);
    }
    return { revision: this.#revision, upserts, removes };
  }

  #upsert(scoped: ScopedEntry, revision: bigint, records: LogRecord[]): void {
    const key = entryKey(scoped.entry);
    const old = this.#entries.get(key);
    if (old && old.scope === scoped.scope && sameEntry(old.entry, scoped.entry)) return;
    if (old && old.scope !== scoped.scope) {
      this.#unindex(old.scope, key);
      records.push({ revision, scope: old.scope, key });
    }
    this.#entries.set(key, scoped);
    const keys = this.#keysByScope.get(scoped.scope);
    if (keys) keys.add(key);
    else this.#keysByScope.set(scoped.scope, new Set([key]));
    records.push({ revision, scope: scoped.scope, key });
  }

  #remove(key: string, revision: bigint, records: LogRecord[]): void {
    const old = this.#entries.get(key);
    if (!old) return;
    this.#entries.delete(key);
    this.#unindex(old.scope, key);
    records.push({ revision, scope: old.scope, key });
  }

  #unindex(scope: Scope, key: string): void {
    const keys = this.#keysByScope.get(scope);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysByScope.delete(scope);
  }

  /** Forgets the oldest revisions, whole, in large strides so that the cost per change stays flat. */
  #trimLog(): void {
    if (this.#log.length <= this.#logLimit * 1.25) return;
    let count = this.#log.length - this.#logLimit;
    const revision = (this.#log[count - 1] as LogRecord).revision;
    while (count < this.#log.length && (this.#log[count] as LogRecord).revision === revision) count++;
    this.#log.splice(0, count);
    this.#forgotten = revision;
  }

  /** Index of the first log record after `revision`, by bisection. */
  #firstAfter(revision: bigint): number {
    let low = 0;
    let high = this.#log.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#log[middle] as LogRecord).revision <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
