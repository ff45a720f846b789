import type { ConfigMap } from '@margay/model';
import type { Logger, ResourceStore } from '@margay/ports';
import { systemClock } from '@margay/runtime';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ApiOptions, createInformer, type Informer, runElected } from '../src/index.ts';
import { type ApiUnderTest, makePodFiles, type PodFiles } from './api-under-test.ts';
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts';

type Connect = (options: ApiOptions) => ResourceStore | Promise<ResourceStore>;

const NAMESPACE = 'default';
const RECOVERY = { timeout: 20_000, interval: 50 };

/** Short enough for a test; a real server says something once a minute only. */
const WATCH_SILENCE_MS = 2_000;

/** What a client does when the server, the network or its credential fails: nothing is missed, and nothing is taken for gone. */
export function describeResilience(name: string, startApi: () => Promise<ApiUnderTest>, connect: Connect): void {
  describe(`a follower of the API: ${name}`, () => {
    let api: ApiUnderTest;
    let proxy: CuttingProxy;
    let files: PodFiles;
    /** Never fails: it does not go through the proxy. */
    let direct: ResourceStore;
    let directFiles: PodFiles;
    let informer: Informer<ConfigMap>;
    let stop: () => Promise<void>;
    let events: string[];
    let warnings: string[];
    let group: string;
    let count = 0;

    const logger: Logger = {
      debug: () => undefined,
      info: () => undefined,
      warn: (fields) => warnings.push((fields as { reason?: string }).reason ?? ''),
      error: () => undefined,
      child: () => logger,
    };

    beforeAll(async () => {
      api = await startApi();
      directFiles = makePodFiles(api, api.port);
      direct = await connect({ ...directFiles.options, qps: 1_000, burst: 1_000 });
    });
    afterAll(async () => {
      await api.close();
      directFiles.remove();
    });

    beforeEach(async () => {
      group = `group-${++count}`;
      events = [];
      warnings = [];
      proxy = await startCuttingProxy(api.port);
      files = makePodFiles(api, proxy.port);
      const store = await connect({ ...files.options, watchSilenceMs: WATCH_SILENCE_MS });
      informer = createInformer({
        store,
        kind: 'ConfigMap',
        namespace: NAMESPACE,
        labelSelector: `group=${group}`,
        clock: systemClock,
        logger,
        backoff: { maxMs: 200 },
        onChange: ({ type, object }) => events.push(`${type} ${object.metadata.name} ${object.data?.v ?? ''}`.trim()),
      });
      await create('kept');
      await create('removed');
      const ending = new AbortController();
      const running = informer.run(ending.signal);
      stop = async () => {
        ending.abort();
        await running;
      };
      await informer.waitForSync(AbortSignal.timeout(20_000));
      // So that the watch is under way.
      await change('kept', '1b');
      await expect.poll(() => events.at(-1), RECOVERY).toContain('kept 1b');
      events.length = 0;
    });
    afterEach(async () => {
      await stop();
      await proxy.close();
      files.remove();
    });

    const nameOf = (short: string): string => `${group}-${short}`;
    const create = (short: string): Promise<ConfigMap> =>
      direct.create('ConfigMap', {
        metadata: { name: nameOf(short), namespace: NAMESPACE, labels: { group } },
        data: { v: '1' },
      });
    const change = (short: string, v: string): Promise<ConfigMap> =>
      direct.patch('ConfigMap', { namespace: NAMESPACE, name: nameOf(short) }, { data: { v } });
    const remove = (short: string): Promise<void> =>
      direct.delete('ConfigMap', { namespace: NAMESPACE, name: nameOf(short) });
    /** Something that does not concern the follower. */
    const churn = (): Promise<unknown> =>
      direct.patch('Namespace', { name: NAMESPACE }, { metadata: { labels: { step: `${++count}` } } });
    const told = (...wanted: string[]): Promise<void> =>
      expect
        .poll(() => events.map((event) => event.replace(`${group}-`, '')).sort(), RECOVERY)
        .toEqual([...wanted].sort());

    it('takes over what changed while the connection was cut', async () => {
      proxy.cut({ blocked: true });
      await change('kept', '2');
      await remove('removed');
      await create('added');
      proxy.cut();
      await told('upsert kept 2', 'delete removed 1', 'upsert added 1');
    });

    it('takes it over from a list where the server has forgotten it meanwhile', async () => {
      proxy.cut({ blocked: true });
      await change('kept', '2');
      await remove('removed');
      await create('added');
      await api.compact(churn);
      proxy.cut();
      await told('upsert kept 2', 'delete removed 1', 'upsert added 1');
    });

    it('goes on after a restart of the server, and takes nothing for gone', async () => {
      await api.restart();
      await expect
        .poll(
          () =>
            create('added').then(
              () => true,
              () => false,
            ),
          RECOVERY,
        )
        .toBe(true);
      await told('upsert added 1');
      expect(informer.list()).toHaveLength(3);
    });

    it('notices a connection over which nothing comes any more', async () => {
      proxy.silence();
      await change('kept', '2');
      await told('upsert kept 2');
      expect(warnings.join()).toContain('no word for 2 s');
    });

    it('uses a token that replaced one which is no longer good', async () => {
      files.setToken('not-good');
      proxy.cut();
      await change('kept', '2');
      await expect.poll(() => warnings.join(), RECOVERY).toMatch(/nauthorized/);
      expect(events).toEqual([]);
      files.setToken(api.token);
      await told('upsert kept 2');
    });

    it('is refused what it may not do without losing what it knows', async () => {
      files.setToken('not-good');
      proxy.cut();
      await expect.poll(() => warnings.length, RECOVERY).toBeGreaterThan(3);
      expect(informer.list()).toHaveLength(2);
      files.setToken(api.token);
      await create('added');
      await told('upsert added 1');
    });

    it('reads lists of many pages whole, and each object as it was asked to keep it', async () => {
      const big = `many-${group}`;
      const names = Array.from({ length: 1_100 }, (_, index) => `${big}-${String(index).padStart(4, '0')}`);
      for (let start = 0; start < names.length; start += 50) {
        await Promise.all(
          names.slice(start, start + 50).map((each) =>
            direct.create('ConfigMap', {
              metadata: { name: each, namespace: NAMESPACE, labels: { big } },
              data: { text: 'long' },
            }),
          ),
        );
      }
      const { items, resourceVersion } = await direct.list('ConfigMap', {
        namespace: NAMESPACE,
        labelSelector: `big=${big}`,
        trim: ({ metadata: { name } }) => ({ metadata: { name } }),
      });
      expect(items).toEqual(names.map((each) => ({ metadata: { name: each } })));
      expect(resourceVersion).toMatch(/^[0-9]+$/);
    }, 120_000);

    it('elects one leader, and another when that one ends', async () => {
      const name = `lease-${group}`;
      const leading: string[] = [];
      const run = (identity: string): { end(): Promise<void> } => {
        const ending = new AbortController();
        const running = runElected(
          { store: direct, namespace: NAMESPACE, name, identity, clock: systemClock, logger },
          async (signal) => {
            leading.push(identity);
            await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          },
          ending.signal,
        );
        return {
          end: async () => {
            ending.abort();
            await running;
          },
        };
      };
      const first = run('first');
      await expect.poll(() => leading, RECOVERY).toEqual(['first']);
      const second = run('second');
      await expect
        .poll(async () => {
          const { spec } = (await direct.get('Lease', { namespace: NAMESPACE, name })) ?? {};
          return spec?.acquireTime !== undefined && spec.renewTime !== spec.acquireTime;
        }, RECOVERY)
        .toBe(true);
      await first.end();
      await expect.poll(() => leading, RECOVERY).toEqual(['first', 'second']);
      await second.end();
      expect((await direct.get('Lease', { namespace: NAMESPACE, name }))?.spec).toMatchObject({
        holderIdentity: '',
        leaseTransitions: 1,
      });
    });
  });
}
