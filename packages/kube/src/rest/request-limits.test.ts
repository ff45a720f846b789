import { createFakeClock, type FakeClock } from '@margay/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { RequestLimits } from './request-limits.ts';

let clock: FakeClock;
let limits: RequestLimits;
const never = new AbortController().signal;

beforeEach(() => {
  clock = createFakeClock();
  limits = new RequestLimits({ qps: 10, burst: 5, concurrency: 2, clock });
});

describe('RequestLimits', () => {
  it('lets a burst go at once, and then so many a second', async () => {
    let sent = 0;
    for (let count = 0; count < 30; count++) void limits.take(never).then(() => sent++);
    await clock.advance(0);
    expect(sent).toBe(5);
    await clock.advance(1_000);
    expect(sent).toBe(15);
  });

  it('has a whole burst again after a quiet time, and not more', async () => {
    for (let count = 0; count < 5; count++) await limits.take(never);
    await clock.advance(60_000);
    let sent = 0;
    for (let count = 0; count < 30; count++) void limits.take(never).then(() => sent++);
    await clock.advance(0);
    expect(sent).toBe(5);
  });

  it('has only so many under way, in the order in which they came', async () => {
    const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
    const begun: number[] = [];
    const all = gates.map((gate, index) =>
      limits.run(async () => {
        begun.push(index);
        await gate.promise;
      }, never),
    );
    await clock.advance(0);
    expect(begun).toEqual([0, 1]);
    gates[1]?.reject(new Error('failed'));
    await expect(all[1]).rejects.toThrow('failed');
    await clock.advance(0);
    expect(begun).toEqual([0, 1, 2]);
    for (const gate of gates) gate.resolve();
    await Promise.allSettled(all);
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('lets go who no longer waits, and the next takes the place', async () => {
    const gate = Promise.withResolvers<void>();
    const running = [1, 2].map(() => limits.run(() => gate.promise, never));
    const leaving = new AbortController();
    const left = limits.run(async () => 'sent', leaving.signal);
    const next = limits.run(async () => 'sent', never);
    leaving.abort(new Error('no longer'));
    await expect(left).rejects.toThrow('no longer');
    gate.resolve();
    await Promise.all(running);
    expect(await next).toBe('sent');
  });

  it('gives the place back when the wait for a turn is ended', async () => {
    for (let count = 0; count < 5; count++) await limits.take(never);
    const leaving = new AbortController();
    const left = [1, 2].map(() => limits.run(async () => 'sent', leaving.signal));
    await clock.advance(0);
    leaving.abort(new Error('no longer'));
    await Promise.allSettled(left);
    const next = limits.run(async () => 'sent', never);
    await clock.advance(1_000);
    expect(await next).toBe('sent');
  });
});
