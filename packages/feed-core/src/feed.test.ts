import { parseAddress, parseCidr } from '@margay/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryKey, type FeedChanges, type FeedEntry, type Scope, type ScopedEntry } from './entry.ts';
import { Feed } from './feed.ts';
import { Replica } from './replica.ts';

const NODES = ['node-1', 'node-2', 'node-3'];
const SCOPES: Scope[] = ['all', 'node:node-1', 'node:node-2', 'policy:a', 'policy:b', 'set:s', 'set:t'];

const entry: fc.Arbitrary<ScopedEntry> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom<Scope>('policy:a', 'policy:b'),
      fc.constantFrom('p', 'q'),
      fc.constantFrom('spec.x', 'spec.y'),
    )
    .map(([scope, id, origin]) => ({
      scope,
      entry: { kind: 'policy', id, ingress: [{ origin, action: 'allow' }], egress: [] } as FeedEntry,
    })),
  fc
    .tuple(fc.constantFrom<Scope>('set:s', 'set:t'), fc.constantFrom('s', 't'))
    .map(([scope, id]) => ({ scope, entry: { kind: 'set', id, type: 'addresses' } as FeedEntry })),
  fc.tuple(fc.constantFrom('s', 't'), fc.integer({ min: 1, max: 4 })).map(([set, last]) => ({
    scope: `set:${set}` as Scope,
    entry: { kind: 'member', set, member: parseAddress(`192.0.2.${last}`) } as FeedEntry,
  })),
  fc.tuple(fc.constantFrom(...NODES), fc.integer({ min: 0, max: 2 })).map(([node, third]) => ({
    scope: 'all' as Scope,
    entry: { kind: 'route', cidr: parseCidr(`10.8.${third}.0/24`), node } as FeedEntry,
  })),
  fc.tuple(fc.constantFrom('node-1', 'node-2'), fc.constantFrom('u1', 'u2')).map(([node, uid]) => ({
    scope: `node:${node}` as Scope,
    entry: { kind: 'endpoint', namespace: 'default', pod: 'web', uid } as FeedEntry,
  })),
);

const changes: fc.Arbitrary<FeedChanges> = fc.record({
  spans: fc.array(
    fc.record({
      scope: fc.constantFrom(...SCOPES.slice(3)),
      add: fc.subarray(NODES),
      remove: fc.subarray(NODES),
    }),
    { maxLength: 2 },
  ),
  upserts: fc.array(entry, { maxLength: 4 }),
  removes: fc.array(
    entry.map((scoped) => entryKey(scoped.entry)),
    { maxLength: 2 },
  ),
});

const text = (entries: Iterable<FeedEntry>): string[] => [...entries].map((item) => JSON.stringify(item)).sort();

/** A reader that takes what it lacks, in batches of one item. */
function catchUp(feed: Feed, node: string, replica: Replica, epoch = 'e1'): void {
  const position = replica.position;
  const delta = position && position.epoch === epoch ? feed.since(node, position.revision) : undefined;
  const upserts = delta ? [...delta.upserts] : feed.snapshot(node);
  const removes = delta ? [...delta.removes] : [];
  const revision = feed.revision;
  let snapshotStart = delta === undefined;
  while (upserts.length + removes.length > 0) {
    replica.receive({
      epoch,
      revision,
      snapshotStart,
      complete: false,
      upserts: upserts.splice(0, 1),
      removes: removes.splice(0, 1),
    });
    snapshotStart = false;
  }
  replica.receive({ epoch, revision, snapshotStart, complete: true, upserts: [], removes: [] });
}

describe('Feed', () => {
  it('brings every reader to the same state, however often it reads', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(changes, fc.subarray(NODES)), { maxLength: 30 }),
        fc.integer({ min: 1, max: 20 }),
        (steps, logLimit) => {
          const feed = new Feed({ logLimit });
          const readers = new Map(NODES.map((node) => [node, new Replica()]));
          for (const [change, awake] of steps) {
            feed.apply(change);
            for (const node of awake) catchUp(feed, node, readers.get(node) as Replica);
          }
          for (const [node, replica] of readers) {
            catchUp(feed, node, replica);
            expect(text(replica.entries())).toEqual(text(feed.snapshot(node)));
          }
        },
      ),
    );
  });

  it('takes a source that starts again to its new snapshot, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 10 }), fc.array(entry, { maxLength: 8 }), (steps, target) => {
        const feed = new Feed();
        for (const change of steps) feed.apply(change);
        const foreign = text(feed.snapshot('node-1')).filter((item) => item.includes('"route"'));
        const owned = target.filter((scoped) => scoped.entry.kind !== 'route');
        const spans = new Map<Scope, Set<string>>([['set:s', new Set(['node-1'])]]);
        feed.apply(
          feed.replacement((item) => 'scope' in item || !item.key.startsWith('route/'), { entries: owned, spans }),
        );
        const fresh = new Feed();
        fresh.apply({ spans: [{ scope: 'set:s', add: ['node-1'], remove: [] }], upserts: owned, removes: [] });
        expect(text(feed.snapshot('node-1'))).toEqual([...text(fresh.snapshot('node-1')), ...foreign].sort());
      }),
    );
  });

  it('does not move when nothing changes', () => {
    const feed = new Feed();
    const step: FeedChanges = {
      spans: [{ scope: 'policy:p', add: ['node-1'], remove: [] }],
      upserts: [{ scope: 'policy:p', entry: { kind: 'policy', id: 'p', ingress: [], egress: [] } }],
      removes: ['set/none'],
    };
    expect(feed.apply(step)).toBe(true);
    expect(feed.apply(step)).toBe(false);
    expect(feed.revision).toBe(1n);
  });

  it('tells a node nothing of entries it never had', () => {
    const feed = new Feed();
    feed.apply({
      spans: [],
      upserts: [{ scope: 'node:node-2', entry: { kind: 'endpoint', namespace: 'a', pod: 'b', uid: 'u' } }],
      removes: [],
    });
    feed.apply({ spans: [], upserts: [], removes: ['endpoint/a/b'] });
    expect(feed.since('node-1', 0n)).toEqual({ revision: 2n, upserts: [], removes: [] });
    expect(feed.since('node-2', 0n)).toEqual({ revision: 2n, upserts: [], removes: ['endpoint/a/b'] });
  });
});

describe('Replica', () => {
  it('shows nothing of a step that broke off', () => {
    const replica = new Replica();
    const part = { epoch: 'e', revision: 1n, complete: false, removes: [] };
    replica.receive({ ...part, snapshotStart: true, upserts: [{ kind: 'set', id: 's', type: 'addresses' }] });
    expect([...replica.entries()]).toEqual([]);
    replica.begin();
    replica.receive({ ...part, snapshotStart: true, complete: true, upserts: [] });
    expect([...replica.entries()]).toEqual([]);
    expect(replica.inSync).toBe(true);
  });

  it('refuses a change without the snapshot before it', () => {
    const replica = new Replica();
    const batch = { epoch: 'e', revision: 2n, snapshotStart: false, complete: true, upserts: [], removes: [] };
    expect(() => replica.receive(batch)).toThrow('came without its snapshot');
  });

  it('is the same after it was saved and loaded', () => {
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 10 }), (steps) => {
        const feed = new Feed();
        for (const change of steps) feed.apply(change);
        const replica = new Replica();
        catchUp(feed, 'node-1', replica);
        const loaded = Replica.fromJSON(JSON.parse(JSON.stringify(replica)));
        expect(text(loaded.entries())).toEqual(text(replica.entries()));
        expect(loaded.position).toEqual(replica.position);
      }),
    );
  });
});
