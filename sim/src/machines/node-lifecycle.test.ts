import { createFakeClock, MemoryStore } from '@margay/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClusterView } from '../cluster/cluster-view.ts';
import { NODE_LEASE_NAMESPACE } from '../nodes/node/node-lease.ts';
import { SILENT } from '../test-support/silent-logger.ts';
import { defaultTopology } from '../topology/default-topology.ts';
import type { NodeSpec } from '../topology/types.ts';
import { LOST_POD_GRACE_MS } from './lost-pods.ts';
import type { Machine } from './machine.ts';
import { followNodes, type Machines } from './node-lifecycle.ts';

const topology = defaultTopology({ nodes: 1, podsPerNode: 0, mode: 'direct' });

/** Machines that are names alone. */
class NamedMachines implements Machines {
  readonly #specs = new Map<string, NodeSpec>();

  topology(): typeof topology {
    return { ...topology, nodes: [...this.#specs.values()] };
  }

  get(node: string): Machine | undefined {
    const spec = this.#specs.get(node);
    return spec && { node, sharedDirectory: '', mountFd: -1, hostFd: -1, netNamespace: '' };
  }

  awaits(node: string): boolean {
    return this.#specs.has(node);
  }

  add(spec: NodeSpec): Promise<void> {
    this.#specs.set(spec.name, spec);
    return Promise.resolve();
  }

  remove(node: string): Promise<void> {
    this.#specs.delete(node);
    return Promise.resolve();
  }
}

describe('followNodes', () => {
  const store = new MemoryStore();
  const clock = createFakeClock();
  const machines = new NamedMachines();
  let stop: AbortController;
  let done: Promise<unknown>;

  beforeEach(() => {
    stop = new AbortController();
    const { signal } = stop;
    const view = createClusterView({ store, clock, logger: SILENT });
    const lifecycle = followNodes({ machines, view, store, clock, logger: SILENT, signal });
    done = Promise.all([view.run(signal), lifecycle.done]);
  });
  afterEach(async () => {
    stop.abort();
    await done;
  });

  const bind = async (name: string, nodeName: string): Promise<void> => {
    await store.create('Pod', { metadata: { name, namespace: 'default' }, spec: { nodeName } });
  };
  const pods = async (): Promise<string[]> => (await store.list('Pod')).items.map(({ metadata }) => metadata.name);

  it('removes a pod whose node never was, deleted or not, after the grace period', async () => {
    await bind('lost', 'nowhere');
    await bind('deleted', 'nowhere');
    await store.delete('Pod', { name: 'deleted', namespace: 'default' });
    await clock.advance(LOST_POD_GRACE_MS - 1);
    expect(await pods()).toEqual(['lost', 'deleted']);
    await clock.advance(1);
    await expect.poll(pods).toEqual([]);
  });

  it('takes a deleted Node’s machine away, and with it its pods and its lease', async () => {
    await store.create('Node', { metadata: { name: 'late' } });
    await expect.poll(() => machines.get('late')).toBeDefined();
    await store.create('Lease', { metadata: { name: 'late', namespace: NODE_LEASE_NAMESPACE } });
    await bind('on-late', 'late');
    await clock.advance(LOST_POD_GRACE_MS * 2);
    expect(await pods()).toEqual(['on-late']);
    await store.delete('Node', { name: 'late' });
    await expect.poll(pods).toEqual([]);
    expect(machines.get('late')).toBeUndefined();
    expect((await store.list('Lease')).items).toEqual([]);
  });
});
