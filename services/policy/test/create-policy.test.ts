import { ANNOTATION, type Event, type NetworkPolicy, type Pod } from '@margay/model';
import type { ResourceStore } from '@margay/ports';
import { MemoryStore } from '@margay/testkit';
import { CallError } from '@margay/wire';
import { describe, expect, it, vi } from 'vitest';
import { RunningPolicy } from './running-policy.ts';

const pod = (name: string, app: string, address?: string): Pod => ({
  metadata: {
    name,
    namespace: 'shop',
    labels: { app },
    ...(address && { annotations: { [ANNOTATION.podAddress]: address } }),
  },
  spec: { nodeName: 'node-1' },
});

const allowWeb = (
  name: string,
  ports: NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>[0]['ports'] = [],
) => ({
  metadata: { name, namespace: 'shop' },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports }],
  },
});

/** The limit only ends a test that would never pass. */
const eventually = (check: () => unknown): Promise<unknown> => vi.waitFor(check, { timeout: 8_000, interval: 5 });

async function storeWith(...pods: Pod[]): Promise<MemoryStore> {
  const store = new MemoryStore();
  await store.create('Namespace', { metadata: { name: 'shop' } });
  for (const object of pods) await store.create('Pod', object);
  return store;
}

/** The store, with lists of NetworkPolicies held back until `release`. */
function holdingPolicies(store: MemoryStore): { store: ResourceStore; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const list: ResourceStore['list'] = async (kind, options) => {
    if (kind === 'NetworkPolicy') await promise;
    return store.list(kind, options);
  };
  return { store: { ...bound(store), list }, release: resolve };
}

function bound(store: ResourceStore): ResourceStore {
  return {
    get: (...parameters) => store.get(...parameters),
    list: (...parameters) => store.list(...parameters),
    create: (...parameters) => store.create(...parameters),
    update: (...parameters) => store.update(...parameters),
    patch: (...parameters) => store.patch(...parameters),
    delete: (...parameters) => store.delete(...parameters),
    watch: (...parameters) => store.watch(...parameters),
  };
}

const failureOf = async (work: Promise<unknown>): Promise<CallError> => {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (error instanceof CallError) return error;
  throw error;
};

describe('createPolicy', () => {
  it('is unavailable until it knows every kind, and then tells no endpoint without its policies', async () => {
    const memory = await storeWith(pod('db', 'db'));
    await memory.create('NetworkPolicy', allowWeb('p'));
    const { store, release } = holdingPolicies(memory);
    await using policy = await RunningPolicy.start(store);
    const early = await failureOf(policy.watch().readStep());
    expect(early.status).toBe('UNAVAILABLE');
    expect(policy.health.ready).toBe(false);
    release();
    await eventually(() => expect(policy.health.ready).toBe(true));
    const view = policy.watch();
    await view.readStep();
    expect(view.batches[0]?.snapshotStart).toBe(true);
    expect(view.entries.get('endpoint/shop/db')).toMatchObject({
      ingress: { policies: ['networkpolicy/shop/p'] },
    });
    await view.close();
  });

  it('streams a snapshot, then every change, to each watcher', async () => {
    const store = await storeWith(pod('db', 'db'), pod('web', 'web'));
    await using policy = await RunningPolicy.start(store);
    await eventually(() => expect(policy.health.ready).toBe(true));
    const [first, second] = [policy.watch(), policy.watch()];
    await Promise.all([first.readStep(), second.readStep()]);
    expect([...first.entries.keys()].sort()).toEqual(['endpoint/shop/db', 'endpoint/shop/web']);

    await store.create('NetworkPolicy', allowWeb('p'));
    await store.patch(
      'Pod',
      { namespace: 'shop', name: 'web' },
      {
        metadata: { annotations: { [ANNOTATION.podAddress]: '10.8.0.1' } },
      },
    );
    const hasMember = ({ entries }: { entries: ReadonlyMap<string, unknown> }): boolean =>
      [...entries.keys()].some((key) => key.startsWith('member/') && key.endsWith('/10.8.0.1'));
    await Promise.all([first.until(hasMember), second.until(hasMember)]);
    expect(first.spans.get('policy:networkpolicy/shop/p')).toEqual(new Set(['node-1']));
    expect(second.entries).toEqual(first.entries);

    const late = policy.watch();
    await late.readStep();
    expect(late.entries).toEqual(first.entries);
    expect(await policy.metrics.text()).toContain('margay_policy_watchers 3');

    await store.delete('NetworkPolicy', { namespace: 'shop', name: 'p' });
    await first.until(({ entries }) => !entries.has('policy/networkpolicy/shop/p'));
    expect([...first.entries.keys()].sort()).toEqual(['endpoint/shop/db', 'endpoint/shop/web']);
    await Promise.all([first.close(), second.close(), late.close()]);
    await eventually(async () => expect(await policy.metrics.text()).toContain('margay_policy_watchers 0'));
  });

  it('sends a large step in batches, the last one complete', async () => {
    const store = await storeWith(...Array.from({ length: 1_201 }, (_, index) => pod(`pod-${index}`, 'web')));
    await using policy = await RunningPolicy.start(store);
    await eventually(() => expect(policy.health.ready).toBe(true));
    const view = policy.watch();
    await view.readStep();
    expect(
      view.batches.map(({ upserts, complete, snapshotStart }) => [upserts.length, complete, snapshotStart]),
    ).toEqual([
      [500, false, true],
      [500, false, false],
      [201, true, false],
    ]);
    await view.close();
  });

  it('has a snapshot for an empty cluster too', async () => {
    await using policy = await RunningPolicy.start(new MemoryStore());
    await eventually(() => expect(policy.health.ready).toBe(true));
    const view = policy.watch();
    await view.readStep();
    expect(view.batches).toEqual([{ snapshotStart: true, complete: true, spans: [], upserts: [], removes: [] }]);
    await view.close();
  });

  it('ends the stream of a watcher that falls too far behind', async () => {
    const store = await storeWith();
    await using policy = await RunningPolicy.start(store, { maxWaiting: 100 });
    await eventually(() => expect(policy.health.ready).toBe(true));
    const view = policy.watch();
    await view.readStep();
    // Long names fill the transport's buffers soon.
    const filler = 'x'.repeat(200);
    let made = 0;
    const watchers = async (): Promise<string | undefined> =>
      /margay_policy_watchers (\d+)/.exec(await policy.metrics.text())?.[1];
    while ((await watchers()) !== '0') {
      expect(made).toBeLessThan(20_000);
      for (let index = 0; index < 50; index++) await store.create('Pod', pod(`${filler}-${made++}`, 'web'));
      const endpoints = `margay_policy_endpoints ${made}`;
      await eventually(async () => expect(await policy.metrics.text()).toContain(endpoints));
    }
    const error = await failureOf(view.until(() => false));
    expect(error.status).toBe('ABORTED');
    const again = policy.watch();
    await again.readStep();
    expect(again.entries.size).toBe(made);
    await again.close();
  });

  it('ends its streams with UNAVAILABLE when it stops', async () => {
    const policy = await RunningPolicy.start(await storeWith());
    await eventually(() => expect(policy.health.ready).toBe(true));
    const view = policy.watch();
    await view.readStep();
    const [error] = await Promise.all([failureOf(view.readStep()), policy.stop()]);
    expect(error.status).toBe('UNAVAILABLE');
    policy.client.close();
  });

  it('goes on after the API was away', async () => {
    const store = await storeWith(pod('db', 'db'));
    await using policy = await RunningPolicy.start(store);
    await eventually(() => expect(policy.health.ready).toBe(true));
    const view = policy.watch();
    await view.readStep();
    store.setOutage(true);
    store.setOutage(false);
    await store.create('Pod', pod('web', 'web'));
    store.compact();
    await view.until(({ entries }) => entries.has('endpoint/shop/web'));
    expect(view.entries.has('endpoint/shop/db')).toBe(true);
    await view.close();
  });
});

describe('events about what is not enforced', () => {
  const list = async (store: MemoryStore): Promise<Event[]> => (await store.list('Event')).items;

  it('name the policy and the field, once a generation, also over restarts', async () => {
    const store = await storeWith(pod('db', 'db'));
    const created = await store.create('NetworkPolicy', allowWeb('p', [{ port: 80, endPort: 90 }]));
    {
      await using policy = await RunningPolicy.start(store);
      await eventually(async () => expect(await list(store)).toHaveLength(1));
      expect((await list(store))[0]).toMatchObject({
        metadata: { namespace: 'shop' },
        involvedObject: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'NetworkPolicy',
          namespace: 'shop',
          name: 'p',
          uid: created.metadata.uid,
          fieldPath: 'spec.ingress[0].ports[0].endPort',
        },
        type: 'Warning',
        reason: 'PolicyFieldNotSupported',
        message: expect.stringContaining('only port 80 counts'),
      });
      // The same generation with another label, then a new generation with another problem.
      const ref = { namespace: 'shop', name: 'p' };
      await store.patch('NetworkPolicy', ref, { metadata: { labels: { a: 'b' } } });
      await store.patch('NetworkPolicy', ref, allowWeb('p', [{ port: 'http' }]));
      await eventually(async () => expect(await list(store)).toHaveLength(2));
      expect(policy.health.ready).toBe(true);
    }
    await store.create('NetworkPolicy', allowWeb('other', [{ port: 'http' }]));
    await using restarted = await RunningPolicy.start(store);
    await eventually(async () => expect(await list(store)).toHaveLength(3));
    const names = (await list(store)).map(({ involvedObject }) => involvedObject.name).sort();
    expect(names).toEqual(['other', 'p', 'p']);
    expect(restarted.health.ready).toBe(true);
  });

  it('wait for an API that is away', async () => {
    const store = await storeWith();
    await using policy = await RunningPolicy.start({
      ...bound(store),
      create: (() => {
        let attempts = 0;
        return async (...parameters: Parameters<ResourceStore['create']>) => {
          if (attempts++ < 2) store.setOutage(true);
          try {
            return await store.create(...parameters);
          } finally {
            store.setOutage(false);
          }
        };
      })() as ResourceStore['create'],
    });
    await store.create('NetworkPolicy', allowWeb('p', [{ port: 'http' }]));
    await eventually(async () => expect(await list(store)).toHaveLength(1));
    expect(policy.health.ready).toBe(true);
  });
});
