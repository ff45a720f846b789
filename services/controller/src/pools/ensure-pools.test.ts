import type { IPPool } from '@margay/model';
import type { Logger } from '@margay/ports';
import { MemoryStore } from '@margay/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { ensurePools } from './ensure-pools.ts';

const NAMESPACE = 'margay-system';

let store: MemoryStore;
let errors: string[];

const logger: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields) => errors.push(JSON.stringify(fields)),
  child: () => logger,
};

beforeEach(() => {
  store = new MemoryStore();
  errors = [];
});

const pool = (name: string, cidr: string): IPPool => ({
  apiVersion: 'networking.margay.dev/v1',
  kind: 'IPPool',
  metadata: { name },
  spec: { cidr, ipipMode: 'Always' },
});
const A = pool('a', '10.8.0.0/16');
const B = pool('b', '10.9.0.0/16');

/** One pass of a controller that has seen everything. */
async function ensure(...wanted: IPPool[]): Promise<void> {
  const { items: present } = await store.list('IPPool');
  await ensurePools({ store, namespace: NAMESPACE, wanted, present, logger });
}

const there = async (): Promise<string[]> =>
  (await store.list('IPPool')).items.map(({ metadata, spec }) => `${metadata.name} ${spec.cidr} ${spec.ipipMode}`);

describe('ensurePools', () => {
  it('makes what is wanted, and remembers it', async () => {
    await ensure(A, B);
    expect(await there()).toEqual(['a 10.8.0.0/16 Always', 'b 10.9.0.0/16 Always']);
    const memory = await store.get('ConfigMap', { namespace: NAMESPACE, name: 'margay-pools' });
    expect(Object.keys(memory?.data ?? {})).toEqual(['a', 'b']);
  });

  it('does not make a pool again that was deleted, nor overwrite one that was changed', async () => {
    await ensure(A, B);
    await store.delete('IPPool', { name: 'a' });
    await store.patch('IPPool', { name: 'b' }, { spec: { ipipMode: 'Never' } });
    await ensure(A, B);
    expect(await there()).toEqual(['b 10.9.0.0/16 Never']);
  });

  it('leaves a pool of an operator alone, and takes it for made', async () => {
    await store.create('IPPool', pool('a', '10.7.0.0/16'));
    await ensure(A);
    await store.delete('IPPool', { name: 'a' });
    await ensure(A);
    expect(await there()).toEqual([]);
  });

  it('makes a pool that is new in the file beside those of before', async () => {
    await ensure(A);
    await ensure(A, B);
    expect(await there()).toEqual(['a 10.8.0.0/16 Always', 'b 10.9.0.0/16 Always']);
  });

  it('makes a pool again once its key is taken out of the memory', async () => {
    await ensure(A);
    await store.delete('IPPool', { name: 'a' });
    await store.patch('ConfigMap', { namespace: NAMESPACE, name: 'margay-pools' }, { data: { a: null } });
    await ensure(A);
    expect(await there()).toEqual(['a 10.8.0.0/16 Always']);
  });

  it('says which pool overlaps with one that is there, makes the others, and that one when it can', async () => {
    await store.create('IPPool', pool('mine', '10.8.128.0/17'));
    await ensure(A, B);
    expect(await there()).toEqual(['mine 10.8.128.0/17 Always', 'b 10.9.0.0/16 Always']);
    expect(errors).toEqual([expect.stringMatching(/overlaps with pool mine/)]);
    await store.delete('IPPool', { name: 'mine' });
    await ensure(A, B);
    expect(await there()).toEqual(['b 10.9.0.0/16 Always', 'a 10.8.0.0/16 Always']);
  });

  it('forgets nothing when the API fails in the middle', async () => {
    const failing = new Proxy(store, {
      get: (target, name) => {
        if (name === 'create')
          return (kind: 'IPPool', object: IPPool) =>
            object.metadata.name === 'b' ? Promise.reject(new Error('away')) : target.create(kind, object);
        return (Reflect.get(target, name) as () => unknown).bind(target);
      },
    });
    const wanted = [A, B];
    await expect(ensurePools({ store: failing, namespace: NAMESPACE, wanted, present: [], logger })).rejects.toThrow(
      'away',
    );
    await store.delete('IPPool', { name: 'a' });
    await ensure(A, B);
    expect(await there()).toEqual(['b 10.9.0.0/16 Always']);
  });
});
