import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SandboxRecord } from './record.ts';
import { RecordStore } from './record-store.ts';

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
    const first = new RecordStore(dir);
    first.put(record);
    first.put({ ...record, state: 'ready', addresses: ['192.0.2.7'] });
    first.put({ ...record, containerId: 'c2' });
    first.remove('c2');
    const second = new RecordStore(dir);
    expect(second.list()).toEqual([{ ...record, state: 'ready', addresses: ['192.0.2.7'] }]);
    expect(second.ofPod('u1')).toHaveLength(1);
    expect(second.ofPod('u2')).toEqual([]);
  });

  it('passes over a draft that a crash left, and over what is no record', () => {
    writeFileSync(join(dir, 'c9.json.new'), '{"version":');
    writeFileSync(join(dir, 'c8.json'), '{"version":');
    writeFileSync(join(dir, 'c7.json'), '[]');
    expect(new RecordStore(dir).list()).toEqual([]);
    expect(readdirSync(dir)).toHaveLength(3);
  });
});
