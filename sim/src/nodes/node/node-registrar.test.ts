import type { Node } from '@margay/model';
import { createFakeClock, MemoryStore } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SILENT } from '../../test-support/silent-logger.ts';
import { LEASE_RENEW_MS, NODE_LEASE_NAMESPACE } from './node-lease.ts';
import { NodeRegistrar } from './node-registrar.ts';

const NODE = { name: 'node-1' };
const LEASE = { ...NODE, namespace: NODE_LEASE_NAMESPACE };

describe('NodeRegistrar', () => {
  let store: MemoryStore;
  let clock: ReturnType<typeof createFakeClock>;
  let stop: AbortController;
  let running: Promise<void>;
  let notReady: string | undefined;
  let registrar: NodeRegistrar;

  beforeEach(async () => {
    store = new MemoryStore();
    clock = createFakeClock();
    stop = new AbortController();
    notReady = undefined;
    registrar = new NodeRegistrar({
      store,
      clock,
      logger: SILENT,
      facts: () => ({
        name: NODE.name,
        address: '192.0.2.10',
        notReady,
        maxPods: 110,
        cpus: 2,
        memoryBytes: 1024,
        now: new Date(clock.nowMs()).toISOString(),
      }),
    });
    running = registrar.run(stop.signal);
    await clock.advance(0);
  });
  afterEach(async () => {
    stop.abort();
    await running;
  });

  const node = async (): Promise<Node | undefined> => await store.get('Node', NODE);
  const version = async (): Promise<string> => (await node())?.metadata.resourceVersion ?? '';
  const ready = async (): Promise<object | undefined> =>
    (await node())?.status?.conditions?.find(({ type }) => type === 'Ready');
  const renewTime = async (): Promise<string> => (await store.get('Lease', LEASE))?.spec?.renewTime ?? '';

  it('renews the lease again and again, and writes a Node that has not changed only now and then', async () => {
    expect(await ready()).toMatchObject({ status: 'True' });
    const before = await version();
    for (let beat = 0; beat < 20; beat += 1) {
      const last = await renewTime();
      await clock.advance(LEASE_RENEW_MS);
      expect(await renewTime()).not.toBe(last);
    }
    expect(await version()).toBe(before);
    await clock.advance(300_000);
    expect(await version()).not.toBe(before);
  });

  it('writes a change at once', async () => {
    notReady = 'there is no network configuration';
    registrar.update();
    await clock.advance(0);
    expect(await ready()).toMatchObject({ status: 'False', message: notReady });
  });

  it('says that it is Ready again after others gave it up', async () => {
    const conditions = [{ type: 'Ready', status: 'Unknown' }];
    await store.patch('Node', NODE, { status: { conditions } }, { subresource: 'status' });
    await clock.advance(12_000);
    expect(await ready()).toMatchObject({ status: 'True' });
  });

  it('goes on after an outage of the API, with the Node first of all', async () => {
    store.setOutage(true);
    await clock.advance(30_000);
    const conditions = [{ type: 'Ready', status: 'Unknown' }];
    store.setOutage(false);
    await store.patch('Node', NODE, { status: { conditions } }, { subresource: 'status' });
    const last = await renewTime();
    await clock.advance(2_000);
    expect(await ready()).toMatchObject({ status: 'True' });
    expect(await renewTime()).not.toBe(last);
  });

  it('does not wait for an answer that never comes', async () => {
    const { patch } = store;
    store.patch = () => new Promise(() => undefined);
    await clock.advance(LEASE_RENEW_MS);
    store.patch = patch.bind(store);
    const last = await renewTime();
    await clock.advance(7_000);
    expect(await renewTime()).not.toBe(last);
  });
});
