import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from './change.ts';
import type { ApiObject } from './entry.ts';
import { ObjectStore } from './object-store.ts';

let directory: string;
let store: ObjectStore;

function open(): ObjectStore {
  return new ObjectStore({ file: join(directory, 'state'), historyLength: 16 });
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'margay-store-'));
  store = open();
});

afterEach(() => {
  store.close();
  rmSync(directory, { recursive: true });
});

function object(name: string, value: number): ApiObject {
  return {
    apiVersion: 'v1',
    kind: 'Thing',
    metadata: { name, uid: name, resourceVersion: '', creationTimestamp: '' },
    value,
  };
}

function shown(entries: readonly { object: ApiObject }[]): string[] {
  return entries.map((entry) => `${entry.object.metadata.name}=${String(entry.object.value)}`);
}

describe('ObjectStore', () => {
  it('counts one revision for each change, over all collections', () => {
    expect(store.put('a', 'x', object('x', 1)).revision).toBe(1);
    expect(store.put('b', 'x', object('x', 1)).revision).toBe(2);
    expect(store.remove('a', 'x').object.metadata.resourceVersion).toBe('3');
    expect(store.revision).toBe(3);
  });

  it('lists in the order of keys, now and as it was', () => {
    store.put('a', 'y', object('y', 1));
    store.put('a', 'x', object('x', 1));
    store.put('a', 'y', object('y', 2));
    store.remove('a', 'x');
    store.put('a', 'z', object('z', 1));
    const histories = [0, 1, 2, 3, 4, 5].map((revision) => shown(store.listAt('a', revision)));
    expect(histories).toEqual([[], ['y=1'], ['x=1', 'y=1'], ['x=1', 'y=2'], ['y=2'], ['y=2', 'z=1']]);
    expect(shown(store.list('a'))).toEqual(['y=2', 'z=1']);
  });

  it('tells each change once it is stored', () => {
    const changes: Change[] = [];
    store.onChange((change) => changes.push(change));
    store.put('a', 'x', object('x', 1));
    store.put('a', 'x', object('x', 2));
    store.remove('a', 'x');
    expect(changes.map(({ type, previous }) => [type, previous?.revision])).toEqual([
      ['ADDED', undefined],
      ['MODIFIED', 1],
      ['DELETED', 2],
    ]);
    const stored = store.changesSince('a', 0);
    expect(stored.map(({ type, previous }) => [type, previous?.revision])).toEqual([
      ['ADDED', undefined],
      ['MODIFIED', 1],
      ['DELETED', 2],
    ]);
  });

  it('has everything when it is opened again', () => {
    store.put('a', 'x', object('x', 1));
    store.put('a', 'y', object('y', 1));
    store.remove('a', 'y');
    store.close();
    store = open();
    expect([store.revision, shown(store.list('a')), store.changesSince('a', 1).length]).toEqual([3, ['x=1'], 2]);
  });

  it('forgets old changes, and says from where on it knows them', () => {
    for (let index = 0; index < 100; index += 1) store.put('a', 'x', object('x', index));
    expect(store.oldestRevision).toBeGreaterThanOrEqual(100 - 18);
    expect(store.changesSince('a', store.oldestRevision)).toHaveLength(100 - store.oldestRevision);
    const oldest = store.oldestRevision;
    store.close();
    store = open();
    expect(store.oldestRevision).toBe(oldest);
  });

  it('refuses a second server on one file', () => {
    store.put('a', 'x', object('x', 1));
    expect(() => open()).toThrow('locked');
  });
});
