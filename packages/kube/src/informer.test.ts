import type { Node } from '@margay/model';
import type { Logger, ResourceStore } from '@margay/ports';
import { createFakeClock, type FakeClock, MemoryStore } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createInformer, type Informer } from './informer.ts';

const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};

let store: MemoryStore;
let clock: FakeClock;
let stop: AbortController;
let informer: Informer<Node>;
let running: Promise<void>;
let events: string[];

beforeEach(() => {
  store = new MemoryStore();
  clock = createFakeClock();
  stop = new AbortController();
  events = [];
});

afterEach(async () => {
  stop.abort();
  await running;
});

function run(source: ResourceStore = store): void {
  informer = createInformer({
    store: source,
    kind: 'Node',
    clock,
    logger: quiet,
    onChange: (event) => {
      const { name, labels } = event.object.metadata;
      const old = event.type === 'upsert' ? event.old?.metadata.labels?.v : undefined;
      events.push(`${event.type} ${name} ${labels?.v ?? '-'}${old === undefined ? '' : ` was ${old}`}`);
    },
  });
  running = informer.run(stop.signal);
}

const node = (name: string, v = '1'): Node => ({ metadata: { name, labels: { v } } });
const relabel = (name: string, v: string): Promise<Node> =>
  store.patch('Node', { name }, { metadata: { labels: { v } } });

/** Resolves once everything that needs no time has run. */
const settle = (): Promise<void> => clock.advance(0);

describe('createInformer', () => {
  it('tells the first list, then every change, each after it is visible', async () => {
    await store.create('Node', node('a'));
    run();
    expect(informer.hasSynced).toBe(false);
    await informer.waitForSync(stop.signal);
    expect(events).toEqual(['upsert a 1']);
    await store.create('Node', node('b'));
    await relabel('a', '2');
    await store.delete('Node', { name: 'b' });
    await settle();
    expect(events.slice(1)).toEqual(['upsert b 1', 'upsert a 2 was 1', 'delete b 1']);
    expect(informer.list().map(({ metadata }) => metadata.name)).toEqual(['a']);
    expect(informer.get({ name: 'a' })?.metadata.labels).toEqual({ v: '2' });
    expect(informer.get({ name: 'b' })).toBeUndefined();
  });

  it('resumes a watch that the server closed, missing nothing and repeating nothing', async () => {
    await store.create('Node', node('a'));
    run();
    await informer.waitForSync(stop.signal);
    await settle();
    store.closeWatches();
    await relabel('a', '2');
    await store.create('Node', node('b'));
    await clock.waitForSleepers(1);
    await clock.advance(10_000);
    expect(events).toEqual(['upsert a 1', 'upsert a 2 was 1', 'upsert b 1']);
  });

  it('lists again when its version is gone, and tells only the differences, deletes too', async () => {
    for (const name of ['same', 'changed', 'removed', 'remade']) await store.create('Node', node(name));
    run();
    await informer.waitForSync(stop.signal);
    await settle();
    events.length = 0;
    store.closeWatches();
    await clock.waitForSleepers(1);
    await relabel('changed', '2');
    await store.delete('Node', { name: 'removed' });
    await store.delete('Node', { name: 'remade' });
    await store.create('Node', node('remade', '9'));
    await store.create('Node', node('added'));
    store.compact();
    await clock.advance(10_000);
    expect(events).toEqual([
      'upsert changed 2 was 1',
      'delete remade 1',
      'upsert remade 9',
      'upsert added 1',
      'delete removed 1',
    ]);
    expect(informer.list()).toHaveLength(4);
  });

  it('keeps what it knows through an outage, and goes on after it', async () => {
    await store.create('Node', node('a'));
    run();
    await informer.waitForSync(stop.signal);
    await settle();
    store.setOutage(true);
    await clock.advance(60_000);
    expect(informer.list()).toHaveLength(1);
    expect(events).toEqual(['upsert a 1']);
    store.setOutage(false);
    await store.create('Node', node('b'));
    await clock.advance(10_000);
    expect(events).toEqual(['upsert a 1', 'upsert b 1']);
  });

  it('is not synced while it cannot list', async () => {
    store.setOutage(true);
    run();
    await clock.advance(60_000);
    expect(informer.hasSynced).toBe(false);
    const waiting = informer.waitForSync(AbortSignal.abort(new Error('no longer')));
    await expect(waiting).rejects.toThrow('no longer');
    store.setOutage(false);
    await clock.advance(10_000);
    expect(informer.hasSynced).toBe(true);
  });

  it('ends when its signal aborts, during a watch and during a pause', async () => {
    run();
    await informer.waitForSync(stop.signal);
    stop.abort();
    await running;
    stop = new AbortController();
    store.setOutage(true);
    run();
    await clock.waitForSleepers(1);
    stop.abort();
    await running;
    expect(clock.sleepers()).toBe(0);
  });
});
