import type { NetworkPolicy, Node, Pod } from '@margay/model';
import { type ResourceStore, StoreError, type StoreErrorCode, type WatchEvent } from '@margay/ports';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** A store to hold to the contract, with what the suite needs around it. */
export interface StoreUnderTest {
  readonly store: ResourceStore;
  /** Exists, and is the suite's own. */
  readonly namespace: string;
  /** Makes the server forget the history before now. Without it, GONE is not tested. */
  readonly compact?: () => Promise<void> | void;
  readonly close?: () => Promise<void> | void;
}

export interface StoreContractOptions {
  /** False where the server's history cannot be cut short by a test. */
  readonly canCompact?: boolean;
}

/** The contract of ResourceStore: what every implementation does alike. */
export function describeResourceStore(
  name: string,
  makeStore: () => Promise<StoreUnderTest> | StoreUnderTest,
  { canCompact = true }: StoreContractOptions = {},
): void {
  describe(`ResourceStore: ${name}`, () => {
    let under: StoreUnderTest;
    let store: ResourceStore;
    let namespace: string;
    let count = 0;
    const run = Date.now().toString(36);
    const fresh = (): string => `contract-${run}-${++count}`;

    beforeAll(async () => {
      under = await makeStore();
      ({ store, namespace } = under);
    });
    afterAll(async () => {
      await under.close?.();
    });

    const policy = (labels: Record<string, string> = {}, policyName = fresh()): NetworkPolicy => ({
      metadata: { name: policyName, namespace, labels },
      spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] },
    });
    const pod = (nodeName?: string): Pod => ({
      metadata: { name: fresh(), namespace },
      spec: { containers: [{ name: 'main', image: 'example.test/main' }], ...(nodeName && { nodeName }) },
    });

    describe('objects', () => {
      it('gives undefined for an object that does not exist', async () => {
        expect(await store.get('NetworkPolicy', { namespace, name: fresh() })).toBeUndefined();
      });

      it('gives back what was created, with what the server sets', async () => {
        const wanted = policy({ tier: 'front' });
        const created = await store.create('NetworkPolicy', wanted);
        expect(created.spec).toEqual(wanted.spec);
        expect(created.metadata).toMatchObject({ name: wanted.metadata.name, namespace, labels: { tier: 'front' } });
        expect(created.metadata.uid).toMatch(/./);
        expect(created.metadata.resourceVersion).toMatch(/^[0-9]+$/);
        expect(Date.parse(created.metadata.creationTimestamp ?? '')).not.toBeNaN();
        expect(await store.get('NetworkPolicy', refOf(created))).toEqual(created);
      });

      it('creates cluster-scoped objects', async () => {
        const node: Node = { metadata: { name: fresh() } };
        await store.create('Node', node);
        expect((await store.get('Node', { name: node.metadata.name }))?.metadata.name).toBe(node.metadata.name);
        await store.delete('Node', { name: node.metadata.name });
      });

      it('creates objects of custom kinds', async () => {
        const metadata = { name: fresh() };
        const spec = { cidr: '198.51.100.0/24', ipipMode: 'Never', natOutgoing: false } as const;
        const created = await store.create('IPPool', { metadata, spec });
        expect(created.spec).toMatchObject(spec);
        await store.delete('IPPool', metadata);
        expect(await store.get('IPPool', metadata)).toBeUndefined();
      });

      it('refuses a second object of the same name', async () => {
        const created = await store.create('NetworkPolicy', policy());
        await expectCode('ALREADY_EXISTS', store.create('NetworkPolicy', policy({}, created.metadata.name)));
      });

      it('refuses an object that is not valid', async () => {
        await expectCode('INVALID', store.create('NetworkPolicy', policy({}, 'Not_A_Name')));
      });

      it('refuses a namespaced object without a namespace', async () => {
        await expectCode('INVALID', store.get('NetworkPolicy', { name: fresh() }));
      });
    });

    describe('writes', () => {
      it('replaces an object whose version is the stored one', async () => {
        const created = await store.create('NetworkPolicy', policy({ a: '1' }));
        const updated = await store.update('NetworkPolicy', withLabels(created, { b: '2' }));
        expect(updated.metadata.labels).toEqual({ b: '2' });
        expect(updated.metadata.resourceVersion).not.toBe(created.metadata.resourceVersion);
        expect(updated.metadata.uid).toBe(created.metadata.uid);
      });

      it('refuses an update of an old version, and keeps what was written', async () => {
        const created = await store.create('NetworkPolicy', policy());
        await store.update('NetworkPolicy', withLabels(created, { winner: 'first' }));
        await expectCode('CONFLICT', store.update('NetworkPolicy', withLabels(created, { winner: 'second' })));
        const stored = await store.get('NetworkPolicy', refOf(created));
        expect(stored?.metadata.labels).toEqual({ winner: 'first' });
      });

      it('loses no write among concurrent writers', async () => {
        const created = await store.create('NetworkPolicy', policy({ count: '0' }));
        const increment = async (): Promise<void> => {
          for (;;) {
            const current = await store.get('NetworkPolicy', refOf(created));
            if (current === undefined) throw new Error('the object has gone');
            const next = Number(current.metadata.labels?.count) + 1;
            try {
              await store.update('NetworkPolicy', withLabels(current, { count: `${next}` }));
              return;
            } catch (error) {
              if (!(error instanceof StoreError) || error.code !== 'CONFLICT') throw error;
            }
          }
        };
        await Promise.all(Array.from({ length: 6 }, increment));
        const stored = await store.get('NetworkPolicy', refOf(created));
        expect(stored?.metadata.labels).toEqual({ count: '6' });
      });

      it('refuses to update or delete what does not exist', async () => {
        const created = await store.create('NetworkPolicy', policy());
        await store.delete('NetworkPolicy', refOf(created));
        await expectCode('NOT_FOUND', store.update('NetworkPolicy', created));
        await expectCode('NOT_FOUND', store.delete('NetworkPolicy', refOf(created)));
        await expectCode('NOT_FOUND', store.patch('NetworkPolicy', refOf(created), { metadata: { labels: {} } }));
      });

      it('merges a patch: null removes, the rest stays', async () => {
        const created = await store.create('NetworkPolicy', policy({ keep: 'k', drop: 'd' }));
        const patch = { metadata: { labels: { drop: null, add: 'a' }, annotations: { 'example.test/note': 'n' } } };
        const patched = await store.patch('NetworkPolicy', refOf(created), patch);
        expect(patched.metadata.labels).toEqual({ keep: 'k', add: 'a' });
        expect(patched.metadata.annotations).toEqual({ 'example.test/note': 'n' });
        expect(patched.spec).toEqual(created.spec);
      });

      it('patches an object only at the version that the patch names', async () => {
        const created = await store.create('NetworkPolicy', policy());
        const { resourceVersion } = created.metadata;
        await store.patch('NetworkPolicy', refOf(created), { metadata: { labels: { a: '1' }, resourceVersion } });
        const again = { metadata: { labels: { a: '2' }, resourceVersion } };
        await expectCode('CONFLICT', store.patch('NetworkPolicy', refOf(created), again));
      });

      it('keeps spec and status apart', async () => {
        const created = await store.create('Pod', pod());
        const patch = { spec: { activeDeadlineSeconds: 60 }, status: { podIP: '192.0.2.7', phase: 'Pending' } };
        const byStatus = await store.patch('Pod', refOf(created), patch, { subresource: 'status' });
        expect(byStatus.status?.podIP).toBe('192.0.2.7');
        expect(byStatus.spec).toEqual(created.spec);
        const byMain = await store.patch('Pod', refOf(created), { ...patch, status: { podIP: '192.0.2.8' } });
        expect(byMain.status?.podIP).toBe('192.0.2.7');
        expect(byMain.spec?.activeDeadlineSeconds).toBe(60);
      });
    });

    describe('deletion', () => {
      it('removes an object whose UID is the expected one, and no other', async () => {
        const created = await store.create('NetworkPolicy', policy());
        const wrong = { uid: '11111111-1111-4111-8111-111111111111' };
        await expectCode('CONFLICT', store.delete('NetworkPolicy', refOf(created), wrong));
        const { uid } = created.metadata;
        await store.delete('NetworkPolicy', refOf(created), uid === undefined ? {} : { uid });
        expect(await store.get('NetworkPolicy', refOf(created))).toBeUndefined();
      });

      it('refuses to delete another version than the expected one', async () => {
        const created = await store.create('NetworkPolicy', policy());
        await store.update('NetworkPolicy', withLabels(created, { changed: 'yes' }));
        const { resourceVersion } = created.metadata;
        const conditions = resourceVersion === undefined ? {} : { resourceVersion };
        await expectCode('CONFLICT', store.delete('NetworkPolicy', refOf(created), conditions));
      });

      it('keeps an object with a finalizer until it is taken off', async () => {
        const wanted = policy();
        wanted.metadata.finalizers = ['example.test/hold'];
        const created = await store.create('NetworkPolicy', wanted);
        await store.delete('NetworkPolicy', refOf(created));
        const held = await store.get('NetworkPolicy', refOf(created));
        expect(held?.metadata.deletionTimestamp).toMatch(/./);
        await store.patch('NetworkPolicy', refOf(created), { metadata: { finalizers: null } });
        expect(await store.get('NetworkPolicy', refOf(created))).toBeUndefined();
      });

      it('removes in one step what its last finalizer lets go, and tells it as it was', async () => {
        const wanted = policy({ seen: 'before' });
        wanted.metadata.finalizers = ['example.test/hold'];
        const created = await store.create('NetworkPolicy', wanted);
        await store.delete('NetworkPolicy', refOf(created));
        const held = await store.get('NetworkPolicy', refOf(created));
        const resourceVersion = held?.metadata.resourceVersion ?? '';
        const watch = watching({ resourceVersion });
        const patch = { metadata: { finalizers: null, labels: { seen: 'after' } } };
        const released = await store.patch('NetworkPolicy', refOf(created), patch);
        expect(released.metadata).toMatchObject({ labels: { seen: 'after' }, resourceVersion });
        const next = await store.create('NetworkPolicy', policy());
        const events = await watch.take(2);
        expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
          `DELETED ${created.metadata.name}`,
          `ADDED ${next.metadata.name}`,
        ]);
        expect(events[0]?.object.metadata.labels).toEqual({ seen: 'before' });
        await watch.stop();
      });

      it('keeps a bound pod until its node lets it go', async () => {
        const created = await store.create('Pod', pod('node-1'));
        await store.delete('Pod', refOf(created));
        const ending = await store.get('Pod', refOf(created));
        expect(ending?.metadata.deletionTimestamp).toMatch(/./);
        await store.delete('Pod', refOf(created), { gracePeriodSeconds: 0 });
        expect(await store.get('Pod', refOf(created))).toBeUndefined();
      });
    });

    describe('list', () => {
      it('selects by namespace, label and field', async () => {
        const group = fresh();
        const one = await store.create('NetworkPolicy', policy({ group, tier: 'a' }));
        const two = await store.create('NetworkPolicy', policy({ group, tier: 'b' }));
        const names = async (labelSelector: string, fieldSelector?: string): Promise<string[]> => {
          const options = { namespace, labelSelector, ...(fieldSelector !== undefined && { fieldSelector }) };
          return (await store.list('NetworkPolicy', options)).items.map(({ metadata }) => metadata.name).sort();
        };
        expect(await names(`group=${group}`)).toEqual([one.metadata.name, two.metadata.name].sort());
        expect(await names(`group=${group},tier!=a`)).toEqual([two.metadata.name]);
        expect(await names(`group=${group}`, `metadata.name=${one.metadata.name}`)).toEqual([one.metadata.name]);
        const elsewhere = await store.list('NetworkPolicy', {
          namespace: 'elsewhere',
          labelSelector: `group=${group}`,
        });
        expect(elsewhere.items).toEqual([]);
        const everywhere = await store.list('NetworkPolicy', { labelSelector: `group=${group}` });
        expect(everywhere.items).toHaveLength(2);
      });

      it('selects pods by their node', async () => {
        const nodeName = fresh();
        const here = await store.create('Pod', pod(nodeName));
        await store.create('Pod', pod('another-node'));
        const { items } = await store.list('Pod', { namespace, fieldSelector: `spec.nodeName=${nodeName}` });
        expect(items.map(({ metadata }) => metadata.name)).toEqual([here.metadata.name]);
      });

      it('refuses a selector that it cannot read', async () => {
        await expectCode('INVALID', store.list('NetworkPolicy', { namespace, labelSelector: 'a=(((' }));
      });
    });

    describe('watch', () => {
      it('tells every change after a list, in order', async () => {
        const group = fresh();
        const { resourceVersion } = await store.list('NetworkPolicy', { namespace });
        const watch = watching({ resourceVersion, labelSelector: `group=${group}` });
        const created = await store.create('NetworkPolicy', policy({ group }));
        await store.update('NetworkPolicy', withLabels(created, { group, step: '2' }));
        await store.delete('NetworkPolicy', refOf(created));
        const events = await watch.take(3);
        expect(events.map(({ type }) => type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
        expect(new Set(events.map(({ object }) => object.metadata.name))).toEqual(new Set([created.metadata.name]));
        const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
        expect(versions).toEqual([...versions].sort((a, b) => a - b));
        expect(new Set(versions).size).toBe(3);
        await watch.stop();
      });

      it('resumes after the version it is given', async () => {
        const group = fresh();
        const first = await store.create('NetworkPolicy', policy({ group }));
        const second = await store.create('NetworkPolicy', policy({ group }));
        const resourceVersion = first.metadata.resourceVersion ?? '';
        const watch = watching({ resourceVersion, labelSelector: `group=${group}` });
        const events = await watch.take(1);
        expect(events.map(({ object }) => object.metadata.name)).toEqual([second.metadata.name]);
        await watch.stop();
      });

      it('tells nothing before the version that it starts from, also when that has not come yet', async () => {
        const group = fresh();
        const first = await store.create('NetworkPolicy', policy({ group, step: '0' }));
        const ahead = `${Number(first.metadata.resourceVersion) + 2}`;
        const watch = watching({ resourceVersion: ahead, labelSelector: `group=${group}` });
        let current = first;
        // Others may write in between: only what is newer than the version counts.
        for (const step of ['1', '2', '3']) {
          current = await store.update('NetworkPolicy', withLabels(current, { group, step }));
        }
        const [event] = await watch.take(1);
        expect(Number(event?.object.metadata.resourceVersion)).toBeGreaterThan(Number(ahead));
        await watch.stop();
      });

      it('tells of an object that leaves the selection as deleted, and of one that enters as added', async () => {
        const group = fresh();
        const { resourceVersion } = await store.list('NetworkPolicy', { namespace });
        const watch = watching({ resourceVersion, labelSelector: `group=${group}` });
        const created = await store.create('NetworkPolicy', policy({ group }));
        const left = await store.update('NetworkPolicy', withLabels(created, { group: 'other' }));
        await store.update('NetworkPolicy', withLabels(left, { group }));
        const events = await watch.take(3);
        expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED', 'ADDED']);
        await watch.stop();
      });

      it('ends without an error when the signal aborts', async () => {
        const { resourceVersion } = await store.list('NetworkPolicy', { namespace });
        const watch = watching({ resourceVersion });
        await watch.stop();
      });

      it.runIf(canCompact)('says GONE for a version that the server has forgotten', async () => {
        const { resourceVersion } = await store.list('NetworkPolicy', { namespace });
        await store.create('NetworkPolicy', policy());
        await store.create('NetworkPolicy', policy());
        await under.compact?.();
        const iterate = async (): Promise<void> => {
          const signal = AbortSignal.timeout(5_000);
          for await (const event of store.watch('NetworkPolicy', { namespace, resourceVersion, signal })) void event;
        };
        await expectCode('GONE', iterate());
      });
    });

    /** A watch that collects in the background, bookmarks aside. */
    function watching(options: { readonly resourceVersion: string; readonly labelSelector?: string }): {
      take(wanted: number): Promise<ObjectEvent[]>;
      stop(): Promise<void>;
    } {
      const controller = new AbortController();
      const { signal } = controller;
      const events: ObjectEvent[] = [];
      let notify = (): void => undefined;
      const done = (async () => {
        for await (const event of store.watch('NetworkPolicy', { namespace, ...options, signal })) {
          if (event.type !== 'BOOKMARK') events.push(event);
          notify();
        }
      })();
      return {
        async take(wanted) {
          while (events.length < wanted) {
            const more = new Promise<void>((resolve) => {
              notify = resolve;
            });
            await Promise.race([more, done.then(() => Promise.reject(new Error('the watch ended')))]);
          }
          return events.slice(0, wanted);
        },
        async stop() {
          controller.abort();
          await done;
        },
      };
    }
  });
}

type ObjectEvent = Extract<WatchEvent<NetworkPolicy>, { object: unknown }>;

function refOf({ metadata }: { readonly metadata: { name: string; namespace?: string } }): {
  name: string;
  namespace?: string;
} {
  const { name, namespace } = metadata;
  return { name, ...(namespace !== undefined && { namespace }) };
}

function withLabels(resource: NetworkPolicy, labels: Record<string, string>): NetworkPolicy {
  return { ...resource, metadata: { ...resource.metadata, labels } };
}

async function expectCode(code: StoreErrorCode, action: Promise<unknown>): Promise<void> {
  const error = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StoreError);
  expect((error as StoreError).code).toBe(code);
}
