import { describe, expect, it } from 'vitest';
import { KeyedLock } from './keyed-lock.ts';

describe('KeyedLock', () => {
  it('runs tasks of one key in turn, of others at once', async () => {
    const lock = new KeyedLock();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = lock.run(['b'], async () => {
      await gate.promise;
      order.push('first');
    });
    const second = lock.run(['a', 'b'], async () => void order.push('second'));
    const third = lock.run(['c'], async () => void order.push('third'));
    await third;
    gate.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(['third', 'first', 'second']);
  });

  it('lets the next one in after a failure', async () => {
    const lock = new KeyedLock();
    await expect(lock.run(['a'], () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await lock.run(['a'], () => Promise.resolve('in'))).toBe('in');
  });

  it('never waits in a circle', async () => {
    const lock = new KeyedLock();
    const results = Array.from({ length: 20 }, (_, index) =>
      lock.run(index % 2 === 0 ? ['a', 'b'] : ['b', 'a'], () => Promise.resolve(index)),
    );
    expect(await Promise.all(results)).toHaveLength(20);
  });
});
