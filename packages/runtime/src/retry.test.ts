import type { Logger } from '@margay/ports';
import { createFakeClock } from '@margay/testkit';
import { describe, expect, it } from 'vitest';
import { createBackoff, createTrigger, keepTrying, retry } from './index.ts';

const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => quiet,
};

describe('createBackoff', () => {
  it('doubles up to its limit, between half of the step and all of it', () => {
    const high = createBackoff({ initialMs: 100, maxMs: 400, random: () => 0.999_999 });
    expect([1, 2, 3, 4].map(() => Math.round(high.nextMs()))).toEqual([100, 200, 400, 400]);
    const low = createBackoff({ initialMs: 100, maxMs: 400, random: () => 0 });
    expect([1, 2, 3, 4].map(() => low.nextMs())).toEqual([50, 100, 200, 200]);
    low.reset();
    expect(low.nextMs()).toBe(50);
  });
});

describe('retry', () => {
  it('calls again after each pause until it succeeds', async () => {
    const clock = createFakeClock();
    let calls = 0;
    const action = async (): Promise<number> => {
      calls++;
      if (calls < 3) throw new Error('not yet');
      return calls;
    };
    const { signal } = new AbortController();
    const result = retry(action, { clock, signal, initialMs: 100, random: () => 0 });
    await clock.waitForSleepers(1);
    expect(calls).toBe(1);
    await clock.advance(50);
    expect(calls).toBe(2);
    await clock.advance(100);
    expect(await result).toBe(3);
  });

  it('throws an error that must not be retried, the last one, and the reason of an abort', async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const fail = (): Promise<never> => Promise.reject(new Error('broken'));
    const options = { clock, signal: controller.signal };
    await expect(retry(fail, { ...options, shouldRetry: () => false })).rejects.toThrow('broken');
    await expect(retry(fail, { ...options, attempts: 1 })).rejects.toThrow('broken');
    const endless = retry(fail, options);
    await clock.waitForSleepers(1);
    controller.abort(new Error('enough'));
    await expect(endless).rejects.toThrow('enough');
  });
});

describe('keepTrying', () => {
  it('calls again after failures and returns, and resolves on abort', async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    let calls = 0;
    const loop = async (): Promise<void> => {
      calls++;
      if (calls === 1) throw new Error('broken');
    };
    const done = keepTrying(loop, { name: 'loop', clock, logger: quiet, signal: controller.signal });
    await clock.waitForSleepers(1);
    await clock.advance(100);
    expect(calls).toBe(2);
    controller.abort();
    await done;
    expect(clock.sleepers()).toBe(0);
  });
});

describe('createTrigger', () => {
  it('counts any number of fires as one, also before the wait', async () => {
    const trigger = createTrigger();
    const { signal } = new AbortController();
    trigger.fire();
    trigger.fire();
    await trigger.wait(signal);
    let woken = false;
    const second = trigger.wait(signal).then(() => {
      woken = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(woken).toBe(false);
    trigger.fire();
    await second;
    expect(woken).toBe(true);
  });

  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController();
    const waiting = createTrigger().wait(controller.signal);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
