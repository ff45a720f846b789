import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxRecord } from './record.ts';
import { namespacePathOf, RecordStore } from './record-store.ts';

const netnsDir = '/run/netns';

const record: SandboxRecord = {
  version: 1,
  namespace: 'default',
  pod: 'a',
  uid: 'u1',
  containerId: 'c1',
  netnsPath: '/var/run/netns/cni-1',
  state: 'adding',
  addresses: [],
  processes: [],
};

describe('RecordStore', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'margay-records-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('has what an earlier process put, as it was last', () => {
    const first = new RecordStore({ dir, netnsDir });
    first.put(record);
    first.put({ ...record, state: 'ready', addresses: ['192.0.2.7'] });
    first.put({ ...record, containerId: 'c2' });
    first.remove('c2');
    const second = new RecordStore({ dir, netnsDir });
    expect(second.list()).toEqual([{ ...record, state: 'ready', addresses: ['192.0.2.7'] }]);
    expect(second.ofPod('u1')).toHaveLength(1);
    expect(second.ofPod('u2')).toEqual([]);
  });

  it.each([
    ['a torn file', '{"version":'],
    ['an empty file', ''],
    ['something else', '[]'],
    ['a record of another container', JSON.stringify({ ...record, containerId: 'c2' })],
    ['a record that lacks what must be there', JSON.stringify({ ...record, state: 'elsewhere' })],
  ])('takes %s for a sandbox that must go, and says which file it is', (_, text) => {
    writeFileSync(join(dir, 'u1.c1.json'), text);
    const store = new RecordStore({ dir, netnsDir });
    const [found] = store.ofPod('u1');
    expect(found).toMatchObject({ containerId: 'c1', netnsPath: namespacePathOf(netnsDir, 'c1'), state: 'removing' });
    expect(found?.damage).toContain(join(dir, 'u1.c1.json'));
    store.remove('c1');
    expect(readdirSync(dir)).toEqual([]);
  });

  it('passes over a draft that a crash left, and names what is not its own', () => {
    writeFileSync(join(dir, 'u9.c9.json.new'), '{"version":');
    writeFileSync(join(dir, 'notes.json'), '{}');
    const store = new RecordStore({ dir, netnsDir });
    expect(store.list()).toEqual([]);
    expect(store.strangers).toEqual([expect.stringContaining(join(dir, 'notes.json'))]);
    expect(readdirSync(dir)).toHaveLength(2);
  });
});
