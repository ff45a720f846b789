import type { FeedChanges, FeedEntry } from '@margay/feed-core';
import { PolicyCompiler } from '@margay/policy-core';
import { describe, expect, it } from 'vitest';
import { PolicyViews } from '../src/views/policy-views.ts';
import { MAX_BATCH_ENTRIES, viewBatches } from '../src/views/view-batches.ts';
import { Watcher } from '../src/views/watcher.ts';

const endpoint = (pod: string): FeedEntry => ({ kind: 'endpoint', namespace: 'shop', pod, uid: pod });

const step = (...pods: string[]): FeedChanges => ({
  spans: [],
  upserts: pods.map((pod) => ({ scope: 'node:node-1', entry: endpoint(pod) })),
  removes: [],
});

const neverAborts = (): AbortSignal => new AbortController().signal;

function addPod(compiler: PolicyCompiler, name: string): void {
  compiler.upsertPod({ metadata: { name, namespace: 'shop', uid: name }, spec: { nodeName: 'node-1' } });
}

describe('PolicyViews', () => {
  it('tells many changes as one step', async () => {
    const compiler = new PolicyCompiler();
    const views = new PolicyViews({ compiler });
    views.open();
    const { snapshot, watcher } = views.subscribe();
    expect(snapshot).toEqual(step());
    for (const name of ['a', 'b', 'c']) addPod(compiler, name);
    views.flush();
    views.flush();
    addPod(compiler, 'd');
    views.flush();
    const steps = watcher.steps(neverAborts());
    expect((await steps.next()).value).toEqual(step('a', 'b', 'c'));
    expect((await steps.next()).value).toEqual(step('d'));
  });

  it('puts what is pending into the snapshot of a new watcher and into a step of the old one, once each', async () => {
    const compiler = new PolicyCompiler();
    const views = new PolicyViews({ compiler });
    views.open();
    const old = views.subscribe();
    addPod(compiler, 'a');
    const fresh = views.subscribe();
    expect(fresh.snapshot).toEqual(step('a'));
    addPod(compiler, 'b');
    views.flush();
    const fromOld = old.watcher.steps(neverAborts());
    expect([(await fromOld.next()).value, (await fromOld.next()).value]).toEqual([step('a'), step('b')]);
    expect((await fresh.watcher.steps(neverAborts()).next()).value).toEqual(step('b'));
  });

  it('takes no watcher before it is open, nor after it is closed', () => {
    const views = new PolicyViews({ compiler: new PolicyCompiler() });
    expect(() => views.subscribe()).toThrow('has not read the whole cluster');
    views.open();
    const { watcher } = views.subscribe();
    views.close();
    expect(watcher.over.aborted).toBe(true);
    expect(() => views.subscribe()).toThrow();
  });
});

describe('Watcher', () => {
  it('ends when too many changes wait in several steps', async () => {
    const watcher = new Watcher({ maxWaiting: 3 });
    watcher.push(step('a', 'b'));
    expect(watcher.over.aborted).toBe(false);
    watcher.push(step('c', 'd'));
    expect(watcher.over.reason).toMatchObject({ status: 'ABORTED' });
    await expect(watcher.steps(neverAborts()).next()).rejects.toMatchObject({ status: 'ABORTED' });
  });

  it('takes one step of any size, and more once that is read', async () => {
    const watcher = new Watcher({ maxWaiting: 3 });
    watcher.push(step('a', 'b', 'c', 'd', 'e'));
    const steps = watcher.steps(neverAborts());
    await steps.next();
    watcher.push(step('f'));
    watcher.push(step('g'));
    expect((await steps.next()).value).toEqual(step('f'));
    expect(watcher.over.aborted).toBe(false);
  });
});

describe('viewBatches', () => {
  it('keeps every part, in order, in messages of bounded size', () => {
    const pods = Array.from({ length: 2 * MAX_BATCH_ENTRIES + 1 }, (_, index) => `pod-${index}`);
    const spans = [{ scope: 'set:s' as const, add: pods, remove: [] }];
    const removes = ['endpoint/shop/x', 'endpoint/shop/y'];
    const batches = [...viewBatches({ ...step(...pods), spans, removes }, { snapshot: false })];
    expect(batches.map(({ complete }) => complete)).toEqual([false, false, true]);
    expect(batches.flatMap((batch) => batch.spans)).toEqual(spans);
    expect(batches.flatMap(({ upserts }) => upserts)).toEqual(step(...pods).upserts);
    expect(batches.flatMap((batch) => batch.removes)).toEqual(removes);
    for (const { spans: some, upserts, removes: gone } of batches) {
      expect(some.length + upserts.length + gone.length).toBeLessThanOrEqual(MAX_BATCH_ENTRIES);
    }
  });
});
