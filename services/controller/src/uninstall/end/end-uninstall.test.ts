import { createFakeClock, type FakeClock } from '@margay/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { DeleteHow } from '../api-objects.ts';
import { hookPaths } from '../hook-objects.ts';
import { endUninstall } from './end-uninstall.ts';

const NAMESPACE = 'margay-system';
const { running, rest } = hookPaths(NAMESPACE);
const [JOB = '', DAEMON_SET = ''] = running;

let clock: FakeClock;
let printed: string;
let there: Map<string, { readonly endsAfterMs: number; deletedMs?: number }>;
/** In the order of the requests that did something. */
let deleted: string[];
let refusals: number;

beforeEach(() => {
  clock = createFakeClock();
  printed = '';
  there = new Map();
  deleted = [];
  refusals = 0;
});

/** An API in which what runs is gone some time after it was deleted in the foreground. */
const objects = {
  async get(path: string) {
    refuse();
    const found = there.get(path);
    if (found?.deletedMs !== undefined && clock.monotonicMs() - found.deletedMs >= found.endsAfterMs)
      there.delete(path);
    if (!there.has(path)) return undefined;
    return { apiVersion: 'v1', kind: 'Any', metadata: { name: 'any', uid: 'any' } };
  },
  async delete(path: string, { propagation }: DeleteHow = {}) {
    refuse();
    const found = there.get(path);
    if (!found) return false;
    deleted.push(path);
    if (propagation === 'foreground') found.deletedMs ??= clock.monotonicMs();
    else there.delete(path);
    return true;
  },
};

function refuse(): void {
  if (refusals > 0) {
    refusals--;
    throw new Error('not yet');
  }
}

async function end(): Promise<void> {
  const print = (text: string): void => {
    printed += text;
  };
  const ending = endUninstall({ objects, namespace: NAMESPACE, timeoutMs: 30_000, clock, print });
  let isOver = false;
  ending.then(
    () => (isOver = true),
    () => (isOver = true),
  );
  for (;;) {
    await new Promise(setImmediate);
    if (isOver) break;
    await clock.advance(250);
  }
  await ending;
}

describe('endUninstall', () => {
  it('says nothing when there is nothing to end', async () => {
    await end();
    expect([printed, deleted]).toEqual(['', []]);
  });

  it('ends what waits before what cleans, waits for their pods, then takes the accounts', async () => {
    for (const path of running) there.set(path, { endsAfterMs: 2_000 });
    for (const path of rest) there.set(path, { endsAfterMs: 0 });
    const startedMs = clock.monotonicMs();
    await end();
    expect(deleted).toEqual([JOB, DAEMON_SET, ...rest]);
    expect(there.size).toBe(0);
    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(4_000);
    expect(printed).toMatch(
      /^Ended an uninstall that was still under way: jobs\/margay-uninstall-wait, daemonsets\/margay-uninstall, .*clusterrolebindings\/margay-uninstall-wait\.\n$/,
    );
  });

  it('goes on without a pod that does not end, and says so', async () => {
    there.set(DAEMON_SET, { endsAfterMs: Number.POSITIVE_INFINITY });
    for (const path of rest) there.set(path, { endsAfterMs: 0 });
    await end();
    expect([...there.keys()]).toEqual([DAEMON_SET]);
    expect(printed).toContain('; pods of daemonsets/margay-uninstall have not ended yet.');
  });

  it('outlives refusals, since rights take a moment to be known', async () => {
    there.set(JOB, { endsAfterMs: 0 });
    refusals = 5;
    await end();
    expect(there.size).toBe(0);
  });

  it('fails when they do not end', async () => {
    refusals = Number.POSITIVE_INFINITY;
    await expect(end()).rejects.toThrow('not yet');
  });
});
