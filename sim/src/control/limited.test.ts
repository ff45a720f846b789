import { describe, expect, it, vi } from 'vitest';
import { runLimited } from './limited.ts';

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('runLimited', () => {
  it('yields every result once, and never has more under way than allowed', async () => {
    let underWay = 0;
    let most = 0;
    const task = async (item: number): Promise<number> => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return item * 2;
    };
    const items = Array.from({ length: 50 }, (_, index) => index);
    const results = await collect(runLimited(items, task, { parallel: 4, patienceMs: 60_000, atMost: 4 }));
    expect(results.toSorted((a, b) => a - b)).toEqual(items.map((item) => item * 2));
    expect(most).toBe(4);
  });

  it('goes on while slow tasks wait, up to the limit', async () => {
    const blocked: (() => void)[] = [];
    const started: number[] = [];
    const task = (item: number): Promise<number> => {
      started.push(item);
      return new Promise((resolve) => blocked.push(() => resolve(item)));
    };
    const results = collect(runLimited([1, 2, 3, 4], task, { parallel: 1, patienceMs: 1, atMost: 3 }));
    await vi.waitFor(() => expect(started).toEqual([1, 2, 3]));
    for (const finish of blocked.splice(0)) finish();
    await vi.waitFor(() => expect(started).toEqual([1, 2, 3, 4]));
    for (const finish of blocked.splice(0)) finish();
    expect((await results).toSorted()).toEqual([1, 2, 3, 4]);
  });

  it('throws the first failure and starts nothing more', async () => {
    const started: number[] = [];
    const task = async (item: number): Promise<number> => {
      started.push(item);
      throw new Error(`no ${item}`);
    };
    const run = collect(runLimited([1, 2, 3], task, { parallel: 1, patienceMs: 60_000, atMost: 1 }));
    await expect(run).rejects.toThrow('no 1');
    expect(started).toEqual([1]);
  });
});
